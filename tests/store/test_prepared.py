"""What is said to the driver itself reads and writes the same as what goes the general way."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Boolean, Column, Date, Integer, MetaData, String, Table, bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.prepared import Prepared, PreparedAmong, PreparedWrite
from store.types import Instant
from tests.support.databases import fresh

things = Table(
    "things",
    MetaData(),
    Column("id", String(8), primary_key=True),
    Column("number", Integer),
    Column("is_good", Boolean, nullable=False),
    Column("on", Date),
    Column("at", Instant),
)
AT = datetime(2026, 3, 29, 1, 30, 0, 17, tzinfo=UTC)
ROWS = [
    {"id": "a", "number": 1, "is_good": True, "on": date(2026, 12, 1), "at": AT},
    {"id": "b", "number": None, "is_good": False, "on": None, "at": None},
    {"id": "c", "number": 3, "is_good": True, "on": date(1999, 2, 28), "at": AT},
]
ALL = select(things).order_by(things.c.id)


@pytest.fixture
def connection():
    database = fresh()
    with database.writing() as open_one:
        things.create(open_one)
        PreparedWrite(insert(things)).send(open_one, ROWS)
        yield open_one
        things.drop(open_one)


def test_rows_come_back_as_the_general_way_gives_them(connection):
    assert [row._asdict() for row in Prepared(ALL).ask(connection)] == ROWS
    assert Prepared(ALL).ask(connection).all() == connection.execute(ALL).all()


def test_what_a_statement_is_compared_with_is_converted_too(connection):
    since = Prepared(ALL.where(things.c.at >= bindparam("since"), things.c.is_good.is_(True)))
    assert [row.id for row in since.ask(connection, {"since": AT})] == ["a", "c"]


@pytest.mark.parametrize("wanted", [[], ["a"], ["c", "a"], ["a", "b", "c"], ["nobody"], ["a"] * 600 + ["b"]])
def test_a_question_among_values_answers_for_each_of_them(connection, wanted):
    found = {row.id for row in PreparedAmong(ALL, things.c.id).ask(connection, wanted)}
    assert found == set(wanted) - {"nobody"}


def test_a_change_is_made_to_each_row_that_is_named(connection):
    marked = update(things).where(things.c.id == bindparam("wanted")).values(at=bindparam("new_at"), is_good=False)
    PreparedWrite(marked).send(connection, [{"wanted": "b", "new_at": AT}, {"wanted": "c", "new_at": None}])
    found = {row.id: (row.at, row.is_good) for row in connection.execute(ALL)}
    assert found == {"a": (AT, True), "b": (AT, False), "c": (None, False)}


def test_a_listener_hears_every_statement(connection):
    heard = []

    def hear(*said):
        heard.append(said[2].split()[0])

    event.listen(connection.engine, "before_cursor_execute", hear)
    Prepared(ALL).ask(connection).all()
    PreparedWrite(update(things).values(number=bindparam("new"))).send(connection, [{"new": 7}])
    event.remove(connection.engine, "before_cursor_execute", hear)
    assert heard == ["SELECT", "UPDATE"]


def test_what_the_database_refuses_is_told_as_the_general_way_tells_it(connection):
    again = PreparedWrite(insert(things))
    with pytest.raises(IntegrityError), connection.begin_nested():
        again.send(connection, ROWS[:1])
