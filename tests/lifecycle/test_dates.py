from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from lifecycle.days.calendars import SAT_SUN, BusinessCalendar, Holiday
from lifecycle.days.dates import (
    MonthEnd,
    Period,
    Roll,
    after,
    before,
    cutoff_at,
    elapsed,
    last_day,
    latest_start,
    month_end,
    quarter_end,
    rolled,
    year_end,
)
from lifecycle.days.years import FIRST_DAY, LAST_DAY, is_within, must_be_within
from lifecycle.errors import CalendarRequired, DayOutOfRange, PeriodError, UnknownName, ZoneRequired

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
ONE_MONTH = Period(months=1)


def test_months_clip_to_the_end_of_a_shorter_month_and_do_not_stick():  # G1
    january = date(2026, 1, 31)

    assert after(january, ONE_MONTH) == date(2026, 2, 28)
    assert after(january, Period(months=2)) == date(2026, 3, 31)
    assert after(date(2024, 2, 29), Period(years=1)) == date(2025, 2, 28)
    assert after(date(2024, 2, 29), Period(years=4)) == date(2028, 2, 29)


def test_chained_months_are_not_the_sum_of_months():  # B1
    assert after(after(date(2026, 1, 31), ONE_MONTH), ONE_MONTH) == date(2026, 3, 28)


def test_years_and_months_are_one_addition_then_days_then_business_days():
    period = Period(years=1, months=1, weeks=1, days=2, business_days=1)

    # 31 Jan 2023 + 13 months = 29 Feb 2024, + 9 days = Sat 9 Mar, + 1 business day = Mon 11 Mar.
    assert after(date(2023, 1, 31), period, calendar=SAT_SUN) == date(2024, 3, 11)
    # 31 Mar 2024 - 13 months = 28 Feb 2023, - 9 days = Sun 19 Feb, - 1 business day = Fri 17 Feb.
    assert before(date(2024, 3, 31), period, calendar=SAT_SUN) == date(2023, 2, 17)


def test_years_after_an_event_keep_its_day():  # G22
    assert after(date(2026, 12, 31), Period(years=3)) == date(2029, 12, 31)
    assert after(date(2024, 2, 29), Period(years=5)) == date(2029, 2, 28)


def test_the_last_day_of_a_month_stays_the_last_one_if_told():
    assert after(date(2026, 2, 28), ONE_MONTH) == date(2026, 3, 28)
    assert after(date(2026, 2, 28), ONE_MONTH, month_end=MonthEnd.LAST_DAY) == date(2026, 3, 31)
    assert before(date(2026, 4, 30), ONE_MONTH, month_end=MonthEnd.LAST_DAY) == date(2026, 3, 31)
    assert after(date(2026, 2, 27), ONE_MONTH, month_end=MonthEnd.LAST_DAY) == date(2026, 3, 27)


def test_the_last_business_day_goes_to_the_last_business_day():
    def moved(day):
        return after(day, ONE_MONTH, month_end=MonthEnd.LAST_BUSINESS_DAY, calendar=SAT_SUN)

    assert moved(date(2026, 1, 30)) == date(2026, 2, 27)  # the last business day
    assert moved(date(2026, 1, 31)) == date(2026, 2, 27)  # a Saturday after it
    assert moved(date(2026, 1, 29)) == date(2026, 2, 28)  # a day before it corresponds


def test_what_needs_a_calendar_says_so():
    for ask in (
        lambda: after(date(2026, 1, 1), Period(business_days=1)),
        lambda: before(date(2026, 1, 1), ONE_MONTH, month_end=MonthEnd.LAST_BUSINESS_DAY),
        lambda: after(date(2026, 1, 1), ONE_MONTH, roll=Roll.FOLLOWING),
        lambda: last_day(date(2026, 1, 1), Period(business_days=1)),
        lambda: latest_start(date(2026, 1, 1), Period(business_days=1)),
        lambda: rolled(date(2026, 1, 1), Roll.NEAREST, None),
    ):
        with pytest.raises(CalendarRequired):
            ask()
    assert rolled(date(2026, 1, 3), Roll.NONE, None) == date(2026, 1, 3)


def test_hours_are_not_counted_in_days():
    for count in (after, before, last_day, latest_start):
        with pytest.raises(PeriodError):
            count(date(2026, 1, 1), Period(hours=72))


@pytest.mark.parametrize(
    ("first", "period", "last"),
    [
        (date(2026, 1, 1), Period(years=1), date(2026, 12, 31)),
        (date(2026, 8, 31), Period(months=6), date(2027, 2, 28)),  # no 31 Feb: the month's last day itself
        (date(2024, 2, 29), Period(years=3), date(2027, 2, 28)),  # B2: not 27 Feb
        (date(2026, 1, 31), ONE_MONTH, date(2026, 2, 28)),
        (date(2026, 1, 31), Period(months=2), date(2026, 3, 30)),
        (date(2026, 1, 1), Period(days=90), date(2026, 3, 31)),
        (date(2026, 1, 1), Period(months=1, days=10), date(2026, 2, 10)),
        (date(2026, 1, 1), Period(), date(2025, 12, 31)),
    ],
)
def test_a_period_that_has_a_first_day_ends_the_day_before_the_corresponding_one(first, period, last):
    assert last_day(first, period) == last


def test_business_days_from_a_first_day_count_it_if_it_is_open():
    assert last_day(date(2026, 5, 22), Period(business_days=2), SAT_SUN) == date(2026, 5, 25)
    assert last_day(date(2026, 5, 23), Period(business_days=1), SAT_SUN) == date(2026, 5, 25)


@pytest.mark.parametrize(
    ("last", "period", "subtracted", "fits"),
    [
        (date(2026, 6, 30), Period(months=3), date(2026, 3, 30), date(2026, 3, 31)),
        (date(2026, 2, 28), ONE_MONTH, date(2026, 1, 28), date(2026, 1, 31)),
        (date(2026, 5, 31), Period(months=3), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 5, 15), Period(months=3), date(2026, 2, 15), date(2026, 2, 15)),
        (date(2026, 5, 15), Period(days=45), date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 5, 25), Period(business_days=1), date(2026, 5, 22), date(2026, 5, 24)),
    ],
)
def test_going_back_subtracts_or_fits(last, period, subtracted, fits):  # P6, B4
    assert before(last, period, calendar=SAT_SUN) == subtracted
    assert latest_start(last, period, SAT_SUN) == fits


@pytest.mark.parametrize(
    ("day", "by", "there"),
    [
        (date(2026, 5, 30), Roll.NONE, date(2026, 5, 30)),
        (date(2026, 5, 30), Roll.FOLLOWING, date(2026, 6, 1)),
        (date(2026, 5, 30), Roll.MODIFIED_FOLLOWING, date(2026, 5, 29)),
        (date(2026, 8, 15), Roll.MODIFIED_FOLLOWING, date(2026, 8, 17)),
        (date(2026, 8, 15), Roll.MODIFIED_FOLLOWING_BIMONTHLY, date(2026, 8, 14)),
        (date(2026, 5, 16), Roll.MODIFIED_FOLLOWING_BIMONTHLY, date(2026, 5, 18)),
        (date(2026, 5, 30), Roll.MODIFIED_FOLLOWING_BIMONTHLY, date(2026, 5, 29)),
        (date(2026, 5, 30), Roll.PRECEDING, date(2026, 5, 29)),
        (date(2026, 8, 1), Roll.PRECEDING, date(2026, 7, 31)),
        (date(2026, 8, 1), Roll.MODIFIED_PRECEDING, date(2026, 8, 3)),
        (date(2026, 5, 30), Roll.NEAREST, date(2026, 5, 29)),
        (date(2026, 5, 31), Roll.NEAREST, date(2026, 6, 1)),
    ],
)
def test_each_roll_goes_its_own_way_from_a_closed_day(day, by, there):
    assert rolled(day, by, SAT_SUN) == there


def test_the_nearest_of_two_equally_near_days_is_the_following_one():
    long_weekend = BusinessCalendar("T", (Holiday(date(2026, 7, 3), "Independence Day (observed)"),))

    assert rolled(date(2026, 7, 4), Roll.NEAREST, long_weekend) == date(2026, 7, 6)


@pytest.mark.parametrize(
    ("name", "roll"),
    [
        ("ModFollowing", Roll.MODIFIED_FOLLOWING),
        ("MODFOLLOWING", Roll.MODIFIED_FOLLOWING),
        ("modified following", Roll.MODIFIED_FOLLOWING),
        ("modified-following", Roll.MODIFIED_FOLLOWING),
        ("MODPRECEDING", Roll.MODIFIED_PRECEDING),
        ("NO_ADJUST", Roll.NONE),
        ("Unadjusted", Roll.NONE),
        ("none", Roll.NONE),
        ("HalfMonthModifiedFollowing", Roll.MODIFIED_FOLLOWING_BIMONTHLY),
        ("MODIFIED_FOLLOWING_BI_MONTHLY", Roll.MODIFIED_FOLLOWING_BIMONTHLY),
        ("Nearest", Roll.NEAREST),
    ],
)
def test_rolls_are_known_by_the_names_of_other_libraries(name, roll):
    assert Roll.named(name) is roll


def test_every_roll_and_month_end_rule_is_known_by_its_own_name_and_value():
    assert all(Roll.named(roll.name) is roll is Roll.named(roll.value) for roll in Roll)
    assert all(MonthEnd.named(rule.name) is rule is MonthEnd.named(rule.value) for rule in MonthEnd)
    assert MonthEnd.named("NONE") is MonthEnd.CORRESPONDING


def test_unknown_names_are_refused_and_frn_is_a_pair():
    with pytest.raises(UnknownName) as unknown:
        Roll.named("sideways")
    assert "MODIFIED_FOLLOWING" in unknown.value.choices
    with pytest.raises(UnknownName) as frn:
        Roll.named("FRN")
    assert "LAST_BUSINESS_DAY" in frn.value.remedy
    with pytest.raises(UnknownName):
        MonthEnd.named("sticky")


def test_months_quarters_and_years_end_on_their_last_day():
    assert month_end(date(2024, 2, 5)) == date(2024, 2, 29)
    assert [quarter_end(date(2026, month, 15)).isoformat() for month in (1, 3, 4, 11)] == [
        "2026-03-31",
        "2026-03-31",
        "2026-06-30",
        "2026-12-31",
    ]
    assert year_end(date(2026, 1, 1)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: after(date(2200, 12, 31), Period(days=1)),
        lambda: after(date(2026, 1, 1), Period(years=36525)),
        lambda: before(date(1900, 1, 1), Period(days=1)),
        lambda: before(date(1901, 1, 1), Period(months=13)),
        lambda: latest_start(date(1900, 1, 5), Period(days=5)),
        lambda: last_day(date(2150, 1, 1), Period(days=36525)),
    ],
)
def test_a_day_outside_1900_to_2200_is_refused(ask):
    with pytest.raises(DayOutOfRange):
        ask()


@pytest.mark.parametrize("on", [date(1899, 12, 31), date(2201, 1, 1)])
def test_a_given_day_outside_the_years_of_the_calendars_is_refused_with_its_remedy(on):
    with pytest.raises(DayOutOfRange, match="is outside 1900 to 2200") as refused:
        must_be_within(None, FIRST_DAY, LAST_DAY, on)
    assert (refused.value.day, refused.value.remedy) == (on, "Check the year; a term without an end is open-ended.")
    assert not is_within(on)


def test_the_years_of_the_calendars_are_inside_to_their_last_day():
    must_be_within(None, FIRST_DAY, LAST_DAY)
    assert is_within(FIRST_DAY)
    assert is_within(LAST_DAY)


def test_hours_elapse_while_the_clocks_are_put_back():
    start = datetime(2007, 11, 2, 10, 23, tzinfo=NEW_YORK)

    assert elapsed(start, 72).isoformat() == "2007-11-05T09:23:00-05:00"
    with pytest.raises(ZoneRequired):
        elapsed(datetime(2026, 1, 1), 1)  # noqa: DTZ001 - an instant without a zone is the point


def test_a_cutoff_is_the_first_of_two_equal_local_times():
    assert cutoff_at(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_cutoff_that_never_comes_is_the_last_instant_before_the_gap():
    last = datetime(2026, 3, 29, 0, 59, 59, 999999, tzinfo=UTC)

    assert cutoff_at(date(2026, 3, 29), time(2, 0), BERLIN) == last
    assert cutoff_at(date(2026, 3, 29), time(2, 59), BERLIN) == last
    assert cutoff_at(date(2026, 3, 29), time(3, 0), BERLIN) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_an_ordinary_cutoff_is_its_local_time():
    assert cutoff_at(date(2026, 12, 1), time(17, 0), BERLIN) == datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
    assert cutoff_at(date(2026, 3, 8), time(2, 30), NEW_YORK) == datetime(2026, 3, 8, 6, 59, 59, 999999, tzinfo=UTC)
