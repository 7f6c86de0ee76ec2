"""What is owed by a counterparty alone has a backup, says how its day was counted, and ends with the relationship."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.forecasting.forecast import forecast
from tests.support.agreements import NEVER
from tests.support.relationship import NOVA, shipped
from tests.support.world import checked, staffed

RENEWED = "supplier-selection.insurance-renewed"
LIST = shipped("supplier-selection")
WANTED = tuple(replace(one, needs=()) for one in LIST.templates if one.key in {"insurance-renewed", "competitors"})


@pytest.fixture(scope="module")
def made():
    """Two agreements with a supplier, and what was asked before there were any."""
    world = staffed()
    world.agreement("MSA-1", kind="MSA", counterparty=NOVA, end="2026-01-06", renewal=NEVER)
    world.agreement("SOW-1", kind="SOW", counterparty=NOVA, end="2026-01-08", renewal=NEVER)
    with world.monitor.work() as work:
        holder = ops.holder_of(work, NOVA, owner_id=work.people.by_email("olga@example.com").id)
        ops.lay_checklist(work, holder, replace(LIST, templates=WANTED), date(2026, 1, 5))
    return world


@pytest.fixture
def world(made):
    with checked(made.twin()) as twin:
        yield twin
        twin.expect(*twin.unexpected)


def held(world):
    return world.get(f"Counterparty: {NOVA}")


def until(world):
    """Until when the certificate is asked for anew; None for ever."""
    return next(one.ended_on for one in held(world).obligations if one.id == RENEWED)


def test_who_stands_in_for_the_owner_elsewhere_stands_in_here(world):
    assert held(world).backup_id == world.get("MSA-1").backup_id


def test_where_there_is_no_agreement_yet_the_owners_manager_stands_in(world):
    with world.monitor.work() as work:
        olga = work.people.by_email("olga@example.com")
        assert ops.holder_of(work, "Newcomer Ltd", owner_id=olga.id).backup_id == olga.manager_id
        assert olga.manager_id is not None


def test_a_day_says_how_it_was_counted(world):
    holder = held(world)
    with world.monitor.look() as work:
        row = next(one for one in work.milestones.of(holder.id) if one.key.subject == "supplier-selection.competitors")
        (step, *_) = work.planner.explained(holder, row).reading.steps
    assert step.text == "5 business days after 5 Jan 2026, when the checklist supplier-selection was applied"


def test_it_ends_with_the_last_agreement_and_not_before(world):
    world.live_until("2026-01-08T12:00")
    assert until(world) is None
    world.live_until("2026-01-09T12:00")
    assert until(world) == date(2026, 1, 9)
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find(f"Counterparty: {NOVA}").id)
    assert [row.safe_on for row in rows if row.is_live and row.key.subject == RENEWED] == []


def test_it_ends_when_the_last_one_is_put_aside_or_terminated(world):
    world.do(ops.terminate, "MSA-1", last_on=date(2026, 1, 5), because="We part", by="leo")
    world.travel_to("2026-01-06T09:00")
    world.tick()
    assert until(world) is None
    world.do(ops.archive, "SOW-1", because="It was never used", by="leo")
    assert until(world) == date(2026, 1, 6)


def test_when_the_talks_begin_anew_the_checklist_brings_a_new_round(world):
    world.live_until("2026-01-09T12:00")
    holder = held(world)
    with world.monitor.work() as work:
        laid = ops.lay_checklist(work, holder, replace(LIST, templates=WANTED), date(2026, 3, 2))
    world.tick()
    assert laid.number == 2
    assert {one.id for one in laid.new} == {f"{RENEWED}.2", "supplier-selection.competitors.2"}


def test_a_forecast_knows_that_it_ends(world):
    with world.monitor.look() as work:
        told = forecast(work, date(2027, 6, 30))
    days = {about.safe_on for one in told.items if one.reference == f"Counterparty: {NOVA}" for about in one.about}
    assert days == {date(2026, 1, 12)}, "and nothing of the certificate of next year"
