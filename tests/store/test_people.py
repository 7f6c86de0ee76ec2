"""Our own people, inside one transaction."""

import pytest

from store.errors import NotFound
from tests.support.register import OLGA, Register


def test_a_row_that_makes_no_sense_stops_nobody_who_reads_many():
    with Register().with_acme().work() as work:
        work.people.add(type(OLGA)(id="p-2", email="odd@example.com", name="Odd"))
        work.connection.exec_driver_sql("UPDATE people SET doc = '{\"teams\": 5}' WHERE id = 'p-2'")
        work.people.forget_seen()
        work.people.read([OLGA.id, "p-2"])
        assert work.people.get(OLGA.id) == OLGA
        with pytest.raises(ValueError, match="teams"):
            work.people.get("p-2")


def test_everybody_is_who_there_is_now():
    with Register().with_acme().work() as work:
        assert [one.name for one in work.people.all()] == ["Olga"]
        work.people.add(type(OLGA)(id="p-2", email="ben@example.com", name="Ben"))
        assert [one.name for one in work.people.all()] == ["Ben", "Olga"]


def test_somebody_whom_nobody_knows_is_found_as_nobody_and_refused_where_they_are_named():
    with Register().with_acme().work() as work:
        work.people.forget_seen()
        assert [work.people.find(one) for one in (OLGA.id, "p-2", None)] == [OLGA, None, None]
        with pytest.raises(NotFound):
            work.people.get("p-2")
