"""Laws that hold for all terms, notices and series, not for examples alone."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lifecycle.days.calendars import Holiday, with_closures
from lifecycle.days.dates import MonthEnd, Period, Roll
from lifecycle.obligations.duties import Basis, Recurrence, occurrences
from lifecycle.terms.terms import (
    AppliesTo,
    CountsAs,
    DeliveryMethod,
    EndConvention,
    Extension,
    Lasting,
    Notice,
    Reckoning,
    Renewal,
    RenewalKind,
    Side,
    Terms,
    Until,
    count,
    counts_on,
    send_by,
    term,
    term_on,
    window_of,
    windows_from,
    windows_of,
)
from tests.support.strategies import calendars, countings, rule_sets

ONE_DAY = timedelta(days=1)
firsts = st.dates(date(1990, 1, 1), date(2040, 12, 31)) | st.sampled_from(
    [date(2024, 1, 31), date(2024, 2, 29), date(2023, 2, 28), date(2025, 12, 31)]
)
lengths = st.builds(Period, months=st.integers(1, 40)) | st.builds(Period, days=st.integers(1, 400))
short = st.builds(Period, days=st.integers(0, 90)) | st.builds(Period, months=st.integers(0, 6))
receipts = (
    st.builds(Period, days=st.integers(0, 9))
    | st.builds(Period, business_days=st.integers(0, 9))
    | st.builds(Period, weeks=st.integers(0, 2), business_days=st.integers(0, 2))
)
conventions = st.sampled_from([None, EndConvention.DAY_BEFORE, EndConvention.ANNIVERSARY])
notices = st.builds(
    Notice,
    short,
    st.just(Side.OURS),
    st.sampled_from(AppliesTo),
    counting=st.none() | countings,
    at_least=st.booleans(),
    counts_as=st.none() | st.sampled_from(CountsAs),
    method=st.none() | st.builds(DeliveryMethod, st.just("post"), receipts, st.none() | receipts),
)


# Made once: composing a strategy takes longer than drawing from it.
ends = st.builds(Lasting, lengths) | st.integers(0, 900)  # days after the first one
some_notices = st.lists(notices, min_size=1, max_size=3).map(tuple)
calendars_of_these_days = calendars(firsts)
buffers = st.sampled_from([Period(), Period(business_days=5), Period(days=10)])


@st.composite
def terms_that_renew(draw):
    first_on = draw(firsts)
    end = draw(ends)
    return Terms(
        effective_on=first_on,
        end=Until(first_on + timedelta(days=end)) if isinstance(end, int) else end,
        convention=draw(conventions),
        renewal=Renewal(RenewalKind.AUTOMATIC, draw(lengths)),
        notices=draw(some_notices),
    )


@st.composite
def reckonings(draw):
    return Reckoning(
        rules=draw(rule_sets),
        calendar=draw(calendars_of_these_days),
        buffer=draw(buffers),
    )


@given(terms_that_renew(), st.integers(0, 40))
def test_terms_tile(terms, number):
    run, following = term(terms, number), term(terms, number + 1)
    assert run.last_on is not None
    assert run.first_on <= run.last_on
    assert following.first_on == run.last_on + ONE_DAY == run.expires_on


@given(terms_that_renew(), st.integers(0, 40), st.integers(0, 400))
def test_terms_tile_across_an_extension_by_hand(terms, number, more):
    extended = term(terms, number + 1).first_on + timedelta(days=more)
    terms = replace(terms, extensions=(Extension(number + 1, extended),))
    runs = list(islice(count(terms, number), 4))
    assert all(after.first_on == before.expires_on for before, after in pairwise(runs))
    assert runs[1].last_on == extended


@given(terms_that_renew(), st.integers(0, 20_000))
def test_the_term_that_is_found_holds_the_day(terms, days):
    day = terms.effective_on + timedelta(days=days)
    run = term_on(terms, day)
    assert run is not None
    assert run.first_on <= day <= (run.last_on or date.min)
    assert run == term(terms, run.number)


@given(terms_that_renew(), reckonings(), st.integers(0, 6))
def test_a_window_closes_in_order_and_its_target_before_it(terms, by, number):
    for window in windows_of(terms, number, Side.OURS, by):
        reading = window.reading
        assert reading.safe_on <= reading.nominal_on <= reading.latest_on
        assert window.target_on <= reading.safe_on
        assert by.calendar.is_business_day(reading.safe_on)
        assert reading.steps[0].rule == "term-end"
        assert reading.steps[-1].on == (window.target_on if by.buffer != Period() else reading.steps[-1].on)


@settings(max_examples=60)
@given(terms_that_renew(), reckonings(), st.integers(-400, 4_000))
def test_windows_found_by_division_are_those_found_by_walking(terms, by, days):
    from_on = terms.effective_on + timedelta(days=days)
    horizon = from_on + timedelta(days=500)
    walked = sorted(
        (window.safe_on, window.term.number, window.index)
        for number in range(term_number(terms, horizon + timedelta(days=800)) + 1)
        for window in windows_of(terms, number, Side.OURS, by)
        if from_on <= window.safe_on <= horizon
    )
    found = []
    for window in windows_from(terms, Side.OURS, from_on, by):
        if window.safe_on > horizon:
            break
        found.append((window.safe_on, window.term.number, window.index))
    assert sorted(found) == walked
    assert [each[0] for each in found] == [each[0] for each in walked]


def term_number(terms, day):
    run = term_on(terms, max(day, terms.effective_on))
    return run.number if run else 0


@given(terms_that_renew(), reckonings(), st.integers(0, 3), st.integers(0, 60))
def test_a_longer_notice_is_never_later(terms, by, number, more):
    notice = terms.notices[0]
    unit = "months" if notice.period.total_months else "days"
    longer = replace(notice, period=notice.period + Period(**{unit: more}))
    # A law that counts short periods in business days (CPR 2.8(4)) makes 5 days longer than 7.
    assume(not by.rules.short_days or notice.period.days > by.rules.short_days or notice.period.total_months)
    base, other = (window_of(replace(terms, notices=(each,)), number, 0, by).safe_on for each in (notice, longer))
    assert other <= base


@given(terms_that_renew(), reckonings(), st.integers(0, 3), st.integers(0, 9))
def test_a_longer_way_is_never_later(terms, by, number, more):
    notice = replace(terms.notices[0], counts_as=CountsAs.RECEIVED)
    slow, slower = (DeliveryMethod("post", Period(business_days=days)) for days in (2, 2 + more))
    base, other = (
        window_of(replace(terms, notices=(replace(notice, method=each),)), number, 0, by).safe_on
        for each in (slow, slower)
    )
    assert other <= base


@given(terms_that_renew(), reckonings(), st.integers(0, 3), st.integers(-40, 40))
def test_one_more_holiday_never_makes_a_notice_later(terms, by, number, distance):
    window = window_of(terms, number, 0, by)
    closed = with_closures(by.calendar, [Holiday(window.safe_on + timedelta(days=distance), "Closed")])
    assert window_of(terms, number, 0, replace(by, calendar=closed)).safe_on <= window.safe_on


@given(firsts, receipts, calendars(firsts))
def test_a_notice_sent_in_time_counts_in_time_and_a_business_day_later_does_not(count_by_on, receipt, calendar):
    method = DeliveryMethod("post", receipt)
    sent_on = send_by(count_by_on, method, calendar)
    assert calendar.is_business_day(sent_on)
    assert counts_on(sent_on, method, calendar) <= count_by_on
    assert counts_on(calendar.next(sent_on + ONE_DAY), method, calendar) > count_by_on


SIZES = {Basis.ANCHOR: 1, Basis.MONTH: 1, Basis.QUARTER: 3, Basis.YEAR: 12}


def of_basis(basis):
    every = st.integers(1, 3).map(lambda number: Period(months=SIZES[basis] * number))
    return st.builds(
        Recurrence,
        every | st.builds(Period, days=st.integers(1, 90)) if basis is Basis.ANCHOR else every,
        firsts,
        st.just(basis),
        first=st.integers(0, 3),
        due_after=st.sampled_from([Period(), Period(days=2), Period(days=30), Period(months=1)]),
        roll=st.sampled_from([Roll.NONE, Roll.FOLLOWING, Roll.MODIFIED_FOLLOWING]),
        month_end=st.sampled_from([MonthEnd.CORRESPONDING, MonthEnd.LAST_DAY]),
        at_most=st.none() | st.integers(1, 30),
        continues=st.sampled_from([Period(), Period(months=18)]),
    )


recurrences = st.one_of(map(of_basis, Basis))


@given(recurrences, reckonings(), st.tuples(*[st.integers(-100, 1_500)] * 3), st.none() | st.integers(0, 1_000))
def test_two_ranges_give_the_occurrences_of_their_union(rule, by, offsets, lasts):
    start, middle, end = (rule.anchor_on + timedelta(days=days) for days in sorted(offsets))
    last_on = None if lasts is None else rule.anchor_on + timedelta(days=lasts)

    def between(from_on, until_on):
        return occurrences(
            rule, from_on=from_on, until_on=until_on, last_on=last_on, rules=by.rules, calendar=by.calendar
        )

    assert between(start, middle) + between(middle + ONE_DAY, end) == between(start, end)
