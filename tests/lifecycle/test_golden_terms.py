"""The worked examples of terms: one reading of the whole derivation, and the days that were computed by hand."""

from dataclasses import replace
from datetime import date, time

import pytest

from config.holiday_calendars import business_calendar
from lifecycle.counting.derivation import Clause, Reading, Sensitivity, Source
from lifecycle.counting.rules import BGB, ENGLAND_CONTRACT, US_CONTRACT
from lifecycle.days.dates import Counting, Period
from lifecycle.exits.start_by import exit_start
from lifecycle.obligations.duties import Recurrence, occurrences
from lifecycle.terms.terms import (
    Anchor,
    CountsAs,
    DeliveryMethod,
    EndConvention,
    EndsAt,
    ForConvenience,
    Lasting,
    Notice,
    Reckoning,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Terms,
    Until,
    WindowState,
    end_if_noticed,
    initial_end,
    next_window,
    send_by,
    sensitivity,
    survival_ends,
    term,
    window_of,
    windows,
)

DAY_BEFORE, ANNIVERSARY = EndConvention.DAY_BEFORE, EndConvention.ANNIVERSARY
YEARLY = Renewal(RenewalKind.AUTOMATIC, Period(years=1))
MONTHLY = Renewal(RenewalKind.AUTOMATIC, Period(months=1))
COURIER = DeliveryMethod("courier", Period(business_days=1), cutoff=time(17), clause=Clause("cl. 18.2"))
THREE_YEARS = Terms(
    effective_on=date(2024, 2, 1),
    end=Lasting(Period(months=36), clause=Clause("cl. 2.1", 3)),
    convention=DAY_BEFORE,
    renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=12)),
    notices=(
        Notice(Period(days=60), Side.OURS, counts_as=CountsAs.RECEIVED, method=COURIER, clause=Clause("cl. 12.3", 9)),
    ),
)


@pytest.fixture(scope="module")
def berlin():
    return business_calendar("DE-BE")


@pytest.fixture(scope="module")
def by_berlin(berlin):
    return Reckoning(rules=BGB, calendar=berlin, buffer=Period(business_days=5))


def year(convention, **notice):
    """One year from 1 January 2026 that renews, with notice in days."""
    period = Period(days=notice.pop("days"))
    return Terms(
        effective_on=date(2026, 1, 1),
        end=Lasting(Period(years=1)),
        convention=convention,
        renewal=YEARLY,
        notices=(Notice(period, Side.OURS, **notice),),
    )


def three_days(terms, rules, code):
    window = next_window(terms, Side.OURS, date(2026, 1, 1), rules=rules, calendar=business_calendar(code))
    assert window is not None
    reading = window.reading
    return reading.safe_on, reading.nominal_on, reading.latest_on


def last_days(terms, numbers):
    return [term(terms, number).last_on for number in numbers]


def test_the_derivation_of_the_notice_is_told_line_by_line(by_berlin):
    window = window_of(THREE_YEARS, 0, 0, by_berlin)
    told = [(step.rule, step.was_on, step.on, step.text) for step in window.reading.steps]
    assert told == [
        ("term-end", date(2024, 2, 1), date(2027, 1, 31), "1 Feb 2024 + 36 months - 1 day"),
        ("notice-before", date(2027, 1, 31), date(2026, 12, 2), "60 days, the day of notice not counted"),
        ("roll", date(2026, 12, 2), date(2026, 12, 2), "Wednesday, open in DE-BE: no change"),
        (
            "receipt",
            date(2026, 12, 2),
            date(2026, 12, 1),
            "courier: received the next business day; sent Tuesday, 1 Dec 2026",
        ),
        ("buffer", date(2026, 12, 1), date(2026, 11, 24), "5 business days"),
    ]


def test_the_derivation_of_the_notice_names_clauses_sources_and_calendar(by_berlin, berlin):
    window = window_of(THREE_YEARS, 0, 0, by_berlin)
    steps = window.reading.steps
    assert [step.clause for step in steps] == [
        Clause("cl. 2.1", 3),
        Clause("cl. 12.3", 9),
        None,
        Clause("cl. 18.2"),
        None,
    ]
    assert [step.source for step in steps] == [
        Source.AGREEMENT,
        Source.AGREEMENT,
        Source.RULE_SET,
        Source.AGREEMENT,
        Source.PLAYBOOK,
    ]
    assert [step.calendar for step in steps] == [(), (), *(berlin.provenance,) * 3]
    assert dict(steps[0].inputs) == {"period": "36m", "convention": "day-before"}


def test_the_days_of_the_notice_stand_together(by_berlin, berlin):
    window = window_of(THREE_YEARS, 0, 0, by_berlin)
    assert window.reading == Reading(
        date(2026, 12, 1),
        date(2026, 12, 2),
        date(2026, 12, 2),
        window.reading.steps,
        (),
        berlin.provenance,
    )
    assert (window.target_on, window.cutoff, window.subject) == (date(2026, 11, 24), time(17), "n1")


def test_what_the_safe_day_hangs_on_is_said_largest_first(by_berlin):
    window = window_of(THREE_YEARS, 0, 0, by_berlin)
    assert sensitivity(THREE_YEARS, window, by_berlin) == (
        Sensitivity("counts_as", "sent", 1),
        Sensitivity("counting", "clear", -1),
        Sensitivity("convention", "anniversary", 1),
        Sensitivity("calendar", "SAT_SUN", 0),
    )


def test_an_unstated_convention_moves_only_the_latest_day_of_the_example(by_berlin):
    reading = window_of(replace(THREE_YEARS, convention=None), 0, 0, by_berlin).reading
    assert (reading.safe_on, reading.nominal_on, reading.latest_on) == (
        date(2026, 12, 1),
        date(2026, 12, 2),
        date(2026, 12, 3),
    )
    assert reading.assumptions == ("end-convention-unstated",)


def test_g5_a_year_ends_the_day_before_or_on_the_anniversary():
    terms = [year(convention, days=90) for convention in (DAY_BEFORE, ANNIVERSARY)]
    assert [(term(each, 0).last_on, term(each, 0).expires_on) for each in terms] == [
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2027, 1, 2)),
    ]


def test_g6_ninety_days_before_the_end_of_the_year():
    day = date(2026, 10, 2)
    assert three_days(year(DAY_BEFORE, days=90), US_CONTRACT, "US:national") == (day, day, day)
    assert three_days(year(ANNIVERSARY, days=90), US_CONTRACT, "US:national") == (
        date(2026, 10, 2),
        date(2026, 10, 3),
        date(2026, 10, 5),
    )


def test_g7_an_unstated_convention_is_read_both_ways():
    assert three_days(year(None, days=90, at_least=True), US_CONTRACT, "US:national") == (
        date(2026, 10, 1),
        date(2026, 10, 2),
        date(2026, 10, 5),
    )


def test_g8_at_least_is_clear_in_england():
    assert three_days(year(DAY_BEFORE, days=90, at_least=True), ENGLAND_CONTRACT, "GB-ENG") == (
        date(2026, 10, 1),
        date(2026, 10, 1),
        date(2026, 10, 2),
    )


def test_g13_three_years_from_a_leap_day_end_in_february():
    terms = Terms(effective_on=date(2024, 2, 29), end=Lasting(Period(years=3)), convention=DAY_BEFORE, renewal=YEARLY)
    assert last_days(terms, range(4)) == [date(each, 2, 28) for each in (2027, 2028, 2029, 2030)]


@pytest.mark.parametrize(
    ("convention", "expected"),
    [
        (DAY_BEFORE, [date(2026, 2, 28), date(2026, 3, 30), date(2026, 4, 30)]),
        (ANNIVERSARY, [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
    ],
)
def test_g14_months_from_the_31st_never_drift(convention, expected):
    terms = Terms(effective_on=date(2026, 1, 31), end=Lasting(Period(months=1)), convention=convention, renewal=MONTHLY)
    assert last_days(terms, range(3)) == expected


def test_g15_other_ends_are_anchors_of_their_own():
    until = Terms(effective_on=date(2026, 1, 1), end=Until(date(2027, 2, 28)), renewal=YEARLY)
    ninety = Terms(effective_on=date(2026, 1, 1), end=Lasting(Period(days=90)), convention=DAY_BEFORE, renewal=MONTHLY)
    assert last_days(until, [1]) == [date(2028, 2, 29)]
    assert last_days(ninety, range(3)) == [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


def test_g16_terms_that_run_to_the_end_of_the_year():
    zero = Terms(
        effective_on=date(2014, 5, 8),
        end=Lasting(Period()),
        convention=EndConvention.YEAR_END,
        renewal=YEARLY,
    )
    sixty = Terms(effective_on=date(2020, 1, 1), end=Lasting(Period(months=60)), convention=EndConvention.YEAR_END)
    assert last_days(zero, range(2)) == [date(2014, 12, 31), date(2015, 12, 31)]
    assert initial_end(sixty).last_on == date(2024, 12, 31)


def test_g17_a_missed_window_shows_the_next_one(berlin):
    window = next_window(THREE_YEARS, Side.OURS, date(2026, 11, 20), rules=BGB, calendar=berlin)
    assert window is not None
    assert [window.state(date(2026, 12, day)) for day in (1, 2, 15)] == [
        WindowState.OPEN,
        WindowState.ARGUABLE,
        WindowState.MISSED,
    ]
    following = next_window(THREE_YEARS, Side.OURS, date(2026, 12, 15), rules=BGB, calendar=berlin)
    assert following is not None
    assert (following.safe_on, following.term.last_on) == (date(2027, 12, 1), date(2028, 1, 31))


def test_g18_one_more_holiday_brings_the_notice_forward():
    terms = Terms(
        effective_on=date(2022, 8, 7),
        end=Until(date(2023, 8, 6)),
        renewal=YEARLY,
        notices=(Notice(Period(days=90), Side.OURS, counting=Counting.PLAIN, counts_as=CountsAs.SENT),),
    )
    england = business_calendar("GB-ENG")
    coronation = date(2023, 5, 8)
    without = replace(england, holidays=tuple(each for each in england.holidays if each.on != coronation))
    days = [
        (window.reading.safe_on, window.reading.nominal_on)
        for calendar in (without, england)
        for window in windows(
            terms,
            Side.OURS,
            from_on=date(2023, 1, 1),
            until_on=date(2023, 12, 31),
            rules=ENGLAND_CONTRACT,
            calendar=calendar,
        )
    ]
    assert days == [(date(2023, 5, 8), date(2023, 5, 8)), (date(2023, 5, 5), date(2023, 5, 8))]


def test_g19_a_window_opens_on_a_business_day():
    terms = year(DAY_BEFORE, days=90, opens=Period(days=180))
    window = next_window(
        terms, Side.OURS, date(2026, 1, 1), rules=US_CONTRACT, calendar=business_calendar("US:national")
    )
    assert window is not None
    assert (window.opens_on, window.reading.safe_on, window.reading.nominal_on) == (
        date(2026, 7, 6),
        date(2026, 10, 2),
        date(2026, 10, 2),
    )


def test_g20_notice_to_the_end_of_a_quarter():
    leave = ForConvenience(Side.OURS, Period(months=3), EndsAt.QUARTER_END)
    days = [end_if_noticed(THREE_YEARS, leave, day) for day in (date(2026, 6, 30), date(2026, 7, 1))]
    assert days == [date(2026, 9, 30), date(2026, 12, 31)]


def test_g21_easter_stands_between_sending_and_counting():
    england, count_by_on = business_calendar("GB-ENG"), date(2026, 4, 7)
    methods = [DeliveryMethod("post", Period(business_days=2)), DeliveryMethod("courier", Period(business_days=1))]
    assert [send_by(count_by_on, method, england) for method in methods] == [date(2026, 4, 1), date(2026, 4, 2)]


def test_g22_survival_after_the_end_and_after_a_disclosure():
    terms = Terms(
        effective_on=date(2026, 1, 1),
        end=Until(date(2026, 12, 31)),
        survivals=(
            Survival("confidentiality", Period(years=3), Anchor.EXPIRY),
            Survival("confidentiality", Period(years=5), Anchor.EACH_DISCLOSURE),
        ),
    )
    nominal = [end.reading.nominal_on for end in survival_ends(terms, [date(2024, 2, 29)]) if end.reading]
    assert nominal == [date(2029, 12, 31), date(2029, 2, 28)]


def test_g24_recurrences_count_from_their_anchor(berlin):
    quarterly = Recurrence(Period(months=3), date(2025, 11, 30))
    yearly = Recurrence(Period(years=1), date(2024, 2, 29))

    def days(recurrence, until_on):
        found = occurrences(
            recurrence,
            from_on=recurrence.anchor_on,
            until_on=until_on,
            last_on=None,
            rules=US_CONTRACT,
            calendar=berlin,
        )
        return [each.reading.nominal_on for each in found]

    assert days(quarterly, date(2026, 8, 31)) == [date(2026, 2, 28), date(2026, 5, 30), date(2026, 8, 30)]
    assert days(yearly, date(2028, 12, 31))[3] == date(2028, 2, 29)


def test_g25_an_exit_of_six_months_does_not_fit_into_the_notice(by_berlin, berlin):
    notice = window_of(THREE_YEARS, 0, 0, by_berlin).reading
    start = exit_start(date(2027, 1, 31), Period(months=6), notice=notice, calendar=berlin)
    assert (start.start_by_on, start.alarm, start.shortfall_days) == (date(2026, 7, 31), True, 123)
