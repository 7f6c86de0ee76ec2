"""The permanent log: whole, in order, and never changed unseen."""

import pytest
from sqlalchemy import text

from lifecycle.events import AgreementRegistered, PersonAdded
from store.errors import ChainBroken, RowRefused
from store.events import EventLog
from tests.support.databases import unguard
from tests.support.register import Register

REGISTERED = AgreementRegistered(agreement_id="a-1", reference="ACME-7", status="in_force")


@pytest.fixture
def register() -> Register:
    register = Register()
    for person in ("p-1", "p-2", "p-3"):
        with register.work() as work:
            work.record(PersonAdded(person_id=person))
            work.record(REGISTERED)
    return register


def tampered(register: Register, statement: str) -> None:
    """As somebody who can write the file: without the guards."""
    with register.database.writing() as connection:
        unguard(connection, "events")
        connection.execute(text(statement))


def test_a_whole_chain_verifies(register):
    with register.work() as work:
        assert work.log.verify() == 6


def test_events_come_back_as_they_were(register):
    with register.work() as work:
        assert [one.event for one in work.log.after(0)][:2] == [PersonAdded(person_id="p-1"), REGISTERED]
        assert [one.position for one in work.log.of_agreement("a-1")] == [2, 4, 6]


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE events SET payload = replace(payload, 'p-2', 'p-9') WHERE position = 3", 3),
        ("UPDATE events SET actor = 'mallory' WHERE position = 4", 4),
        ("UPDATE events SET at = at + 1 WHERE position = 2", 2),
        ("DELETE FROM events WHERE position = 3", 4),
        ("DELETE FROM events WHERE position = 6", 5),
        ("UPDATE events SET prev_hash = hash WHERE position = 5", 5),
    ],
)
def test_any_change_behind_our_back_is_found_where_it_is(register, statement, position):
    tampered(register, statement)
    with register.database.reading() as connection, pytest.raises(ChainBroken) as broken:
        EventLog(connection).verify()
    assert broken.value.position in {position, position - 1}


@pytest.mark.parametrize("verb", ["UPDATE events SET actor = 'x'", "DELETE FROM events"])
def test_the_database_itself_refuses_to_change_the_log(register, verb):
    with pytest.raises(RowRefused) as refused, register.work() as work:
        work.connection.execute(text(verb))
    assert "append-only" in str(refused.value.__cause__)


def fails_after(work):
    """Something is recorded, then it breaks."""
    work.record(REGISTERED)
    raise ZeroDivisionError


def test_what_fails_leaves_no_event(register):
    with pytest.raises(ZeroDivisionError), register.work() as work:
        fails_after(work)
    with register.work() as work:
        assert work.log.verify() == 6


def test_a_savepoint_that_falls_takes_its_events_with_it(register):
    with register.work() as work:
        work.record(PersonAdded(person_id="p-4"))
        with pytest.raises(ZeroDivisionError), work.savepoint():
            fails_after(work)
        work.record(PersonAdded(person_id="p-5"))
    with register.work() as work:
        assert [one.event for one in work.log.after(6)] == [PersonAdded(person_id="p-4"), PersonAdded(person_id="p-5")]
        assert work.log.verify() == 8
