"""The engine under drawn troubles: a little of what ``make simulate`` tries, and whatever it has once found."""

from collections import Counter
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from jobs.catalogue import JOBS
from tests.simulation.mutants import MUTANTS
from tests.simulation.plans import Plan, Trouble, drawn
from tests.simulation.registers import START
from tests.simulation.run import Run
from tests.simulation.search import found_by, hunted, kept
from tests.simulation.shrinking import shrunk

SEEDS, TOGETHER = 6, 3
ONE, ANOTHER = 4, 5
BERLIN = ZoneInfo("Europe/Berlin")
#: Those that the first seed finds.
QUICK = (
    "settle without token", "raise in two transactions", "now + delay", "roll later", "429 drops",
    "every missed step raised", "no check before the write", "accepted before the send",
)  # fmt: skip


@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
def test_every_invariant_holds(first):
    found = [str(one) for seed in range(first, first + TOGETHER) if (one := found_by(drawn(seed)))]
    assert found == []


@pytest.mark.parametrize("name", kept())
def test_what_was_once_found_is_mended(name):
    assert found_by(kept()[name]) is None


def test_the_same_plan_is_the_same_run_to_the_last_byte():
    assert _told_by(Run(drawn(ONE))) == _told(ONE)


def test_what_jobs_are_not_asked_again_changes_nothing():
    asked = Run(drawn(ONE))
    asked.remembering.jobs = JOBS
    assert _told_by(asked) == _told(ONE)


def test_another_plan_is_another_run():
    assert _told(ONE) != _told(ANOTHER)


def test_without_trouble_each_message_is_taken_once_and_at_its_hour():
    run = Run(Plan("mixed", 2))
    assert run.outcome() is None
    taken = [one for channel in run.channels.values() for one in channel.taken]
    assert Counter(one.delivery_id for one in taken).most_common(1)[0][1] == 1
    steps = [row for row in run.oracle.rows.deliveries.values() if row.kind == "step"]
    assert {row.state for row in steps} == {"accepted", "bundled"}


def test_a_crash_between_the_effect_and_the_answer_is_looked_up():
    """The road of K1: taken, the sender gone, swept, quarantined, found; and nothing is there twice."""
    run = Run(Plan("stern", 1, (Trouble("written/after", 1, "crash"),)))
    assert run.outcome() is None
    assert run.reached_points["swept/after"] == 1
    found = run.oracle.reader.ask("SELECT result FROM attempts WHERE action='find' ORDER BY result")
    assert found == [("found",)]  # the one that was taken; another that was only claimed with it is in no doubt


@pytest.mark.parametrize(
    ("acts", "comes_about"),
    [
        (["take_in", "take_in"], ["AgreementRegistered", "AgreementAmended"]),
        (["pin"], ["MilestonePinned"]),
        (["holiday", "open_again", "accept"], ["CalendarChanged", "CalendarChanged", "MoveAccepted"]),
        (["duty", "postpone"], ["ObligationAdded", "ObligationAmended"]),
    ],
)
def test_what_people_do_comes_about(acts, comes_about):
    """An act that is refused changes nothing: one that always is would try nothing."""
    troubles = (Trouble("minute", 3000 + 3 * number, what, 16 + 3 * number) for number, what in enumerate(acts))
    run = Run(Plan("brisk", 1, tuple(troubles)))
    assert run.outcome() is None
    with run.people.monitor.look() as work:
        told = [event["type"] for event in work.log.all() if event["at"][:19] > f"{START:%FT%T}"]
    assert [one for one in told if one in comes_about] == comes_about


def test_messages_leave_at_the_hour_of_the_last_start():
    run = Run(Plan("brisk", 1, (Trouble("minute", 60, "hour", 0),)))
    assert run.outcome() is None
    taken = [one.at for channel in run.channels.values() for one in channel.taken if "step" in one.frozen.subject]
    assert {f"{one.astimezone(BERLIN):%H:%M}" for one in taken} == {"07:00"}


@pytest.mark.parametrize("mutant", QUICK)
def test_a_wrong_engine_is_found(mutant):
    assert hunted(mutant, seeds=5).seed is not None


def test_a_plan_that_fails_is_made_as_short_as_can_be():
    lost_late = (Trouble("send/slack", 1, "lag", 90), Trouble("send/email", 2, "later", 30))
    plan = Plan("brisk", 2, (*lost_late, Trouble("minute", 60, "sleep", 60), Trouble("raised/before", 2, "crash")))
    mutant = MUTANTS["quarantine 0 under lag"]
    name = Run(plan, mutant).outcome().name
    assert name == "I2"
    assert shrunk(plan, name, mutant) == Plan("brisk", 1, lost_late[:1])


@cache
def _told(seed):
    return _told_by(Run(drawn(seed)))


def _told_by(run):
    assert run.outcome() is None
    return [one for channel in run.channels.values() for one in channel.taken], run.oracle.rows
