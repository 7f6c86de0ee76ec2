"""Business days change: an earlier day holds at once and is told, a later one waits until a person accepts it."""

from dataclasses import replace
from datetime import date, time

import pytest

from engine import operations as ops
from engine.watcher.calendar_watch import watch
from lifecycle.days.calendars import Holiday, with_closures
from tests.support.world import calendar

CLOSED = Holiday(date(2026, 12, 2), "the office moves")


def with_calendar(world, *closures):
    """The house starts again with other business days."""
    world.monitor = replace(
        world.monitor, calendars=lambda code: with_closures(calendar(code), closures) if closures else calendar(code)
    )
    return watch(world.monitor)


def test_an_earlier_day_holds_at_once_and_a_later_one_waits_to_be_accepted(world):
    world.agreement()
    assert with_calendar(world) == 0  # the first look keeps the calendar as it is
    world.live_until("2026-11-02T09:00")
    world.expect(
        "2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice", "2026-11-02 08:30 olga: ACME-7 notice -30d.0"
    )

    assert with_calendar(world, CLOSED) == 1
    assert (world.row("ACME-7 notice").safe_on, world.row("ACME-7 notice").revision) == (date(2026, 12, 1), 1)
    world.live_until("2026-11-02T09:01")
    assert "2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2026-12-01" in world.unexpected
    world.expect(*world.unexpected)

    assert with_calendar(world) == 1
    row = world.row("ACME-7 notice")
    assert (row.safe_on, row.proposed.safe_on) == (date(2026, 12, 1), date(2026, 12, 2))
    world.live_until("2026-11-02T09:02")
    world.expect()

    world.say(ops.accept, "ACME-7 notice")
    assert (world.row("ACME-7 notice").safe_on, world.row("ACME-7 notice").proposed) == (date(2026, 12, 2), None)
    assert [one["type"] for one in world.events("CalendarChanged", "MoveAccepted")] == [
        "CalendarChanged",
        "CalendarChanged",
        "MoveAccepted",
    ]


def waiting(world):
    """One whose later day, 2 December, waits to be accepted."""
    world.agreement()
    with_calendar(world, CLOSED)
    world.amend(note="counted by the calendar with the closure")
    with_calendar(world)
    assert world.row("ACME-7 notice").proposed.safe_on == date(2026, 12, 2)


def test_a_day_is_accepted_also_while_its_deadline_is_quiet(world):
    waiting(world)
    world.live_until("2026-11-02T09:00")
    world.expect(*world.unexpected)
    world.say(ops.acknowledge, "ACME-7 notice")
    world.say(ops.accept, "ACME-7 notice")
    row = world.row("ACME-7 notice")
    assert (row.safe_on, row.state, row.acknowledged_until_at) == (date(2026, 12, 2), "open", None)
    world.live_until("2026-11-02T09:01")
    world.expect(
        "2026-11-02 09:00 olga: ACME-7 notice -30d.0",
        "2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-01 to 2026-12-02",
    )


def test_a_later_day_that_is_gone_again_waits_for_nobody(world):
    waiting(world)
    with_calendar(world, CLOSED)
    assert (world.row("ACME-7 notice").safe_on, world.row("ACME-7 notice").proposed) == (date(2026, 12, 1), None)


def test_the_same_business_days_change_nothing(world):
    world.agreement()
    with_calendar(world)
    before = world.events()
    assert with_calendar(world) == 0
    assert world.events() == before


def test_a_closure_between_two_steps_moves_the_later_one_though_no_day_has_moved(world):
    world.agreement()
    with_calendar(world)
    world.live_until("2026-11-02T09:00")
    world.expect(*world.unexpected)
    with_calendar(world, Holiday(date(2026, 11, 4), "the office moves"))
    assert world.row("ACME-7 notice").revision == 0
    world.live_until("2026-11-06T09:00")
    world.expect("2026-11-06 08:30 ben: ACME-7 notice -30d.1")


@pytest.mark.parametrize(("hour", "at"), [(time(6, 30), "06:30"), (time(11), "11:00")])
def test_messages_leave_at_another_hour_from_the_first_start_with_it(world, hour, at):
    world.agreement()
    with_calendar(world)
    world.live_until("2026-10-20T09:00")
    with_hour(world, hour)
    world.tick()
    assert world.audited() == set()
    world.live_until("2026-11-05T12:00")
    world.expect(
        "2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice",
        f"2026-11-02 {at} olga: ACME-7 notice -30d.0",
        f"2026-11-05 {at} ben: ACME-7 notice -30d.1",
    )


def with_hour(world, hour):
    """The house starts again with another hour, twice."""
    world.monitor = replace(world.monitor, house=replace(world.monitor.house, send_at=hour))
    assert watch(world.monitor) == 1
    assert watch(world.monitor) == 0
