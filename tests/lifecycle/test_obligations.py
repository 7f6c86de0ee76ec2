"""Obligations: what is due once, again and again, or beside a turning point."""

from datetime import date
from itertools import islice

import pytest

from lifecycle.counting.derivation import Clause
from lifecycle.counting.rules import BGB, CPR_2_8, EU_1182_71, US_CONTRACT
from lifecycle.days.calendars import EVERY_DAY, SAT_SUN
from lifecycle.days.dates import MonthEnd, Period, Roll
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.obligations.duties import (
    Anchors,
    Basis,
    Direction,
    Obligation,
    ObligationKind,
    Offset,
    OffsetFrom,
    Once,
    Recurrence,
    RecurrenceError,
    obligation_occurrences,
    occurrences,
)

START = date(2026, 1, 15)
ANCHORS = Anchors(effective_on=START, signed_on=date(2026, 1, 5), last_on=date(2027, 1, 14))


def found(recurrence, from_on=START, until_on=date(2027, 12, 31), last_on=None, calendar=EVERY_DAY, rules=US_CONTRACT):
    return occurrences(recurrence, from_on=from_on, until_on=until_on, last_on=last_on, rules=rules, calendar=calendar)


def told(*args, **kwargs):
    return [(each.cycle, each.reading.nominal_on) for each in found(*args, **kwargs)]


def due(due_rule, from_on=START, anchors=ANCHORS, calendar=EVERY_DAY, rules=US_CONTRACT, **more):
    obligation = Obligation(id="o1", kind=ObligationKind.AUDIT, name="SOC 2 report", due=due_rule, **more)
    return obligation_occurrences(obligation, anchors=anchors, from_on=from_on, rules=rules, calendar=calendar)


def test_kinds_of_obligations_are_kinds_of_milestones():
    assert {kind.value for kind in ObligationKind} <= {kind.value for kind in MilestoneKind}


def test_quarters_are_named_for_good_and_due_after_their_end():
    reports = Recurrence(Period(months=3), START, Basis.QUARTER, due_after=Period(days=30))
    assert told(reports, until_on=date(2026, 12, 31)) == [
        ("2026-Q1", date(2026, 4, 30)),
        ("2026-Q2", date(2026, 7, 30)),
        ("2026-Q3", date(2026, 10, 30)),
    ]


@pytest.mark.parametrize(
    ("last_on", "fees", "reports"),
    [
        (date(2026, 6, 30), ["2026-Q1", "2026-Q2"], ["2026-Q1"]),
        (date(2026, 5, 15), ["2026-Q1", "2026-Q2"], ["2026-Q1"]),  # the part of a quarter is to be paid
        (date(2026, 3, 31), ["2026-Q1"], []),
    ],
)
def test_a_fee_in_arrears_is_owed_for_the_last_period_as_well(last_on, fees, reports):
    after_the_quarter = Recurrence(Period(months=3), START, Basis.QUARTER, due_after=Period(days=30))
    for kind, expected in ((ObligationKind.FEE, fees), (ObligationKind.AUDIT, reports)):
        owed = Obligation(id="o1", kind=kind, name="Quarter", due=after_the_quarter)
        found = obligation_occurrences(
            owed, anchors=Anchors(last_on=last_on), from_on=START, rules=US_CONTRACT, calendar=EVERY_DAY
        )
        assert [one.cycle for one in found] == expected


def test_a_fee_on_stated_days_that_is_due_after_them_is_owed_for_those_in_force():
    counted = Recurrence(Period(months=3), date(2026, 3, 31), first=0, due_after=Period(days=15))
    fee = Obligation(id="o1", kind=ObligationKind.FEE, name="Rent", due=counted)
    for last_on, expected in ((date(2026, 6, 30), ["0", "1"]), (date(2026, 6, 29), ["0"])):
        found = obligation_occurrences(
            fee, anchors=Anchors(last_on=last_on), from_on=START, rules=US_CONTRACT, calendar=EVERY_DAY
        )
        assert [one.cycle for one in found] == expected


@pytest.mark.parametrize(
    ("basis", "every", "expected"),
    [
        (Basis.MONTH, Period(months=1), [("2026-01", date(2026, 1, 31)), ("2026-02", date(2026, 2, 28))]),
        (Basis.MONTH, Period(months=2), [("2026-01", date(2026, 1, 31)), ("2026-03", date(2026, 3, 31))]),
        (Basis.QUARTER, Period(months=6), [("2026-Q1", date(2026, 3, 31)), ("2026-Q3", date(2026, 9, 30))]),
        (Basis.YEAR, Period(years=1), [("2026", date(2026, 12, 31)), ("2027", date(2027, 12, 31))]),
        (Basis.YEAR, Period(months=24), [("2026", date(2026, 12, 31))]),
    ],
)
def test_calendar_periods_begin_with_the_one_that_holds_the_anchor(basis, every, expected):
    assert told(Recurrence(every, START, basis))[:2] == expected


@pytest.mark.parametrize(
    ("basis", "said"), [(Basis.MONTH, "Jan 2026"), (Basis.QUARTER, "Q1 2026"), (Basis.YEAR, "2026")]
)
def test_a_calendar_period_is_named_as_people_say_it(basis, said):
    first = found(Recurrence(Period(months=12), START, basis))[0]
    assert first.reading.steps[0].text == f"the last day of {said}"


def test_the_first_occurrence_may_be_the_anchor_itself_or_a_later_one():
    assert told(Recurrence(Period(years=1), START, first=0)) == [("0", START), ("1", date(2027, 1, 15))]
    assert told(Recurrence(Period(months=6), START, first=3))[0] == ("3", date(2027, 7, 15))


def test_a_month_end_may_stick():
    sticky = Recurrence(Period(months=1), date(2026, 2, 28), month_end=MonthEnd.LAST_DAY)
    assert told(sticky, until_on=date(2026, 5, 31)) == [
        ("1", date(2026, 3, 31)),
        ("2", date(2026, 4, 30)),
        ("3", date(2026, 5, 31)),
    ]


def test_business_days_recur_on_the_calendar():
    every_other = Recurrence(Period(business_days=2), date(2026, 1, 1))
    assert told(every_other, until_on=date(2026, 1, 20), calendar=SAT_SUN)[:3] == [
        ("5", date(2026, 1, 15)),
        ("6", date(2026, 1, 19)),
    ]


def test_at_most_so_many_occurrences_come():
    assert [cycle for cycle, _ in told(Recurrence(Period(months=1), START, at_most=3))] == ["1", "2", "3"]


def test_occurrences_stop_with_the_agreement_unless_they_continue():
    yearly = Period(months=6)
    last_on = date(2026, 12, 31)
    assert [cycle for cycle, _ in told(Recurrence(yearly, START), last_on=last_on)] == ["1"]
    outliving = Recurrence(yearly, START, continues=Period(months=12))
    assert [cycle for cycle, _ in told(outliving, last_on=last_on)] == ["1", "2", "3"]


def test_a_due_day_is_read_three_ways():
    # 15 Feb 2026 is a Sunday, and Monday may be argued.
    (occurrence,) = found(Recurrence(Period(months=1), START, at_most=1), calendar=SAT_SUN, until_on=date(2026, 2, 20))
    reading = occurrence.reading
    assert (reading.safe_on, reading.nominal_on, reading.latest_on) == (
        date(2026, 2, 13),
        date(2026, 2, 15),
        date(2026, 2, 16),
    )
    assert [(step.rule, step.text) for step in reading.steps] == [
        ("recurs", "15 Jan 2026 + 1 x 1 month"),
        ("roll", "Sunday, closed: back to Friday, 13 Feb 2026"),
    ]


def test_a_stated_roll_moves_the_nominal_day():
    (occurrence,) = found(Recurrence(Period(months=1), START, roll=Roll.FOLLOWING, at_most=1), calendar=SAT_SUN)
    assert occurrence.reading.nominal_on == date(2026, 2, 16)


def test_an_audit_is_announced_before_the_day_on_which_it_is_safe():
    audit = Recurrence(Period(years=1), START, announce=Period(business_days=10))
    (occurrence,) = found(audit, calendar=SAT_SUN, until_on=date(2027, 1, 31))
    assert (occurrence.reading.safe_on, occurrence.announce_on) == (date(2027, 1, 15), date(2027, 1, 1))


@pytest.mark.parametrize("rules", [CPR_2_8, EU_1182_71, BGB])
def test_no_occurrence_is_lost_where_a_law_counts_a_short_period_in_business_days(rules):
    series = Recurrence(Period(months=1), date(2026, 1, 31), Basis.MONTH, due_after=Period(days=2))
    whole = found(series, calendar=SAT_SUN, rules=rules)
    for occurrence in whole:
        rest = found(series, from_on=occurrence.reading.safe_on, calendar=SAT_SUN, rules=rules)
        assert rest[0] == occurrence


def test_a_daily_duty_is_found_a_century_ahead_without_walking():
    daily = Recurrence(Period(days=1), START)
    assert told(daily, from_on=date(2199, 6, 1), until_on=date(2199, 6, 1)) == [
        (str((date(2199, 6, 1) - START).days), date(2199, 6, 1))
    ]


@pytest.mark.parametrize(
    ("every", "basis"),
    [
        (Period(), Basis.ANCHOR),
        (Period(hours=24), Basis.ANCHOR),
        (Period(months=1), Basis.QUARTER),
        (Period(days=90), Basis.QUARTER),
    ],
)
def test_a_rule_that_stands_still_or_leaves_the_calendar_is_refused(every, basis):
    with pytest.raises(RecurrenceError):
        Recurrence(every, START, basis)


def test_a_stated_day_is_due_once_whatever_the_agreement_does():
    (occurrence,) = due(Once(date(2028, 1, 1)), clause=Clause("9.4"))
    assert (occurrence.cycle, occurrence.reading.nominal_on) == ("1", date(2028, 1, 1))
    assert occurrence.reading.steps[0].clause == Clause("9.4")
    assert list(due(Once(date(2025, 1, 1)))) == []


@pytest.mark.parametrize(
    ("offset", "nominal_on"),
    [
        (Offset(Period(days=10), Direction.AFTER, OffsetFrom.EFFECTIVE), date(2026, 1, 25)),
        (Offset(Period(days=10), Direction.AFTER, OffsetFrom.SIGNED), date(2026, 1, 15)),
        (Offset(Period(months=2), Direction.BEFORE, OffsetFrom.LAST_DAY), date(2026, 11, 14)),
        (Offset(Period(days=30), Direction.AFTER, OffsetFrom.LAST_DAY), date(2027, 2, 13)),
        (Offset(Period(), Direction.AFTER, OffsetFrom.LAST_DAY), date(2027, 1, 14)),
        (Offset(Period(weeks=1), Direction.BEFORE, OffsetFrom.EXIT), date(2027, 1, 7)),
    ],
)
def test_an_offset_is_counted_from_its_turning_point(offset, nominal_on):
    assert [each.reading.nominal_on for each in due(offset)] == [nominal_on]


def test_an_exit_that_was_given_a_day_counts_from_that_day():
    anchors = Anchors(last_on=date(2027, 1, 14), exit_on=date(2026, 10, 31))
    step = Offset(Period(weeks=1), Direction.BEFORE, OffsetFrom.EXIT)
    assert [each.reading.nominal_on for each in due(step, anchors=anchors)] == [date(2026, 10, 24)]


@pytest.mark.parametrize("length", [Period(), Period(days=30)], ids=["at once", "later"])
def test_why_begins_with_the_turning_point_and_its_day(length):
    (occurrence,) = due(Offset(length, Direction.AFTER, OffsetFrom.LAST_DAY))
    first, *_ = occurrence.reading.steps
    assert (first.on, first.text) == (date(2027, 1, 14), "the last day in force")


def test_what_hangs_on_an_unknown_day_is_not_due_yet():
    assert list(due(Offset(Period(days=3), Direction.BEFORE, OffsetFrom.LAST_DAY), anchors=Anchors())) == []


def test_recurring_duties_outlive_the_agreement_as_long_as_they_continue():
    quarterly = Recurrence(Period(months=6), START)
    assert [each.cycle for each in due(quarterly)] == ["1"]
    assert [each.cycle for each in due(quarterly, continues=Period(months=7))] == ["1", "2", "3"]


def test_a_duty_that_was_ended_has_nothing_due_after_that_day():
    monthly = Recurrence(Period(months=1), START)
    assert [each.cycle for each in due(monthly, ended_on=date(2026, 3, 15))] == ["1", "2"]


def test_occurrences_are_made_one_at_a_time():
    endless = due(Recurrence(Period(days=1), START), anchors=Anchors())
    assert [each.cycle for each in islice(endless, 3)] == ["1", "2", "3"]


def test_what_is_due_on_the_last_day_is_still_due():
    assert told(Recurrence(Period(months=6), START), last_on=date(2026, 7, 15)) == [("1", date(2026, 7, 15))]
