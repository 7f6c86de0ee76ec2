from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.days.calendars import (
    EVERY_DAY,
    SAT_SUN,
    BusinessCalendar,
    Holiday,
    Joint,
    Provenance,
    Weekend,
    joint,
    with_closures,
)
from lifecycle.errors import DayOutOfRange
from tests.support.strategies import calendars, days, simple_calendars

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 5, day) for day in (22, 23, 24, 25))
WHIT_MONDAY = Holiday(MONDAY, "Whit Monday")
GERMANY = BusinessCalendar("DE", holidays=(WHIT_MONDAY,), source="holidays", version="1")
SIX_DAY = BusinessCalendar("six", weekends=(Weekend(frozenset({6})),))


def test_a_closed_day_names_its_holiday_or_its_weekday():
    assert [GERMANY.why_closed(day) for day in (FRIDAY, SATURDAY, MONDAY)] == [None, "Saturday", "Whit Monday"]


def test_next_and_previous_leave_a_business_day_alone():
    assert (GERMANY.next(FRIDAY), GERMANY.previous(FRIDAY)) == (FRIDAY, FRIDAY)
    assert (GERMANY.next(SATURDAY), GERMANY.previous(MONDAY)) == (date(2026, 5, 26), FRIDAY)


def test_shifting_counts_from_the_day_after_and_zero_stays_even_on_a_closed_day():
    assert GERMANY.shift(SATURDAY, 1) == date(2026, 5, 26)
    assert GERMANY.shift(SATURDAY, -1) == FRIDAY
    assert GERMANY.shift(SATURDAY, 0) == SATURDAY


@given(calendars(), days, st.integers(1, 400))
def test_a_long_shift_is_many_single_ones(calendar, day, n):
    there, back = day, day
    for _ in range(n):
        there, back = calendar.shift(there, 1), calendar.shift(back, -1)

    assert (calendar.shift(day, n), calendar.shift(day, -n)) == (there, back)


def test_business_days_exclude_the_first_end_and_include_the_last():
    assert GERMANY.business_days(FRIDAY, date(2026, 5, 26)) == 1
    assert GERMANY.business_days(date(2026, 5, 21), FRIDAY) == 1
    assert GERMANY.business_days(FRIDAY, date(2026, 5, 1)) == 0


@given(calendars(), days, st.integers(0, 200))
def test_a_shift_passes_as_many_business_days_as_it_was_told(calendar, day, n):
    assert calendar.business_days(day, calendar.shift(day, n)) == n


def test_closed_tells_every_day_off_at_both_ends():
    assert GERMANY.closed(SATURDAY, MONDAY) == (Holiday(SATURDAY, "Saturday"), Holiday(SUNDAY, "Sunday"), WHIT_MONDAY)
    assert GERMANY.closed(MONDAY, SATURDAY) == ()


def test_weekends_change_with_their_era():
    emirates = BusinessCalendar(
        "AE", weekends=(Weekend(frozenset({4, 5})), Weekend(frozenset({5, 6}), date(2022, 1, 1)))
    )

    assert not emirates.is_business_day(date(2021, 12, 31))  # the last Friday off
    assert emirates.is_business_day(date(2021, 12, 26))  # the last Sunday of work
    assert emirates.is_business_day(date(2022, 1, 7))
    assert not emirates.is_business_day(date(2022, 1, 2))


def test_a_joint_calendar_is_open_where_all_are_or_where_any_is():
    both, either = joint(GERMANY, SIX_DAY), joint(GERMANY, SIX_DAY, rule=Joint.ANY_OPEN)

    assert [both.is_business_day(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [True, False, False, False]
    assert [either.is_business_day(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [True, True, False, True]
    assert (both.code, either.code) == ("DE+six", "DE|six")
    assert (both.why_closed(MONDAY), both.why_closed(SUNDAY)) == ("Whit Monday (DE)", "Sunday")


def test_a_joint_calendar_covers_what_all_its_parts_cover():
    early = BusinessCalendar("A", first_on=date(2000, 1, 1), last_on=date(2020, 12, 31))
    late = BusinessCalendar("B", first_on=date(2010, 1, 1), last_on=date(2030, 12, 31))

    assert [joint(early, late).covers(date(year, 6, 1)) for year in (2005, 2015, 2025)] == [False, True, False]


def test_our_own_closures_keep_their_name_over_the_holidays():
    closed = with_closures(GERMANY, [Holiday(MONDAY, "Moving house"), Holiday(FRIDAY, "Bridge day")])

    assert (closed.why_closed(MONDAY), closed.why_closed(FRIDAY)) == ("Moving house", "Bridge day")
    assert GERMANY.is_business_day(FRIDAY)


def test_closures_of_a_joint_calendar_close_it_whatever_its_parts_do():
    closed = with_closures(joint(GERMANY, SIX_DAY, rule=Joint.ANY_OPEN), [Holiday(FRIDAY, "Bridge day")])

    assert closed.why_closed(FRIDAY) == "Bridge day"
    assert [entry.code for entry in closed.provenance] == ["DE", "six", "DE|six"]


def test_a_day_that_one_source_is_sure_of_is_no_estimate():
    calendar = BusinessCalendar("T", (Holiday(MONDAY, "Eid", estimated=True), Holiday(MONDAY, "Whit Monday")))

    assert (calendar.why_closed(MONDAY), calendar.is_estimated(MONDAY)) == ("Eid", False)


def test_doubts_name_what_is_not_known_between_two_days():
    calendar = BusinessCalendar(
        "T",
        (Holiday(MONDAY, "Eid", estimated=True),),
        first_on=date(2026, 1, 1),
        last_on=date(2026, 12, 31),
        assumptions=("national-calendar",),
    )

    assert calendar.doubts(FRIDAY, SUNDAY) == ("national-calendar",)
    assert calendar.doubts(FRIDAY, MONDAY) == ("national-calendar", "estimated-holiday")
    assert calendar.doubts(date(2026, 12, 1), date(2027, 1, 1)) == ("national-calendar", "beyond-calendar")


def test_provenance_says_whose_calendar_it_was_in_which_version():
    assert GERMANY.provenance == (
        Provenance("DE", "holidays", "1", GERMANY.digest, date(1900, 1, 1), date(2200, 12, 31)),
    )
    assert [entry.code for entry in joint(GERMANY, SIX_DAY).provenance] == ["DE", "six"]


def test_the_digest_changes_with_code_days_estimates_eras_and_cover_only():
    def digest(**other):
        fields = {"code": "DE", "holidays": (WHIT_MONDAY,), "source": "holidays", "version": "1"} | other
        return BusinessCalendar(**fields).digest

    assert digest() == GERMANY.digest
    assert digest(version="2") == digest()
    assert digest(holidays=(Holiday(MONDAY, "Pfingstmontag"),)) == digest()
    others = (
        {"code": "AT"},
        {"holidays": ()},
        {"holidays": (Holiday(MONDAY, "Whit Monday", estimated=True),)},
        {"weekends": (Weekend(frozenset({6})),)},
        {"last_on": date(2045, 12, 31)},
        {"parts": (SIX_DAY,)},
        {"parts": (SIX_DAY,), "rule": Joint.ANY_OPEN},
    )
    assert len({digest(**other) for other in others} | {digest()}) == len(others) + 1


@given(calendars(), days)
def test_a_snapshot_gives_the_equal_calendar_back(calendar, day):
    again = BusinessCalendar.from_snapshot(calendar.snapshot())

    assert (again, again.digest, hash(again)) == (calendar, calendar.digest, hash(calendar))
    assert again.is_business_day(day) == calendar.is_business_day(day)


@given(st.lists(simple_calendars(), min_size=1, max_size=3), days)
def test_a_joint_day_is_open_in_each_part_or_in_any(parts, day):
    opened = [part.is_business_day(day) for part in parts]

    assert joint(*parts).is_business_day(day) == all(opened)
    assert joint(*parts, rule=Joint.ANY_OPEN).is_business_day(day) == any(opened)


def test_days_outside_1900_to_2200_are_refused():
    assert SAT_SUN.is_business_day(date(1900, 1, 1))
    for ask in (SAT_SUN.is_business_day, SAT_SUN.next, SAT_SUN.previous):
        for day in (date(1899, 12, 31), date(2201, 1, 1)):
            with pytest.raises(DayOutOfRange):
                ask(day)
    with pytest.raises(DayOutOfRange):
        SAT_SUN.shift(date(2200, 12, 30), 5)
    with pytest.raises(DayOutOfRange):
        SAT_SUN.shift(date(1900, 1, 2), -500)


def test_every_day_is_never_closed():
    assert EVERY_DAY.closed(date(2026, 1, 1), date(2026, 12, 31)) == ()
