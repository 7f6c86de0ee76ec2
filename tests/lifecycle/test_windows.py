"""Windows: whose they are, when they open and close, and which of them exist."""

from dataclasses import replace
from datetime import date, time
from itertools import islice

import pytest

from lifecycle.counting.rules import BGB, US_CONTRACT
from lifecycle.days.calendars import EVERY_DAY, SAT_SUN
from lifecycle.days.dates import Counting, Period
from lifecycle.errors import NoSuchTerm
from lifecycle.terms.terms import (
    Act,
    AppliesTo,
    CountsAs,
    DeliveryMethod,
    EarlierOf,
    EndConvention,
    Ended,
    EndedHow,
    Extension,
    Lasting,
    LaterOf,
    Notice,
    OpenEnded,
    Reckoning,
    Renewal,
    RenewalKind,
    Side,
    Terms,
    Upon,
    WindowState,
    next_window,
    window_of,
    windows,
    windows_from,
    windows_of,
)

FIRST = date(2024, 1, 1)
SIXTY = Notice(Period(days=60), Side.OURS, counts_as=CountsAs.SENT)
YEARLY = Renewal(RenewalKind.AUTOMATIC, Period(years=1))
OPTION = Renewal(RenewalKind.BY_OPTION, Period(years=1))
BY = Reckoning(rules=US_CONTRACT, calendar=EVERY_DAY)
YEAR = Lasting(Period(years=1))
POST = DeliveryMethod("post", Period(business_days=3), deemed=Period(days=2), cutoff=time(12))


def terms_of(*notices, end=YEAR, **more):
    given = {"effective_on": FIRST, "convention": EndConvention.DAY_BEFORE, "renewal": YEARLY}
    return Terms(end=end, notices=notices or (SIXTY,), **{**given, **more})


def closing(terms, side=Side.OURS, from_on=FIRST, number=3):
    return [
        (each.subject, each.term.number, each.safe_on)
        for each in islice(windows_from(terms, side, from_on, BY), number)
    ]


def test_every_term_that_renews_has_its_window():
    assert closing(terms_of()) == [
        ("n1", 0, date(2024, 11, 1)),
        ("n1", 1, date(2025, 11, 1)),
        ("n1", 2, date(2026, 11, 1)),
    ]


def test_windows_of_a_span_hold_both_its_ends():
    found = windows(
        terms_of(),
        Side.OURS,
        from_on=date(2025, 11, 1),
        until_on=date(2026, 11, 1),
        rules=US_CONTRACT,
        calendar=EVERY_DAY,
    )
    assert [each.term.number for each in found] == [1, 2]


def test_the_special_notice_beats_the_general_one():
    initial = Notice(Period(days=30), Side.OURS, AppliesTo.INITIAL, counts_as=CountsAs.SENT)
    assert closing(terms_of(SIXTY, initial), number=2) == [
        ("n2", 0, date(2024, 12, 1)),
        ("n1", 1, date(2025, 11, 1)),
    ]
    renewals = Notice(Period(days=30), Side.OURS, AppliesTo.RENEWALS, counts_as=CountsAs.SENT)
    assert closing(terms_of(SIXTY, renewals), number=2) == [
        ("n1", 0, date(2024, 11, 1)),
        ("n2", 1, date(2025, 12, 1)),
    ]


def test_each_side_has_its_own_notice():
    theirs = replace(SIXTY, side=Side.THEIRS, period=Period(days=90))
    either = replace(SIXTY, side=Side.EITHER, period=Period(days=30))
    assert closing(terms_of(SIXTY, theirs, either), number=1) == [("n1", 0, date(2024, 11, 1))]
    assert closing(terms_of(SIXTY, theirs, either), Side.THEIRS, number=1) == [("n2", 0, date(2024, 10, 2))]
    assert closing(terms_of(either), Side.THEIRS, number=1) == [("n1", 0, date(2024, 12, 1))]


def test_a_long_notice_for_renewals_closes_in_an_earlier_term_and_is_not_lost():
    long = Notice(Period(months=18), Side.OURS, AppliesTo.RENEWALS, counts_as=CountsAs.SENT)
    initial = replace(SIXTY, applies_to=AppliesTo.INITIAL)
    assert closing(terms_of(initial, long), number=3) == [
        ("n2", 1, date(2024, 6, 30)),
        ("n1", 0, date(2024, 11, 1)),
        ("n2", 2, date(2025, 6, 30)),
    ]


def test_the_last_renewal_has_no_window():
    terms = terms_of(renewal=replace(YEARLY, most=1))
    assert closing(terms) == [("n1", 0, date(2024, 11, 1))]
    assert windows_of(terms, 1, Side.OURS, BY) == ()


@pytest.mark.parametrize("kind", [RenewalKind.NEVER, RenewalKind.AUTOMATIC])
def test_what_never_renews_or_never_ends_has_no_window(kind):
    end = YEAR if kind is RenewalKind.NEVER else OpenEnded()
    assert closing(terms_of(end=end, renewal=Renewal(kind, Period(years=1)))) == []


def test_an_option_belongs_to_its_holder():
    theirs = replace(SIXTY, side=Side.EITHER)
    terms = terms_of(theirs, renewal=replace(OPTION, holder=Side.THEIRS))
    assert closing(terms) == []
    window = next(windows_from(terms, Side.THEIRS, FIRST, BY))
    assert (window.act, window.side, window.safe_on) == (Act.RENEW, Side.THEIRS, date(2024, 11, 1))


def test_an_option_is_about_the_one_next_term():
    assert closing(terms_of(renewal=OPTION)) == [("n1", 0, date(2024, 11, 1))]
    assert closing(terms_of(renewal=OPTION, renewed_to=2)) == [("n1", 2, date(2026, 11, 1))]
    assert closing(terms_of(renewal=replace(OPTION, most=2), renewed_to=2)) == []


def test_the_next_term_must_be_signed_on_a_business_day_of_this_one():
    terms = terms_of(renewal=Renewal(RenewalKind.BY_AGREEMENT), end=Lasting(Period(months=9)))
    window = next_window(terms, Side.OURS, FIRST, rules=US_CONTRACT, calendar=SAT_SUN, buffer=Period(business_days=5))
    assert window is not None
    assert (window.act, window.subject, window.notice) == (Act.SIGN, "term", None)
    assert (window.safe_on, window.target_on) == (date(2024, 9, 30), date(2024, 9, 23))
    sunday = terms_of(renewal=Renewal(RenewalKind.BY_AGREEMENT), end=Lasting(Period(months=6)))
    reading = window_of(sunday, 0, None, replace(BY, calendar=SAT_SUN)).reading
    assert (reading.safe_on, reading.nominal_on, reading.latest_on) == (
        date(2024, 6, 28),
        date(2024, 6, 30),
        date(2024, 6, 30),
    )
    assert [step.rule for step in reading.steps] == ["term-end", "roll"]


def test_a_renewal_that_an_end_forestalls_has_no_window_but_can_be_explained():
    ended = Ended(date(2025, 12, 31), EndedHow.NOTICE_GIVEN)
    terms = terms_of(ended=ended)
    assert closing(terms) == [("n1", 0, date(2024, 11, 1))]
    assert window_of(terms, 1, 0, BY).safe_on == date(2025, 11, 1)


def test_an_awaited_end_has_a_window_before_its_earliest_day():
    terms = terms_of(end=LaterOf((YEAR, Upon("completion"))))
    window = next(windows_from(terms, Side.OURS, FIRST, BY))
    assert (window.safe_on, window.reading.assumptions) == (date(2024, 11, 1), ("awaits-fact",))
    assert window.reading.steps[0].text == "not before 31 Dec 2024; completion is awaited"
    assert len(closing(terms)) == 1
    with pytest.raises(NoSuchTerm):
        window_of(terms_of(end=Upon("completion")), 0, 0, BY)


def test_an_end_that_may_come_earlier_is_flagged():
    terms = terms_of(end=EarlierOf((YEAR, Upon("completion"))))
    assert window_of(terms, 0, 0, BY).reading.assumptions == ("awaits-fact",)


def test_a_term_extended_by_hand_moves_the_windows_after_it():
    terms = terms_of(extensions=(Extension(1, date(2025, 6, 30)),))
    assert closing(terms) == [
        ("n1", 0, date(2024, 11, 1)),
        ("n1", 1, date(2025, 5, 1)),
        ("n1", 2, date(2026, 5, 1)),
    ]
    texts = [window_of(terms, number, 0, BY).reading.steps[0].text for number in (1, 2, 3)]
    assert texts == ["the last day agreed for this term", "30 Jun 2025 + 1 year", "30 Jun 2025 + 2 x 1 year"]


def test_windows_are_found_far_ahead_and_stop_at_the_edge_of_the_calendar():
    terms = terms_of(end=Lasting(Period(days=30)), renewal=Renewal(RenewalKind.AUTOMATIC, Period(days=30)))
    window = next(windows_from(terms, Side.OURS, date(2199, 1, 1), BY))
    assert date(2199, 1, 1) <= window.safe_on < date(2199, 1, 31)
    *_, last = windows_from(terms, Side.OURS, date(2199, 1, 1), BY)
    assert date(2200, 12, 1) < (last.term.last_on or FIRST) <= date(2200, 12, 31)


@pytest.mark.parametrize(
    ("counts_as", "method", "safe_on", "assumptions"),
    [
        (CountsAs.SENT, None, date(2024, 11, 1), ()),
        (CountsAs.SENT, POST, date(2024, 11, 1), ()),
        (CountsAs.RECEIVED, POST, date(2024, 10, 29), ()),
        (CountsAs.DEEMED, POST, date(2024, 10, 30), ()),
        (None, POST, date(2024, 10, 29), ("receipt-assumed",)),
        (CountsAs.RECEIVED, None, date(2024, 11, 1), ("method-assumed",)),
    ],
)
def test_the_time_on_the_way_moves_the_safe_day_alone(counts_as, method, safe_on, assumptions):
    notice = replace(SIXTY, counts_as=counts_as, method=method)
    window = window_of(terms_of(notice), 0, 0, replace(BY, calendar=SAT_SUN))
    reading = window.reading
    assert (reading.safe_on, reading.nominal_on, reading.assumptions) == (safe_on, date(2024, 11, 1), assumptions)
    assert window.cutoff == (method.cutoff if method else None)


def test_the_usual_method_stands_in_where_none_is_stated():
    notice = replace(SIXTY, counts_as=None)
    window = window_of(terms_of(notice), 0, 0, replace(BY, calendar=SAT_SUN, method=POST))
    assert (window.safe_on, window.reading.assumptions) == (
        date(2024, 10, 29),
        ("receipt-assumed", "method-assumed"),
    )


def test_what_the_reckoning_assumes_is_on_every_reading():
    by = replace(BY, assumptions=("rule-set-assumed",))
    assert window_of(terms_of(), 0, 0, by).reading.assumptions == ("rule-set-assumed",)


def test_a_stated_counting_admits_no_other():
    clear = terms_of(replace(SIXTY, counting=Counting.CLEAR))
    reading = window_of(clear, 0, 0, BY).reading
    assert {reading.safe_on, reading.nominal_on, reading.latest_on} == {date(2024, 10, 31)}


def test_a_day_stands_before_in_or_after_a_window():
    opens = replace(SIXTY, opens=Period(days=90))
    window = window_of(terms_of(opens), 0, 0, Reckoning(rules=BGB, calendar=SAT_SUN))
    assert (window.opens_on, window.safe_on) == (date(2024, 10, 2), date(2024, 11, 1))
    assert [
        window.state(day) for day in (date(2024, 10, 1), date(2024, 10, 2), date(2024, 11, 1), date(2024, 11, 2))
    ] == [
        WindowState.NOT_OPEN,
        WindowState.OPEN,
        WindowState.OPEN,
        WindowState.MISSED,
    ]


def test_a_window_of_one_day_off_opens_when_it_closes():
    # 60 days before 3 Sep 2025 is Saturday 5 July.
    narrow = replace(SIXTY, opens=Period(days=60))
    terms = terms_of(narrow, effective_on=date(2024, 9, 4))
    window = window_of(terms, 0, 0, Reckoning(rules=BGB, calendar=SAT_SUN))
    assert (window.reading.nominal_on, window.safe_on, window.opens_on) == (
        date(2025, 7, 5),
        date(2025, 7, 4),
        date(2025, 7, 4),
    )
