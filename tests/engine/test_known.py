"""What was known on a past day is what was known at its end, also where time alone had changed it."""

from datetime import UTC, date, datetime

import pytest

from cli.tables_of_agreements import key_dates_on
from engine import operations as ops
from engine.evidence_pack.standing import Standing, earlier, milestones_known
from engine.known import end_of, known_on
from lifecycle.agreements.status import Status
from lifecycle.terms.provisions import Provisions
from tests.support.agreements import NEVER
from tests.support.world import staffed


@pytest.fixture(scope="module")
def world():
    """Signed, in force three days later, done, amended, over: told of on the day after."""
    made = staffed()
    made.agreement("A-1", effective_on="2026-01-08", end="2026-01-20", renewal=NEVER)
    made.agreement("A-2", end="2027-02-27")
    made.live_until("2026-01-13T10:00")
    made.say(ops.done, "A-2 notice", evidence="Their letter")
    made.live_until("2026-01-14T10:00")
    made.amend("A-2", title="Another name")
    made.agreement("A-3", end="2027-02-27")
    made.live_until("2026-01-15T10:00")
    made.say(ops.done, "A-3 notice", evidence="Their letter")
    made.live_until("2026-01-16T10:00")
    made.amend("A-3", provisions=Provisions(renewal=NEVER))
    made.live_until("2026-01-18T10:00")
    with made.monitor.work() as work:
        ended = next(row for row in work.milestones.of(work.agreements.find("A-3").id) if row.outcome)
        ops.reopen(work, ended.id, because="It was another letter")
    made.live_until("2026-01-23T10:00")
    made.expect(*made.unexpected)
    yield made
    made.monitor.database.close()


@pytest.mark.parametrize(
    ("day", "status"), [(7, Status.PENDING), (8, Status.IN_FORCE), (20, Status.IN_FORCE), (21, Status.ENDED)]
)
def test_time_changes_what_is_known_without_a_word_of_anybody(world, day, status):
    with world.monitor.look() as work:
        assert known_on(work, work.agreements.find("A-1"), date(2026, 1, day)).status is status


def test_before_it_was_registered_nothing_is_known(world):
    with world.monitor.look() as work:
        assert known_on(work, work.agreements.find("A-1"), date(2026, 1, 4)) is None


def test_the_key_dates_of_a_day_stand_as_they_stood_then(world):
    with world.monitor.look() as work:
        now = work.agreements.find("A-2")
        days = {on: key_dates_on(work, known_on(work, now, date(2026, 1, on)), date(2026, 1, on)) for on in (12, 13)}
    first = {on: next(row.key.cycle for row in found if row.key.kind == "notice") for on, found in days.items()}
    assert first == {12: "0", 13: "1"}, "what was done on the 13th was owed on the 12th"


@pytest.mark.parametrize(
    ("day", "state"),
    [(14, "open"), (15, "done"), (17, "done"), (18, None)],
)
def test_what_was_answered_stood_though_it_was_reopened_and_withdrawn_later(world, day, state):
    """From the 16th on no facts hold it; reopened on the 18th it is withdrawn at once."""
    with world.monitor.look() as work:
        now = work.agreements.find("A-3")
        past = earlier(work, end_of(now, date(2026, 1, day)))
        asked = Standing(from_on=date(2026, 1, day), known_at=past.now, with_readings=False)
        ((_, then),) = milestones_known(past, {now.id: known_on(work, now, date(2026, 1, day))}, asked)
    found = {(one.milestone.state.value, one.milestone.safe_on) for one in then if one.milestone.key.kind == "notice"
             and one.milestone.key.cycle == "0"}  # fmt: skip
    assert found == ({(state, date(2026, 12, 29))} if state else set())


def test_a_day_before_the_first_rules_is_read_by_the_first_rules(world):
    """A clock that was ahead when the house was made leaves rules that are younger than its agreements."""
    with world.monitor.look() as work:
        past = earlier(work, datetime(2025, 1, 1, tzinfo=UTC))
        assert past.playbooks.keys() == work.playbooks.keys()
