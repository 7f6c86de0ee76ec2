from datetime import date

import pytest

from config.holiday_calendars import business_calendar
from lifecycle.counting.rules import (
    BGB,
    CPR_2_8,
    ENGLAND_CONTRACT,
    EU_1182_71,
    FRCP_6A,
    ISDA,
    RULE_SETS,
    US_CONTRACT,
    advance,
    deadline_after,
    deadline_before,
    earliest_after,
    rule_set,
)
from lifecycle.days.calendars import EVERY_DAY, SAT_SUN, BusinessCalendar, Holiday, with_closures
from lifecycle.days.dates import Counting, Period, Roll
from lifecycle.errors import CountingError, PeriodError, UnknownName

AMERICA, BERLIN = business_calendar("US:national"), business_calendar("DE-BE")
ENGLAND, GERMANY = business_calendar("GB-ENG"), business_calendar("DE:national")


def three(reading):
    return reading.safe_on, reading.nominal_on, reading.latest_on


def on(*texts):
    return tuple(date.fromisoformat(text) for text in texts)


def test_three_months_before_a_month_end_on_a_weekend():  # G2
    reading = deadline_before(date(2026, 5, 31), Period(months=3), rules=US_CONTRACT, calendar=AMERICA)

    assert three(reading) == on("2026-02-27", "2026-02-28", "2026-03-02")


def test_months_back_are_read_both_ways_and_the_rule_set_chooses_the_nominal_one():  # G3
    end, quarter = date(2026, 6, 30), Period(months=3)
    american = deadline_before(end, quarter, rules=US_CONTRACT, calendar=AMERICA)
    german = deadline_before(end, quarter, rules=BGB, calendar=BERLIN)

    assert three(american) == on("2026-03-30", "2026-03-30", "2026-03-31")
    assert three(german) == on("2026-03-30", "2026-03-31", "2026-03-31")
    assert american.assumptions == german.assumptions == ("months-back-differ",)


def test_easter_sunday_does_not_extend_a_notice_and_does_not_make_it_safe():  # G4
    reading = deadline_before(date(2002, 4, 30), Period(months=1), rules=BGB, calendar=GERMANY)

    assert three(reading) == on("2002-03-28", "2002-03-31", "2002-03-31")


def test_an_observed_holiday_is_no_safe_day():  # G9
    reading = deadline_before(date(2026, 10, 2), Period(days=91), rules=US_CONTRACT, calendar=AMERICA)

    assert three(reading) == on("2026-07-02", "2026-07-03", "2026-07-06")


def test_a_new_bank_holiday_brings_the_safe_day_forward():  # G18
    def reading(calendar):
        return deadline_before(
            date(2023, 8, 6), Period(days=90), rules=ENGLAND_CONTRACT, calendar=calendar, counting=Counting.PLAIN
        )

    coronation = Holiday(date(2023, 5, 8), "Coronation")
    without = BusinessCalendar("GB-ENG", tuple(day for day in ENGLAND.holidays if day.on != coronation.on))

    assert three(reading(without)) == on("2023-05-08", "2023-05-08", "2023-05-08")
    assert three(reading(with_closures(without, [coronation]))) == on("2023-05-05", "2023-05-08", "2023-05-08")


def test_thirty_days_after_the_year_end_on_a_saturday():  # G23
    year_end, month = date(2026, 12, 31), Period(days=30)
    american = deadline_after(year_end, month, rules=US_CONTRACT, calendar=AMERICA)
    german = deadline_after(year_end, month, rules=BGB, calendar=BERLIN)

    assert three(american) == on("2027-01-29", "2027-01-30", "2027-02-01")
    assert three(german) == on("2027-01-29", "2027-02-01", "2027-02-01")


def test_weekends_alone_give_the_example_of_the_command_line():
    reading = deadline_before(date(2027, 12, 31), Period(days=90), rules=US_CONTRACT, calendar=SAT_SUN)

    assert three(reading) == on("2027-10-01", "2027-10-02", "2027-10-04")
    assert reading.steps[1].text == "Saturday, closed: back to Friday, 1 Oct 2027"  # a weekend is one everywhere


@pytest.mark.parametrize(
    ("rules", "at_least", "days"),
    [
        (US_CONTRACT, False, ("2026-10-02", "2026-10-02", "2026-10-02")),
        (US_CONTRACT, True, ("2026-10-01", "2026-10-02", "2026-10-02")),
        (ENGLAND_CONTRACT, False, ("2026-10-01", "2026-10-02", "2026-10-02")),
        (ENGLAND_CONTRACT, True, ("2026-10-01", "2026-10-01", "2026-10-02")),
        (CPR_2_8, False, ("2026-10-01", "2026-10-01", "2026-10-01")),
        (BGB, True, ("2026-10-02", "2026-10-02", "2026-10-02")),
    ],
)
def test_at_least_admits_clear_days_where_the_law_does(rules, at_least, days):
    ninety = Period(days=90)
    reading = deadline_before(date(2026, 12, 31), ninety, rules=rules, calendar=SAT_SUN, at_least=at_least)

    assert three(reading) == on(*days)


@pytest.mark.parametrize(
    ("counting", "day"),
    [(Counting.PLAIN, "2026-10-02"), (Counting.CLEAR, "2026-10-01"), (Counting.INCLUSIVE, "2026-10-03")],
)
def test_a_stated_counting_admits_no_other(counting, day):
    reading = deadline_before(
        date(2026, 12, 31),
        Period(days=90),
        rules=ENGLAND_CONTRACT,
        calendar=EVERY_DAY,
        counting=counting,
        at_least=True,
    )

    assert three(reading) == on(day, day, day)


def test_clear_business_days_leave_out_a_business_day():
    friday, two = date(2026, 5, 22), Period(business_days=2)

    def safe(counting):
        return deadline_before(friday, two, rules=US_CONTRACT, calendar=SAT_SUN, counting=counting).safe_on

    assert (safe(Counting.PLAIN), safe(Counting.CLEAR), safe(Counting.INCLUSIVE)) == on(
        "2026-05-20", "2026-05-19", "2026-05-21"
    )
    assert earliest_after(friday, two, rules=US_CONTRACT, calendar=SAT_SUN) == date(2026, 5, 27)


def test_a_short_period_counts_business_days_under_the_civil_procedure_rules():
    assert three(deadline_before(date(2025, 10, 20), Period(days=3), rules=CPR_2_8, calendar=ENGLAND)) == on(
        "2025-10-14", "2025-10-14", "2025-10-14"
    )
    # Six days are not short, and a week is not days alone.
    assert deadline_before(date(2025, 10, 20), Period(days=6), rules=CPR_2_8, calendar=ENGLAND).nominal_on == date(
        2025, 10, 13
    )
    assert deadline_after(date(2025, 10, 16), Period(days=2), rules=CPR_2_8, calendar=ENGLAND).nominal_on == date(
        2025, 10, 20
    )
    assert earliest_after(date(2025, 10, 16), Period(days=2), rules=CPR_2_8, calendar=ENGLAND) == date(2025, 10, 21)


def test_a_european_period_holds_two_business_days():
    bank = business_calendar("XECB")
    thursday = date(2024, 3, 28)

    assert deadline_after(thursday, Period(days=2), rules=EU_1182_71, calendar=bank).nominal_on == date(2024, 4, 3)
    # One day need not hold two; it only goes on from the holiday.
    assert deadline_after(thursday, Period(days=1), rules=EU_1182_71, calendar=bank).nominal_on == date(2024, 4, 2)


def test_a_stated_roll_beats_that_of_the_rule_set():
    saturday = {"rules": BGB, "calendar": SAT_SUN}

    assert deadline_after(date(2026, 12, 31), Period(days=30), **saturday, roll=Roll.NONE).nominal_on == date(
        2027, 1, 30
    )
    reading = deadline_before(date(2027, 3, 1), Period(days=30), **saturday, roll=Roll.FOLLOWING)
    assert three(reading) == on("2027-01-29", "2027-02-01", "2027-02-01")


def test_courts_of_the_united_states_go_on_in_the_direction_of_counting():
    assert three(deadline_before(date(2007, 9, 22), Period(days=21), rules=FRCP_6A, calendar=AMERICA)) == on(
        "2007-08-31", "2007-08-31", "2007-08-31"
    )


def test_a_period_without_a_business_day_keeps_its_closed_day_and_says_so():
    friday = date(2026, 5, 22)
    reading = deadline_after(friday, Period(days=2), rules=US_CONTRACT, calendar=SAT_SUN)

    assert three(reading) == on("2026-05-24", "2026-05-24", "2026-05-25")
    assert reading.assumptions == ("no-business-day-inside",)


def test_the_safe_day_never_passes_a_nominal_day_that_turns_back():
    friday = date(2026, 1, 30)  # Saturday 31 January: MODIFIED_FOLLOWING turns back to the Friday itself
    reading = deadline_after(friday, Period(days=1), rules=ISDA, calendar=SAT_SUN)

    assert three(reading) == on("2026-01-30", "2026-01-30", "2026-01-31")


def test_from_a_first_day_the_first_day_is_day_one():
    reading = deadline_after(
        date(2026, 1, 1), Period(months=1), rules=BGB, calendar=EVERY_DAY, counting=Counting.INCLUSIVE
    )

    assert reading.nominal_on == date(2026, 1, 31)
    friday = deadline_after(date(2026, 5, 22), Period(days=1), rules=BGB, calendar=SAT_SUN, counting=Counting.INCLUSIVE)
    assert (three(friday), friday.assumptions) == (on("2026-05-22", "2026-05-22", "2026-05-22"), ())


def test_clear_days_after_an_event_say_the_earliest_day_and_no_deadline():
    with pytest.raises(CountingError):
        deadline_after(date(2026, 1, 1), Period(days=28), rules=CPR_2_8, calendar=SAT_SUN, counting=Counting.CLEAR)

    def earliest(counting):
        return earliest_after(date(2024, 10, 1), Period(days=28), rules=CPR_2_8, calendar=ENGLAND, counting=counting)

    assert [earliest(counting).day for counting in (Counting.CLEAR, Counting.PLAIN, Counting.INCLUSIVE)] == [30, 29, 28]


def test_hours_give_no_deadline():
    with pytest.raises(PeriodError):
        deadline_before(date(2026, 1, 1), Period(hours=72), rules=BGB, calendar=SAT_SUN)


def test_a_deadline_beyond_the_calendar_and_near_an_estimate_says_so():
    eid = Holiday(date(2026, 5, 27), "Eid (estimated)", estimated=True)
    known = BusinessCalendar("T", (eid,), last_on=date(2026, 12, 31))

    def flags(day, period):
        return deadline_before(day, period, rules=BGB, calendar=known).assumptions

    assert flags(date(2026, 6, 30), Period(days=10)) == ()
    assert flags(date(2026, 6, 26), Period(days=30)) == ("estimated-holiday",)  # it would be Eid itself
    assert flags(date(2026, 6, 2), Period(business_days=6)) == ("estimated-holiday",)  # counted over it
    assert flags(date(2027, 3, 1), Period(days=10)) == ("beyond-calendar",)


def test_to_advance_counts_business_days_and_rolls_the_rest():
    assert advance(date(2026, 5, 22), 1, "days", roll=Roll.NONE, calendar=SAT_SUN) == date(2026, 5, 25)
    assert advance(date(2026, 5, 25), -1, "day", roll=Roll.NONE, calendar=SAT_SUN) == date(2026, 5, 22)
    assert advance(date(2026, 2, 28), 1, "months", roll=Roll.NONE, end_of_month=True, calendar=SAT_SUN) == date(
        2026, 3, 31
    )
    assert advance(date(2026, 2, 27), 3, "months", roll=Roll.FOLLOWING, end_of_month=True, calendar=SAT_SUN) == date(
        2026, 5, 29
    )
    assert advance(date(2026, 5, 30), -1, "weeks", roll=Roll.FOLLOWING, calendar=SAT_SUN) == date(2026, 5, 25)


def test_a_rule_set_is_found_by_its_name():
    assert [rule_set(name) for name in RULE_SETS] == list(RULE_SETS.values())
    assert rule_set(" BGB ") is BGB
    with pytest.raises(UnknownName) as unknown:
        rule_set("sharia")
    assert unknown.value.choices == (
        "us-contract",
        "frcp-6a",
        "england-contract",
        "cpr-2.8",
        "bgb",
        "eu-1182-71",
        "isda",
    )
