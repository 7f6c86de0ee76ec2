"""An option that is exercised after its last safe day is taken, and said to be late by which rule."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.documents.changes import change_document
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Period
from notifiers.wording import late_option_words
from tests.support.agreements import BY_OPTION, provided
from web.agreements.terms import remarks

RULE = "(at least 56 days before the last day, by either side (cl. 12.3))"


def optional(world):
    """It ends on 31 January 2027; the notice has to count by Sun 6 December 2026, or the day before."""
    known = provided(renewal=BY_OPTION, notice_days=56)
    (notice,) = known.notices
    notices = (replace(notice, at_least=True, clause=Clause("12.3")),)
    world.agreement(provisions=replace(known, notices=notices), rules="us-contract", calendar="SAT_SUN")


def renewed(world, on):
    world.live_until(f"{on}T10:00")
    world.expect(*world.unexpected)
    with world.monitor.work() as work:
        known = ops.renew(work, work.agreements.find("ACME-7"), lasting=Period(months=12))
        return change_document(work, known, "renewed", is_dry_run=False)["remarks"]


def told(world):
    with world.monitor.look() as work:
        known = work.agreements.find("ACME-7")
        rows = work.milestones.of(known.id)
        return late_option_words(known, rows), [text for text, _ in remarks(known, rows)]


@pytest.mark.parametrize(
    ("on", "why"),
    [
        ("2026-12-05", "They may say that it came too late unless it counted by Sun 6 Dec 2026."),
        (
            "2026-12-07",
            "By the ordinary reading it had to count by Sun 6 Dec 2026: they may say that it came too late.",
        ),
        ("2026-12-08", "By every reading that is too late: they may say that it has lapsed."),
    ],
)
def test_it_is_said_wherever_the_renewal_is(world, on, why):
    optional(world)
    spoken = f"{date.fromisoformat(on):%a} {date.fromisoformat(on).day} Dec 2026"
    late = f"The option was exercised on {spoken}, after its last safe day, Fri 4 Dec 2026 {RULE}. {why}"
    assert renewed(world, on) == [late]
    assert told(world) == (late, [late])


def test_one_in_time_is_not_remarked_nor_one_whose_notice_was_recorded_before(world):
    optional(world)
    assert renewed(world, "2026-12-04") == []
    assert told(world) == ("", [])


def test_what_was_done_in_time_and_renewed_later_was_in_time(world):
    optional(world)
    world.live_until("2026-12-01T10:00")
    world.expect(*world.unexpected)
    world.say(ops.done, "ACME-7 option", evidence="registered letter")
    assert renewed(world, "2027-01-05") == []
