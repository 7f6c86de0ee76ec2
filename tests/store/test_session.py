"""New rows and changes wait and leave together, and nobody who asks can tell."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from lifecycle.milestones.milestone import Cursor, MilestoneKey, MilestoneKind, MilestoneState
from store.deliveries import Body
from store.errors import RowRefused
from store.milestones import Place
from store.schema import deliveries, milestones
from tests.support.register import ACME, NOW, Register, delivery, milestone

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def register():
    return Register().with_acme()


@pytest.fixture
def sent(register):
    """The first words of every statement that the database was sent."""
    words = []
    event.listen(
        register.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: words.append(" ".join(statement.split()[:3])),
    )
    return words


def placed(name, at=LATER, stage="-30d"):
    return Place(name, Cursor(stage, 0, 0), at, is_final=False)


def numbered(number, **changed):
    key = MilestoneKey(ACME.id, f"n{number}", MilestoneKind.NOTICE, "0")
    return milestone(id=f"m-{number}", key=key, **changed)


def names(work):
    return sorted(work.session.ask(select(milestones.c.id)).scalars())


def test_what_waits_is_one_statement_for_each_table_and_each_change(register, sent):
    with register.work() as work:
        for number in range(5):
            work.milestones.add([numbered(number)])
            work.milestones.advance([placed(f"m-{number}")])
        assert [one for one in sent if "milestones" in one] == []
    assert [one for one in sent if "milestones" in one] == ["INSERT INTO milestones", "UPDATE milestones SET"]
    with register.work() as work:
        rows = [work.milestones.get(f"m-{number}") for number in range(5)]
    assert [(one.cursor, one.next_step_at) for one in rows] == [(Cursor("-30d", 0, 0), LATER)] * 5


def test_a_question_finds_what_waits(register):
    with register.work() as work:
        work.milestones.add([milestone()])
        assert names(work) == []
        work.milestones.advance([placed("m-1")])
        assert work.milestones.get("m-1").next_step_at == LATER
        assert names(work) == ["m-1"]


def test_of_two_changes_of_a_row_the_later_one_counts(register):
    with register.work() as work:
        work.milestones.add([milestone()])
        work.milestones.advance([placed("m-1")])
        work.milestones.advance([placed("m-1", LATER + timedelta(hours=1), "-7d")])
    with register.work() as work:
        row = work.milestones.get("m-1")
    assert (row.cursor.stage, row.next_step_at) == ("-7d", LATER + timedelta(hours=1))


def test_a_part_that_fails_takes_back_the_changes_that_wait_and_no_others(register):
    with register.work() as work:
        work.milestones.add([milestone()])
        work.milestones.advance([placed("m-1")])
        with suppress(LookupError), work.savepoint():
            work.milestones.add([numbered(2)])
            work.milestones.advance([placed("m-1", LATER, "-7d"), placed("m-2")])
            raise LookupError
    with register.work() as work:
        assert names(work) == ["m-1"]
        assert work.milestones.get("m-1").cursor.stage == "-30d"


def test_a_part_that_fails_after_it_asked_takes_back_what_was_sent_and_no_more(register):
    with register.work() as work:
        work.milestones.add([milestone()])
        work.milestones.advance([placed("m-1")])
        with suppress(LookupError), work.savepoint():
            work.milestones.advance([placed("m-1", LATER, "-7d")])
            assert work.milestones.get("m-1").cursor.stage == "-7d"
            work.milestones.add([numbered(2)])
            raise LookupError
    with register.work() as work:
        assert names(work) == ["m-1"]
        assert work.milestones.get("m-1").cursor.stage == "-30d"


def test_a_part_that_succeeds_is_kept_with_what_waited_before_it(register):
    with register.work() as work:
        work.milestones.add([milestone()])
        with work.savepoint():
            work.milestones.add([numbered(2)])
            assert work.milestones.get("m-2").id == "m-2"
            work.milestones.advance([placed("m-2")])
        work.milestones.advance([placed("m-1")])
    with register.work() as work:
        assert [work.milestones.get(name).next_step_at for name in ("m-1", "m-2")] == [LATER, LATER]


def test_what_the_database_refuses_at_the_end_leaves_nothing(register):
    with pytest.raises(RowRefused), register.work() as work:
        work.milestones.add([numbered(2), milestone(state=MilestoneState.ACKNOWLEDGED)])
    with register.work() as work:
        assert names(work) == []


def test_of_messages_with_one_name_the_first_is_kept_also_among_many(register):
    many = [delivery(id=f"d-{number}", dedupe_key=f"key-{number % 700}") for number in range(1400)]
    with register.work() as work:
        work.deliveries.add([(delivery(id="before", dedupe_key="key-3"), None)])
        kept = work.deliveries.add([(one, Body("s", "text/plain", one.id.encode())) for one in many])
        assert kept == {f"d-{number}" for number in range(700) if number != 3}
    with register.work() as work:
        assert work.session.execute(select(func.count()).select_from(deliveries)).scalar_one() == 700
        assert work.deliveries.body("d-699").body == b"d-699"
        assert [work.deliveries.body(name) for name in ("d-3", "d-703", "before")] == [None] * 3


@pytest.mark.parametrize(
    "asleep",
    [
        {},
        {"state": MilestoneState.ACKNOWLEDGED, "acknowledged_until_at": NOW},
        {"state": MilestoneState.SNOOZED, "snoozed_until_at": NOW, "snooze_limit_at": NOW},
    ],
)
def test_what_made_trouble_is_looked_at_later_whatever_its_state(register, asleep):
    with register.work() as work:
        work.milestones.add([milestone(**asleep)])
        work.milestones.postpone(["m-1"], LATER)
        row = work.milestones.get("m-1")
    until = {name: LATER for name in asleep if name.endswith("_at")}
    assert row == milestone(**{**asleep, **until, "next_step_at": LATER})
