"""A register that is copied is the same register, whichever kind of database it lies in."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from lifecycle.events import PersonAdded
from lifecycle.people import Person
from store.copying import TargetNotEmpty, copy_register
from store.database import open_database
from store.errors import ChainBroken
from store.migrate import upgrade
from store.schema import instances, leases, metadata
from tests.support.databases import fresh, nothing, unguard
from tests.support.register import NOW, OLGA, Register, delivery, milestone


def rows(database):
    with database.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table not in {leases, instances}
        }


@pytest.fixture
def register():
    made = Register().with_acme()
    with made.work() as work:
        work.people.add(Person(id="p-ada", email="ada@example.com", name="Ada"))
        work.people.add(Person(id="p-abe", email="abe@example.com", name="Abe", manager_id=OLGA.id))
        work.milestones.add([milestone()])
        work.milestones.note_raised(
            [{"milestone_id": "m-1", "safe_on": milestone().safe_on, "stage": "-7d", "step": 0, "repeat": 0, "at": NOW}]
        )
        work.deliveries.add([(delivery(), None)])
        for token in ("t-1", "t-2"):
            work.deliveries.note_attempt(
                delivery_id="d-1", token=token, action="send", at=NOW, result="in_doubt", why=""
            )
        work.keeping.take_lease("scheduler", holder="here", now=NOW, until=NOW + timedelta(seconds=60))
        work.record(PersonAdded(person_id="p-abe"))
    yield made
    made.database.close()


@contextmanager
def another(kind="same"):
    database = nothing() if kind == "same" else open_database("sqlite://")
    upgrade(database)
    yield database
    database.close()


@pytest.mark.parametrize("kind", ["same", "sqlite"])
def test_every_row_is_there_and_nothing_else(register, kind):
    with another(kind) as target:
        copied = copy_register(register.database, target)
        assert rows(target) == rows(register.database)
        assert copied == {name: len(found) for name, found in rows(target).items()}
        assert copied["people"] == 3


def test_there_and_back_is_the_same(register):
    with another("sqlite") as target, another() as back:
        copy_register(register.database, target)
        copy_register(target, back)
        assert rows(back) == rows(register.database)


def test_numbers_go_on_in_the_copy(register):
    with another() as target:
        copy_register(register.database, target)
        copy = Register.__new__(Register)
        copy.database = target
        with copy.work() as work:
            work.deliveries.note_attempt(
                delivery_id="d-1", token="t-3", action="send", at=NOW, result="accepted", why=""
            )
            work.record(PersonAdded(person_id="p-ada"))
        with copy.work() as work:
            assert [row.token for row in work.deliveries.attempts_of("d-1")] == ["t-1", "t-2", "t-3"]
            assert work.log.verify() == 2


def test_who_is_at_work_is_not_copied(register):
    with another() as target:
        copy_register(register.database, target)
        with target.reading() as connection:
            assert connection.execute(select(leases)).all() == []


def test_a_register_is_never_copied_over_another(register):
    target = fresh()
    before = rows(target)
    with target.writing() as connection:
        connection.execute(metadata.tables["meta"].insert().values(name="instance", value="x"))
    with pytest.raises(TargetNotEmpty, match="meta"):
        copy_register(register.database, target)
    assert rows(target)["chain"] == before["chain"]


def test_a_log_that_was_rewritten_is_not_copied(register):
    with register.database.writing() as connection:
        unguard(connection, "events")
        connection.exec_driver_sql("UPDATE events SET actor = 'nobody'")
    with another() as target:
        with pytest.raises(ChainBroken):
            copy_register(register.database, target, verify=True)
        assert rows(target)["people"] == []
