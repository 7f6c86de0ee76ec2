"""When a message may leave: their hour, quiet hours, days off, and what ends all waiting."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.days.calendars import EVERY_DAY, SAT_SUN, Holiday, with_closures
from lifecycle.playbooks.playbook import Quiet
from lifecycle.playbooks.quiet import Hours, next_open, not_before

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
NIGHT = Quiet((time(18), time(8)), weekends=True, holidays=True)
CLOSED = with_closures(SAT_SUN, [Holiday(date(2026, 6, 4), "Corpus Christi")])


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def hours(zone=BERLIN, calendar=CLOSED):
    return Hours(zone, time(8, 30), calendar)


@pytest.mark.parametrize(
    ("due", "leaves", "because"),
    [
        ("2026-06-02T09:00", "2026-06-02T09:00", ""),
        ("2026-06-02T07:00", "2026-06-02T08:30", "the recipient's hour"),
        ("2026-06-02T18:00", "2026-06-03T08:00", "quiet hours"),
        ("2026-06-03T07:59", "2026-06-03T08:30", "the recipient's hour"),
        ("2026-06-03T18:00", "2026-06-05T08:30", "quiet hours"),  # and then a holiday
        ("2026-06-04T09:00", "2026-06-05T08:30", "a holiday"),
        ("2026-06-05T19:00", "2026-06-08T08:30", "quiet hours"),  # and then a weekend
        ("2026-06-06T12:00", "2026-06-08T08:30", "a weekend"),
    ],
)
def test_a_message_waits_for_an_open_hour(due, leaves, because):
    assert not_before(at(due), hours(), NIGHT) == (at(leaves), because)


def test_where_no_day_is_off_only_the_hours_are_quiet():
    assert next_open(at("2026-06-06T12:00"), hours(calendar=EVERY_DAY), NIGHT) == (at("2026-06-06T12:00"), "")


def test_quiet_hours_may_lie_within_a_day():
    noon = Quiet((time(12), time(13)))
    assert next_open(at("2026-06-02T12:00"), hours(), noon) == (at("2026-06-02T13:00"), "quiet hours")
    assert next_open(at("2026-06-02T13:00"), hours(), noon) == (at("2026-06-02T13:00"), "")


def test_a_limit_that_would_be_passed_lets_the_message_leave_at_once():
    due = at("2026-06-02T18:00")
    assert not_before(due, hours(), NIGHT, until_at=[at("2026-06-03T08:00")]).at == at("2026-06-03T08:00")
    assert not_before(due, hours(), NIGHT, until_at=[at("2026-06-03T07:59")]).at == due


def test_a_limit_that_is_over_holds_nothing():
    assert (
        not_before(at("2026-06-02T18:00"), hours(), NIGHT, until_at=[at("2026-06-01T08:00")]).because == "quiet hours"
    )


def test_what_has_waited_for_their_hour_before_waits_for_it_no_more():
    due = at("2026-06-02T08:00")
    assert not_before(due, hours(), NIGHT, is_planned=False) == (due, "")


@given(
    due=st.integers(0, 1095 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    zone=st.sampled_from([BERLIN, TOKYO, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")]),
    limit=st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_nothing_leaves_early_nor_past_its_limit_nor_at_night(due, zone, limit):
    due_at = due
    free = not_before(due_at, hours(zone), NIGHT)
    held = not_before(due_at, hours(zone), NIGHT, until_at=[due_at + limit])
    assert due_at <= free.at
    local = free.at.astimezone(zone)
    assert time(8) <= local.time() < time(18)
    assert CLOSED.is_business_day(local.date())
    assert due_at <= held.at <= max(due_at + limit, due_at) or limit == timedelta(0)
