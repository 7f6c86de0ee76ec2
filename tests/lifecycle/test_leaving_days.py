"""The coming ends of an agreement that notice may end on set days only."""

from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.holiday_calendars import business_calendar
from lifecycle.counting.rules import BGB, ENGLAND_CONTRACT, US_CONTRACT
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Period
from lifecycle.terms.leaving_days import SET_DAYS, ways_out
from lifecycle.terms.sensitivity import sensitivity_of_leaving
from lifecycle.terms.terms import (
    CountsAs,
    DeliveryMethod,
    EndConvention,
    Ended,
    EndedHow,
    EndsAt,
    ForConvenience,
    Lasting,
    OpenEnded,
    Reckoning,
    Renewal,
    RenewalKind,
    Side,
    Terms,
    end_if_noticed,
)

START = date(2024, 1, 15)
BY = Reckoning(rules=BGB, calendar=SAT_SUN)
QUARTERLY = ForConvenience(Side.EITHER, Period(months=3), EndsAt.QUARTER_END)


def terms(leave=QUARTERLY, end=None, **more):
    return Terms(effective_on=START, end=end or OpenEnded(), for_convenience=(leave,), **more)


def days(leave=QUARTERLY, on=date(2026, 4, 1), *, by=BY, some=3, **more):
    """(last day, last safe day) of the ends that can be reached on a day."""
    found = islice(ways_out(terms(leave, **more), leave, on, by), some)
    return [(way.last_on.isoformat(), way.reading.safe_on.isoformat()) for way in found]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (EndsAt.MONTH_END, {"2026-07-31": "2026-04-30", "2026-08-31": "2026-05-29", "2026-09-30": "2026-06-30"}),
        (EndsAt.QUARTER_END, {"2026-09-30": "2026-06-30", "2026-12-31": "2026-09-30", "2027-03-31": "2026-12-31"}),
        (EndsAt.HALF_YEAR_END, {"2026-12-31": "2026-09-30", "2027-06-30": "2027-03-30", "2027-12-31": "2027-09-30"}),
        (EndsAt.YEAR_END, {"2026-12-31": "2026-09-30", "2027-12-31": "2027-09-30", "2028-12-31": "2028-09-29"}),
        (EndsAt.ANY_DAY, {}),
        (EndsAt.TERM_END, {}),
    ],
)
def test_each_coming_end_has_a_last_safe_day(ends, expected):
    assert dict(days(ForConvenience(Side.EITHER, Period(months=3), ends))) == expected


def test_an_end_is_reached_as_long_as_somebody_may_argue_so():
    thirtieth, thirty_first = date(2026, 3, 30), date(2026, 3, 31)
    american = Reckoning(rules=US_CONTRACT, calendar=SAT_SUN)
    assert days(on=thirtieth, by=american, some=1) == days(on=thirty_first, by=american, some=1)
    assert days(on=thirty_first, by=american, some=1) == [("2026-06-30", "2026-03-30")]
    assert days(on=date(2026, 4, 1), by=american, some=1) == [("2026-09-30", "2026-06-30")]


def test_nobody_leaves_before_the_first_day_that_is_agreed_nor_before_it_begins():
    late = ForConvenience(Side.EITHER, Period(months=3), EndsAt.QUARTER_END, not_before_on=date(2027, 8, 1))
    assert days(late, some=1) == [("2027-09-30", "2027-06-30")]
    assert days(on=date(2020, 1, 1), some=1) == [("2024-06-30", "2024-03-29")]


def test_where_a_last_day_is_agreed_ways_out_lie_before_it():
    two_years = {"end": Lasting(Period(years=3)), "convention": EndConvention.DAY_BEFORE}
    assert days(some=9, **two_years) == [("2026-09-30", "2026-06-30"), ("2026-12-31", "2026-09-30")]
    endless = Renewal(RenewalKind.AUTOMATIC, Period(years=1))
    assert len(days(some=9, renewal=endless, **two_years)) == 9
    once = Renewal(RenewalKind.AUTOMATIC, Period(years=1), most=1)
    assert days(some=9, renewal=once, **two_years)[-1] == ("2027-12-31", "2027-09-30")


def test_what_has_ended_has_no_way_out():
    assert days(ended=Ended(date(2026, 9, 30), EndedHow.NOTICE_GIVEN)) == []


def test_the_way_of_a_notice_and_its_least_length_make_the_day_earlier():
    post = DeliveryMethod("post", receipt=Period(business_days=2))
    sent = ForConvenience(Side.EITHER, Period(months=3), EndsAt.YEAR_END, method=post)
    assert days(sent, some=1) == [("2026-12-31", "2026-09-28")]
    at_least = ForConvenience(Side.EITHER, Period(months=3), EndsAt.YEAR_END, at_least=True, counts_as=CountsAs.SENT)
    american = Reckoning(rules=US_CONTRACT, calendar=SAT_SUN)
    assert days(at_least, by=american, some=1) == [("2026-12-31", "2026-09-29")]


def test_every_step_is_told():
    way = next(ways_out(terms(), QUARTERLY, date(2026, 4, 1), BY))
    assert [(step.rule, step.on, step.text) for step in way.reading.steps] == [
        ("leaving-end", date(2026, 9, 30), "the end of a quarter, on which notice may end it"),
        ("notice-before", date(2026, 6, 30), "3 months, back to the corresponding day"),
        ("roll", date(2026, 6, 30), "Tuesday, open: no change"),
    ]


def moves(leave, by, on=date(2026, 4, 1)):
    way = next(ways_out(terms(leave), leave, on, by))
    return [(one.fact, one.instead, one.moves_safe_by) for one in sensitivity_of_leaving(leave, way, by)]


def test_what_its_day_hangs_on_is_told_what_is_assumed_first():
    post = DeliveryMethod("post", receipt=Period(business_days=2))
    unstated = ForConvenience(Side.EITHER, Period(months=3), EndsAt.YEAR_END, method=post)
    assert moves(unstated, BY) == [("counts_as", "sent", 2), ("counting", "clear", -3)]
    german = Reckoning(rules=BGB, calendar=business_calendar("DE-BE"))
    sent = ForConvenience(Side.EITHER, Period(weeks=4), EndsAt.MONTH_END, method=post, counts_as=CountsAs.SENT)
    # 28 days before 31 May is Sunday, 3 May; the Friday before is May Day.
    assert moves(sent, german, date(2026, 4, 10)) == [
        ("counts_as", "received", -2),
        ("calendar", "SAT_SUN", 1),
        ("counting", "clear", 0),
    ]


@given(
    st.sampled_from(sorted(SET_DAYS)),
    st.builds(Period, months=st.integers(0, 12)) | st.builds(Period, weeks=st.integers(1, 26)),
    st.dates(date(2024, 2, 1), date(2040, 1, 1)),
    st.sampled_from([BGB, US_CONTRACT, ENGLAND_CONTRACT]),
)
def test_notice_on_the_last_safe_day_ends_it_on_that_day_and_none_is_left_out(ends, period, on, rules):
    leave = ForConvenience(Side.EITHER, period, ends)
    by = Reckoning(rules=rules, calendar=SAT_SUN)
    found = list(islice(ways_out(terms(leave), leave, on, by), 4))
    assert [end_if_noticed(terms(leave), leave, way.reading.safe_on) for way in found] == [way.last_on for way in found]
    assert [way.reading.safe_on for way in found] == sorted(way.reading.safe_on for way in found)
    assert found[0].last_on <= end_if_noticed(terms(leave), leave, on)
