from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from config.holiday_calendars import business_calendar
from lifecycle.counting.derivation import ASSUMPTIONS, Change, Reading, Source, changes, widest
from lifecycle.counting.rules import BGB, EU_1182_71, US_CONTRACT, deadline_after, deadline_before
from lifecycle.counting.told import Told
from lifecycle.days.calendars import SAT_SUN, BusinessCalendar, Holiday, with_closures
from lifecycle.days.dates import Counting, Period
from tests.support.replay import replayed
from tests.support.strategies import countable_periods, countings, days_with_calendars, rolls, rule_sets

BERLIN = business_calendar("DE-BE")


def told(reading):
    return [(step.rule, step.was_on.isoformat(), step.on.isoformat(), step.text) for step in reading.steps]


def test_an_open_day_is_told_in_two_lines():  # the middle of W2
    reading = deadline_before(date(2027, 1, 31), Period(days=60), rules=BGB, calendar=BERLIN)

    assert told(reading) == [
        ("notice-before", "2027-01-31", "2026-12-02", "60 days, the day of notice not counted"),
        ("roll", "2026-12-02", "2026-12-02", "Wednesday, open in DE-BE: no change"),
    ]
    assert [step.source for step in reading.steps] == [Source.AGREEMENT, Source.RULE_SET]
    assert reading.steps[1].calendar == reading.calendars == BERLIN.provenance
    assert (reading.steps[0].inputs, reading.steps[1].inputs) == ((("period", "60d"),), (("by", "preceding"),))


def test_a_roll_names_what_it_stepped_over():
    fourth = business_calendar("US:national")
    reading = deadline_before(date(2026, 10, 2), Period(days=91), rules=US_CONTRACT, calendar=fourth)
    back, on = reading.steps[1:]

    assert back.text == ("Friday, Independence Day (observed), closed in US:national: back to Thursday, 2 Jul 2026")
    assert on.text == "Friday, Independence Day (observed), closed in US:national: on to Monday, 6 Jul 2026"
    assert [holiday.on.day for holiday in back.closed] == [3]
    assert [holiday.on.day for holiday in on.closed] == [3, 4, 5]


def test_every_admissible_reading_is_told_and_the_earliest_chosen():
    reading = deadline_before(date(2026, 6, 30), Period(months=3), rules=US_CONTRACT, calendar=SAT_SUN, at_least=True)

    assert [(step.rule, step.was_on.isoformat(), step.on.isoformat()) for step in reading.steps] == [
        ("notice-before", "2026-06-30", "2026-03-30"),
        ("months-fit", "2026-06-30", "2026-03-31"),
        ("clear-day", "2026-03-30", "2026-03-29"),
        ("clear-day", "2026-03-31", "2026-03-30"),
        ("earliest", "2026-03-30", "2026-03-29"),
        ("roll", "2026-03-29", "2026-03-27"),
    ]
    assert reading.steps[4].inputs == (("of", "2026-03-30 2026-03-31 2026-03-29"),)


def test_counted_business_days_name_the_days_off_between():
    reading = deadline_before(date(2026, 5, 26), Period(business_days=1), rules=BGB, calendar=BERLIN)

    assert [holiday.on.day for holiday in reading.steps[0].closed] == [23, 24, 25]
    assert reading.steps[0].calendar == BERLIN.provenance


@given(days_with_calendars(), countable_periods, rule_sets, st.none() | countings, st.booleans(), st.none() | rolls)
def test_every_step_back_can_be_taken_again(where, period, rules, counting, at_least, roll):  # W1
    day, calendar = where
    reading = deadline_before(
        day, period, rules=rules, calendar=calendar, counting=counting, at_least=at_least, roll=roll
    )

    assert [replayed(step, calendar) for step in reading.steps] == [step.on for step in reading.steps]
    assert_steps_hang_together(reading, day)


@given(
    days_with_calendars(), countable_periods, rule_sets, st.sampled_from([Counting.PLAIN, Counting.INCLUSIVE]), rolls
)
def test_every_step_on_can_be_taken_again(where, period, rules, counting, roll):  # W1
    day, calendar = where
    reading = deadline_after(day, period, rules=rules, calendar=calendar, counting=counting, roll=roll)

    assert [replayed(step, calendar) for step in reading.steps] == [step.on for step in reading.steps]
    assert_steps_hang_together(reading, day)


def assert_steps_hang_together(reading, day):
    reached = {day}
    for step in reading.steps:
        assert step.was_on in reached
        reached.add(step.on)
    assert {reading.safe_on, reading.nominal_on, reading.latest_on} <= reached


def test_the_least_business_days_are_a_step_of_their_own():
    reading = deadline_after(date(2024, 3, 28), Period(days=2), rules=EU_1182_71, calendar=business_calendar("XECB"))

    assert told(reading)[:2] == [
        ("period-after", "2024-03-28", "2024-03-30", "2 days, the day of the event not counted"),
        ("least-business-days", "2024-03-30", "2024-04-03", "ends no earlier than on business day 2 after 28 Mar 2024"),
    ]


def test_every_assumption_has_its_sentence():
    assert all(code == code.lower() and sentence.endswith(".") for code, sentence in ASSUMPTIONS.items())
    assert {
        "end-convention-unstated",
        "rule-set-assumed",
        "receipt-assumed",
        "method-assumed",
        "national-calendar",
        "weekends-assumed",
        "estimated-holiday",
        "beyond-calendar",
        "leap-day-anchor",
        "awaits-fact",
        "no-disclosures-recorded",
        "no-business-day-inside",
        "months-back-differ",
    } <= set(ASSUMPTIONS)


def test_the_widest_reading_keeps_the_nominal_day_of_the_first():
    early = Reading(date(2026, 10, 1), date(2026, 10, 3), date(2026, 10, 3), assumptions=("awaits-fact",))
    late = Reading(date(2026, 10, 2), date(2026, 10, 2), date(2026, 10, 5), assumptions=("receipt-assumed",))
    wide = widest(late, early)

    assert (wide.safe_on, wide.nominal_on, wide.latest_on) == (
        date(2026, 10, 1),
        date(2026, 10, 2),
        date(2026, 10, 5),
    )
    assert wide.assumptions == ("receipt-assumed", "awaits-fact")
    assert [(step.rule, step.was_on, step.on) for step in wide.steps] == [
        ("earliest", date(2026, 10, 2), date(2026, 10, 1))
    ]
    assert widest(late) == late
    assert widest(early, late).latest_on == date(2026, 10, 5)


def reading_by(calendar, period=90, counting=Counting.PLAIN):
    return deadline_before(
        date(2023, 8, 6), Period(days=period), rules=US_CONTRACT, calendar=calendar, counting=counting
    )


def test_nothing_changed_is_no_change():
    assert changes(reading_by(SAT_SUN), reading_by(SAT_SUN)) == ()


def test_a_new_holiday_is_the_reason_of_a_change():
    old = BusinessCalendar("GB", source="holidays", version="0.20")
    new = BusinessCalendar("GB", (Holiday(date(2023, 5, 8), "Coronation"),), source="holidays", version="0.21")

    assert changes(reading_by(old), reading_by(new)) == (
        Change(
            "safe_on",
            date(2023, 5, 8),
            date(2023, 5, 5),
            "GB: holidays 0.20 became holidays 0.21; now closed: 8 May 2023 (Coronation)",
        ),
        Change(
            "latest_on",
            date(2023, 5, 8),
            date(2023, 5, 9),
            "GB: holidays 0.20 became holidays 0.21; now closed: 8 May 2023 (Coronation)",
        ),
    )


def test_closures_of_our_own_are_a_change_of_the_calendar():
    closed = with_closures(SAT_SUN, [Holiday(date(2023, 5, 8), "Moving house")])
    old, new = SAT_SUN.provenance[0].digest[:8], closed.provenance[0].digest[:8]

    assert changes(reading_by(SAT_SUN), reading_by(closed))[0].because == (
        f"SAT_SUN: longstop {old} became longstop {new}; now closed: 8 May 2023 (Moving house)"
    )


def test_another_period_is_the_reason_of_a_change():
    moved = changes(reading_by(SAT_SUN), reading_by(SAT_SUN, period=91))

    assert [change.field for change in moved] == ["safe_on", "nominal_on"]
    assert moved[0].because == "period 90d became 91d"


def test_the_days_of_a_reading_are_known_before_its_reasons_are_told():
    reading = deadline_before(date(2027, 1, 31), Period(days=60), rules=BGB, calendar=SAT_SUN)
    assert isinstance(reading.steps, Told)
    assert [step.rule for step in reading.steps] == ["notice-before", "roll"]
    assert reading == reading._replace(steps=tuple(reading.steps))
