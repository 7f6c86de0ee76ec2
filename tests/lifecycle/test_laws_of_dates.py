"""The laws of DATES.md that need no terms, and the traps."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lifecycle.counting.rules import US_CONTRACT, deadline_after, deadline_before
from lifecycle.days.calendars import SAT_SUN, Holiday, joint, with_closures
from lifecycle.days.dates import (
    Period,
    Roll,
    StatedPeriod,
    after,
    before,
    last_day,
    latest_start,
    month_end,
    parse_period,
    rolled,
)
from lifecycle.errors import PeriodError
from tests.support.strategies import (
    any_periods,
    business_periods,
    calendars,
    countable_periods,
    countings,
    day_periods,
    days,
    days_with_calendars,
    mixed_periods,
    month_periods,
    rolls,
    rule_sets,
    simple_calendars,
    some_days,
)

ONE = timedelta(days=1)
SPOKEN = ("sixty", "one", "hundred", "and", "successive", "days", "day", "months", "year", "business", "clear", "half")
SIGNS = (
    "60",
    "90",
    "1",
    "2.5",
    "(60)",
    ";",
    "/",
    ",",
    "-",
    "(",
    ")",
    "[]",
    "P1Y",
    "at",
    "least",
    "perpetual",
    "net",
    "to",
)
WORDS = st.sampled_from(SPOKEN + SIGNS)


@given(days_with_calendars(), countable_periods, rule_sets, st.none() | countings, st.booleans(), st.none() | rolls)
def test_l1_a_deadline_back_is_safe_on_a_business_day_and_in_order(where, period, rules, counting, at_least, roll):
    day, calendar = where
    reading = deadline_before(
        day, period, rules=rules, calendar=calendar, counting=counting, at_least=at_least, roll=roll
    )

    assert reading.safe_on <= reading.nominal_on <= reading.latest_on
    assert calendar.is_business_day(reading.safe_on)


@given(days_with_calendars(), countable_periods, rule_sets, st.none() | rolls)
def test_l1_a_deadline_on_is_safe_on_a_business_day_unless_flagged(where, period, rules, roll):
    day, calendar = where
    reading = deadline_after(day, period, rules=rules, calendar=calendar, roll=roll)

    assert reading.safe_on <= reading.nominal_on <= reading.latest_on
    if "no-business-day-inside" in reading.assumptions:
        assert calendar.business_days(day, after(day, period, calendar=calendar)) == 0
    else:
        assert calendar.is_business_day(reading.safe_on)
        assert reading.safe_on > day or period.is_zero


@given(days_with_calendars(), countable_periods, rule_sets, st.booleans(), st.integers(1, 40))
def test_l2_a_later_day_never_gives_an_earlier_one(where, period, rules, at_least, further):
    day, calendar = where
    later = day + further * ONE

    assert after(day, period, calendar=calendar) <= after(later, period, calendar=calendar)
    assert before(day, period, calendar=calendar) <= before(later, period, calendar=calendar)
    back, back_later = (
        deadline_before(to_on, period, rules=rules, calendar=calendar, at_least=at_least) for to_on in (day, later)
    )
    assert back.safe_on <= back_later.safe_on
    assert back.nominal_on <= back_later.nominal_on
    assert back.latest_on <= back_later.latest_on
    on, on_later = (deadline_after(from_on, period, rules=rules, calendar=calendar) for from_on in (day, later))
    assert on.nominal_on <= on_later.nominal_on
    assert on.latest_on <= on_later.latest_on


@given(some_days, day_periods)
def test_l3_days_there_and_back_are_no_way(day, period):
    assert before(after(day, period), period) == day == after(before(day, period), period)


@given(some_days, month_periods)
@example(date(2026, 1, 31), Period(months=1))
def test_l3_months_there_and_back_never_gain_a_day(day, period):
    assert before(after(day, period), period) <= day
    assert after(before(day, period), period) <= day


@given(some_days, month_periods)
@example(date(2026, 2, 28), Period(months=1))
def test_l4_what_fits_starts_up_to_three_days_after_what_is_subtracted(day, period):
    assert 0 <= (latest_start(day, period) - before(day, period)).days <= 3


@given(days_with_calendars(), countable_periods | mixed_periods)
def test_l4_what_fits_is_maximal(where, period):
    day, calendar = where
    start = latest_start(day, period, calendar)

    assert after(start, period, calendar=calendar) <= day < after(start + ONE, period, calendar=calendar)


@given(some_days, month_periods)
@example(date(2026, 8, 31), Period(months=6))
def test_l5_a_first_day_saves_one_day_unless_the_month_is_too_short(day, period):
    assume(not period.is_zero)
    there = after(day, period)

    assert (there - last_day(day, period)).days == (0 if there.day != day.day else 1)


@given(days_with_calendars(), rolls)
def test_l7_rolling_twice_is_rolling_once(where, roll):
    day, calendar = where
    once = rolled(day, roll, calendar)

    assert rolled(once, roll, calendar) == once
    assert roll is Roll.NONE or calendar.is_business_day(once)


@given(
    days_with_calendars(),
    st.sampled_from([Roll.MODIFIED_FOLLOWING, Roll.MODIFIED_FOLLOWING_BIMONTHLY, Roll.MODIFIED_PRECEDING]),
)
def test_l7_a_modified_roll_stays_in_the_month(where, roll):
    day, calendar = where
    assume(calendar.business_days(day.replace(day=1) - ONE, month_end(day)) > 0)
    first_half, second_half = day.replace(day=15), day.replace(day=16)
    there = rolled(day, roll, calendar)

    if roll is Roll.MODIFIED_FOLLOWING_BIMONTHLY:
        half = (day.replace(day=1) - ONE, first_half) if day <= first_half else (first_half, month_end(day))
        assume(calendar.business_days(*half) > 0)
        assume(day <= first_half or calendar.next(second_half).month == day.month)
    assert there.month == day.month


@given(st.lists(simple_calendars(), min_size=2, max_size=3), days)
def test_l8_where_all_must_be_open_each_part_is(parts, day):
    there = joint(*parts).next(day)

    assert all(part.is_business_day(there) for part in parts)


@given(calendars(), days, st.integers(-80, 80))
def test_l9_on_business_days_shifting_back_undoes_shifting(calendar, day, n):
    start = calendar.next(day)

    assert calendar.shift(calendar.shift(start, n), -n) == start


@given(any_periods)
def test_l10_what_a_period_is_called_is_read_back(period):
    assert parse_period(period.code) == parse_period(str(period)) == StatedPeriod(period)
    assert Period.from_code(period.code) == period


@example("sixty(", None)
@given(st.text(max_size=220) | st.lists(WORDS, max_size=12).map(" ".join), st.none() | st.just("days"))
def test_l10_reading_a_period_raises_nothing_but_its_own_error(text, unit):
    try:
        stated = parse_period(text, unit)
    except PeriodError:
        return
    assert stated.perpetual == (stated.period is None)


@given(
    days_with_calendars(),
    st.sampled_from([month_periods, day_periods, business_periods]).flatmap(lambda kind: st.tuples(kind, kind)),
    rule_sets,
    st.booleans(),
)
def test_l11_a_longer_notice_is_never_due_later(where, periods, rules, at_least):
    day, calendar = where
    short, long = sorted(periods, key=lambda p: (p.total_months, p.total_days, p.business_days))
    # CPR 2.8(4): five business days may be longer than six days.
    assume(rules.counted(short) == short)

    def safe(period):
        return deadline_before(day, period, rules=rules, calendar=calendar, at_least=at_least).safe_on

    assert safe(long) <= safe(short)


@given(days_with_calendars(), countable_periods, rule_sets, st.booleans(), st.integers(-100, 100))
def test_l12_one_more_holiday_never_makes_a_notice_due_later(where, period, rules, at_least, distance):
    day, calendar = where
    more = with_closures(calendar, [Holiday(day + distance * ONE, "One more")])

    def safe(known):
        return deadline_before(day, period, rules=rules, calendar=known, at_least=at_least).safe_on

    assert safe(more) <= safe(calendar)


@given(days_with_calendars(), business_periods | day_periods)
def test_l13_what_is_sent_in_time_arrives_in_time_and_a_business_day_later_is_too_late(where, way):
    day, calendar = where
    sent = calendar.previous(latest_start(day, way, calendar))

    assert after(sent, way, calendar=calendar) <= day
    assert after(calendar.shift(sent, 1), way, calendar=calendar) > day


@pytest.mark.parametrize("year", range(2026, 2034))
def test_b4_backward_months_are_no_inverse_and_both_results_are_reported(year):
    reading = deadline_before(date(year, 2, 28), Period(months=1), rules=US_CONTRACT, calendar=SAT_SUN)
    fits = latest_start(date(year, 2, 28), Period(months=1))

    assert reading.nominal_on == date(year, 1, 28)
    assert reading.latest_on >= fits
    assert ("months-back-differ" in reading.assumptions) == (fits != reading.nominal_on)
