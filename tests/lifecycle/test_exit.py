"""When leaving must begin."""

from datetime import date

import pytest

from lifecycle.counting.derivation import Reading
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Period
from lifecycle.exits.start_by import exit_start

LAST = date(2027, 1, 31)


def reading(day):
    return Reading(day, day, day)


@pytest.mark.parametrize(
    ("plan", "start_by_on"),
    [
        (Period(months=6), date(2026, 7, 31)),
        (Period(months=5), date(2026, 8, 31)),
        (Period(days=90), date(2026, 11, 2)),
        (Period(days=92), date(2026, 10, 30)),  # 31 October is a Saturday
        (Period(business_days=5), date(2027, 1, 25)),
    ],
)
def test_an_exit_starts_on_a_business_day_its_whole_length_before(plan, start_by_on):
    start = exit_start(LAST, plan, notice=None, calendar=SAT_SUN)
    assert (start.start_by_on, start.reading.safe_on) == (start_by_on, start_by_on)
    assert start.reading.safe_on <= start.reading.nominal_on <= start.reading.latest_on


@pytest.mark.parametrize(
    ("notice_on", "alarm", "shortfall"),
    [(date(2026, 12, 1), True, 123), (date(2026, 7, 31), False, 0), (date(2026, 7, 1), False, 0)],
)
def test_the_alarm_says_by_how_many_days_the_notice_is_too_late(notice_on, alarm, shortfall):
    start = exit_start(LAST, Period(months=6), notice=reading(notice_on), calendar=SAT_SUN)
    assert (start.alarm, start.shortfall_days) == (alarm, shortfall)


def test_the_start_is_derived_step_by_step():
    start = exit_start(LAST, Period(days=92), notice=None, calendar=SAT_SUN)
    assert [(step.rule, step.was_on, step.on, step.text) for step in start.reading.steps] == [
        ("exit-plan", LAST, date(2026, 10, 31), "92 days before 31 Jan 2027"),
        (
            "roll",
            date(2026, 10, 31),
            date(2026, 10, 30),
            "Saturday, closed: back to Friday, 30 Oct 2026",
        ),
    ]
