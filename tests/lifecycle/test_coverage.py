"""Coverage: which days reports cover, what a bridge letter carries on, and where nothing is."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lifecycle.obligations.coverage import Cover, Span, Stretch, gaps, strip

A, U, G = Cover.ACCEPTED, Cover.UNSURE, Cover.GAP
YEAR = {"from_on": date(2026, 1, 1), "until_on": date(2026, 12, 31)}
DAY = timedelta(days=1)


def day(month, on):
    return date(2026, month, on)


def test_what_no_report_covers_is_a_gap():
    assert strip([], **YEAR) == (Stretch(day(1, 1), day(12, 31), G),)


def test_a_report_covers_its_days_both_inside_and_nothing_more():
    report = Span(day(3, 1), day(8, 31), is_accepted=True)
    assert strip([report], **YEAR) == (
        Stretch(day(1, 1), day(2, 28), G),
        Stretch(day(3, 1), day(8, 31), A),
        Stretch(day(9, 1), day(12, 31), G),
    )


def test_a_report_until_the_last_of_all_days_is_carried_on_no_further():
    last = date(2200, 12, 31)
    report = Span(day(3, 1), last, is_accepted=True)
    letter = Span(date(2200, 11, 1), last, is_accepted=True, is_bridge=True)
    assert strip([report, letter], from_on=day(3, 1), until_on=last) == (Stretch(day(3, 1), last, A),)


def test_what_nobody_has_accepted_is_not_sure_and_what_is_accepted_beats_it():
    found = [Span(day(1, 1), day(9, 30), is_accepted=False), Span(day(1, 1), day(6, 30), is_accepted=True)]
    assert [(one.last_on, one.cover) for one in strip(found, **YEAR)] == [
        (day(6, 30), A),
        (day(9, 30), U),
        (day(12, 31), G),
    ]


def test_reports_that_follow_one_another_leave_no_gap():
    found = [Span(date(2025, 7, 1), day(6, 30), is_accepted=True), Span(day(7, 1), date(2027, 6, 30), is_accepted=True)]
    assert gaps(found, **YEAR) == ()


def test_a_bridge_letter_carries_a_report_on_for_three_months_at_most():
    report = Span(date(2025, 10, 1), day(6, 30), is_accepted=True)
    letter = Span(day(7, 1), day(11, 30), is_accepted=True, is_bridge=True)
    assert gaps([report, letter], **YEAR) == (Stretch(day(10, 1), day(12, 31), G),)


def test_a_bridge_letter_alone_or_after_a_gap_covers_nothing():
    letter = Span(day(7, 1), day(9, 30), is_accepted=True, is_bridge=True)
    assert gaps([letter], **YEAR) == strip([], **YEAR)
    early = Span(day(1, 1), day(6, 29), is_accepted=True)
    assert gaps([early, letter], **YEAR) == (Stretch(day(6, 30), day(12, 31), G),)


def test_a_bridge_letter_is_as_sure_as_the_report_that_it_carries_on():
    report = Span(day(1, 1), day(6, 30), is_accepted=False)
    letter = Span(day(7, 1), day(9, 30), is_accepted=True, is_bridge=True)
    assert strip([report, letter], **YEAR)[0] == Stretch(day(1, 1), day(9, 30), U)


DAYS = st.integers(-200, 600).map(lambda n: day(1, 1) + timedelta(days=n))
SPANS = st.builds(
    lambda first, length, is_accepted: Span(first, first + timedelta(days=length), is_accepted),
    DAYS, st.integers(0, 400), st.booleans(),
)  # fmt: skip


@given(st.lists(SPANS, max_size=6))
def test_a_strip_tiles_its_days_and_says_of_each_what_covers_it(spans):
    found = strip(spans, **YEAR)
    assert (found[0].first_on, found[-1].last_on) == (YEAR["from_on"], YEAR["until_on"])
    assert all(one.last_on + DAY == two.first_on for one, two in pairwise(found))
    assert all(one.cover is not two.cover for one, two in pairwise(found))
    for stretch in found:
        for on in (stretch.first_on, stretch.last_on):
            over = [one.is_accepted for one in spans if one.first_on <= on <= one.last_on]
            assert stretch.cover is (A if any(over) else U if over else G)
