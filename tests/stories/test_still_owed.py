"""The end of an agreement ends what is owed under it, but not what is still to be paid or outlives it."""

from datetime import date

import pytest

from engine import operations as ops
from lifecycle.days.dates import Period
from lifecycle.obligations.duties import Direction, Obligation, ObligationKind, Offset, OffsetFrom
from tests.support.agreements import BY_AGREEMENT, BY_OPTION, NEVER, every, once, provided

AFTER = Obligation(
    id="o5", kind=ObligationKind.DUTY, name="Report", due=Offset(Period(days=60), Direction.AFTER, OffsetFrom.LAST_DAY)
)
DUTIES = (
    every("training", "Handbook", 12, since="2026-04-01", id="o1"),
    every("audit", "Audit after the end", 12, since="2026-10-01", id="o2", continues=Period(years=2)),
    once("fee", "Last invoice", "2027-03-01", id="o3"),
    once("review", "Prices", "2027-03-01", id="o4"),
    AFTER,
    every("fee", "Rent", 3, since="2026-06-04", id="o6"),
)
RUNS = {"effective_on": "2025-01-01", "signed_on": "2025-01-01", "obligations": DUTIES}


def still(world):
    """What is open and was due, or will be."""
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find("ACME-7").id)
    live = [row for row in rows if row.is_live and row.is_deadline]
    return sorted((row.safe_on, row.name) for row in live if row.safe_on >= date(2026, 10, 30))


STILL = [
    (date(2026, 12, 4), "Rent"),
    (date(2027, 3, 1), "Last invoice"),
    (date(2027, 3, 1), "Report"),
    (date(2027, 10, 1), "Audit after the end"),
    (date(2028, 9, 29), "Audit after the end"),
]


@pytest.mark.parametrize("renewal", [NEVER, BY_OPTION, BY_AGREEMENT], ids=lambda one: one.kind.value)
def test_payments_and_what_outlives_the_end_are_owed_when_time_has_ended_it(world, renewal):
    world.travel_to("2026-12-01T09:00")
    world.agreement(provisions=provided(end="2026-12-31", renewal=renewal), **RUNS)
    world.live_until("2027-01-02T12:00")
    assert world.get().status == "ended"
    assert still(world) == STILL
    world.expect(*world.unexpected)


def test_what_was_to_be_paid_is_owed_when_it_is_terminated_and_what_was_to_be_done_is_not(world):
    world.travel_to("2026-04-01T09:00")
    world.agreement(provisions=provided(end=None, renewal=NEVER), **RUNS)
    world.travel_to("2027-01-02T09:00")
    world.tick()
    world.do(ops.terminate, "ACME-7", last_on=date(2026, 12, 31), because="both agreed", by="leo")
    assert world.get().status == "ended"
    assert still(world) == STILL
    assert world.row("ACME-7 training 0").state == "withdrawn"
    world.tick()
    world.expect(*world.unexpected)


@pytest.mark.parametrize("renewal", [BY_OPTION, BY_AGREEMENT], ids=lambda one: one.kind.value)
def test_nothing_recurs_of_what_lapsed_and_survives(world, renewal):
    world.travel_to("2026-12-01T09:00")
    world.agreement(provisions=provided(end="2026-12-31", renewal=renewal, survival=36), **RUNS)
    world.live_until("2027-01-02T12:00")
    assert world.get().status == "surviving"
    assert still(world) == [*STILL[:2], (date(2027, 3, 1), "Prices"), *STILL[2:]]
    world.expect(*world.unexpected)


def test_what_nobody_signed_costs_nothing(world):
    world.agreement(signed_on=None, effective_on=None, obligations=DUTIES[2:3])
    assert still(world) == [(date(2027, 3, 1), "Last invoice")]
    world.do(ops.abandon, because="too dear", by="leo")
    assert still(world) == []
    world.tick()
    world.expect()


def test_what_was_over_when_it_was_registered_owes_nothing_of_before(world):
    old = once("fee", "First invoice", "2025-03-03", id="o9")
    said = RUNS | {"obligations": (old, *DUTIES)}
    world.agreement(provisions=provided(end="2025-06-30", renewal=NEVER), **said)
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find("ACME-7").id)
    assert {row.name for row in rows} == {"Last invoice", "Audit after the end"}
    world.tick()
    world.expect()
