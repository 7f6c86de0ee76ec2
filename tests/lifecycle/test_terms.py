"""Ends, terms and how they follow from one another."""

import pickle
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from lifecycle.counting.derivation import Reading
from lifecycle.days.dates import Period
from lifecycle.errors import NoSuchTerm
from lifecycle.terms.terms import (
    Bound,
    EarlierOf,
    EndConvention,
    Ended,
    EndedHow,
    Extension,
    Lasting,
    LaterOf,
    OpenEnded,
    Renewal,
    RenewalKind,
    Term,
    Terms,
    Until,
    Upon,
    count,
    end_reading,
    initial_end,
    last_number,
    may_renew,
    prospective,
    stated_end,
    term,
    term_on,
)
from lifecycle.words import spoken

FIRST = date(2024, 2, 1)
THREE_YEARS = Lasting(Period(years=3))
YEARLY = Renewal(RenewalKind.AUTOMATIC, Period(years=1))


def terms_of(end=THREE_YEARS, **more):
    return Terms(**{"effective_on": FIRST, "end": end, "convention": EndConvention.DAY_BEFORE, **more})


def test_terms_keep_what_was_worked_out_beside_them_and_stay_the_same_value():
    terms, fresh = terms_of(), terms_of()
    initial_end(terms)
    assert terms == fresh
    assert hash(terms) == hash(fresh)
    assert pickle.loads(pickle.dumps(terms)) == fresh  # noqa: S301 - our own bytes
    assert initial_end(replace(terms, effective_on=date(2025, 2, 1))).last_on == date(2028, 1, 31)


def test_the_first_end_is_the_initial_period_without_a_renewal():
    assert initial_end(terms_of(renewal=YEARLY)) == Bound(date(2027, 1, 31))


def test_a_launch_day_starts_the_count_but_not_the_first_term():
    terms = terms_of(Lasting(Period(years=1), from_on=date(2024, 5, 1)))
    assert term(terms, 0) == Term(0, FIRST, date(2025, 4, 30))


def test_the_earliest_known_day_holds_while_a_fact_is_awaited():
    end = EarlierOf((THREE_YEARS, Upon("completion")))
    assert initial_end(terms_of(end)) == Bound(date(2027, 1, 31), None, date(2027, 1, 31), ("completion",))


def test_a_fact_that_has_happened_is_no_longer_awaited():
    end = EarlierOf((THREE_YEARS, Upon("completion", date(2026, 5, 5))))
    assert initial_end(terms_of(end)) == Bound(date(2026, 5, 5))


def test_the_later_of_a_day_and_an_awaited_fact_has_no_last_day_yet():
    end = LaterOf((THREE_YEARS, Upon("completion")))
    assert initial_end(terms_of(end)) == Bound(None, date(2027, 1, 31), None, ("completion",))


def test_an_awaited_fact_that_cannot_matter_is_not_named():
    capped = EarlierOf((LaterOf((THREE_YEARS, Upon("completion"))), Until(date(2026, 12, 31))))
    assert initial_end(terms_of(capped)) == Bound(date(2026, 12, 31))


def test_nested_ends_are_bounded_on_both_sides():
    end = LaterOf((EarlierOf((Until(date(2029, 1, 1)), Upon("completion"))), THREE_YEARS))
    assert initial_end(terms_of(end)) == Bound(date(2029, 1, 1), date(2027, 1, 31), date(2029, 1, 1), ("completion",))


def test_open_ended_terms_have_no_last_day_and_await_nothing():
    terms = terms_of(OpenEnded())
    assert initial_end(terms) == Bound()
    assert term_on(terms, date(2199, 1, 1)) == Term(0, FIRST, None)
    assert initial_end(terms_of(EarlierOf((OpenEnded(), THREE_YEARS)))) == Bound(date(2027, 1, 31))
    assert initial_end(terms_of(LaterOf((Upon("sale"), OpenEnded())))) == Bound()


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2024, 1, 31), None),
        (FIRST, 0),
        (date(2027, 1, 31), 0),
        (date(2027, 2, 1), 1),
        (date(2028, 1, 31), 1),
        (date(2150, 7, 1), 124),
    ],
)
def test_the_term_that_runs_on_a_day_is_found(day, number):
    running = term_on(terms_of(renewal=YEARLY), day)
    assert (running.number if running else None) == number


def test_a_term_is_found_without_walking_to_it():
    terms = terms_of(Lasting(Period(days=1)), renewal=Renewal(RenewalKind.AUTOMATIC, Period(days=1)))
    running = term_on(terms, date(2199, 12, 31))
    assert running == Term((date(2199, 12, 31) - FIRST).days, date(2199, 12, 31), date(2199, 12, 31))


def test_terms_beyond_the_most_renewals_do_not_exist():
    terms = terms_of(renewal=replace(YEARLY, most=2))
    assert [each.number for each in count(terms)] == [0, 1, 2]
    assert term_on(terms, date(2029, 2, 1)) is None
    with pytest.raises(NoSuchTerm) as caught:
        term(terms, 3)
    assert (caught.value.number, caught.value.most) == (3, 2)


def test_a_renewal_without_a_length_is_as_long_as_the_initial_term():
    assert term(terms_of(renewal=Renewal(RenewalKind.AUTOMATIC)), 1).last_on == date(2030, 1, 31)


@pytest.mark.parametrize("kind", [RenewalKind.BY_OPTION, RenewalKind.BY_AGREEMENT])
def test_a_term_that_nobody_has_made_certain_does_not_exist_yet(kind):
    terms = terms_of(renewal=Renewal(kind, Period(years=1)))
    assert [each.number for each in count(terms)] == [0]
    assert term_on(terms, date(2027, 2, 1)) is None
    assert prospective(terms, 1).last_on == date(2028, 1, 31)
    exercised = replace(terms, renewed_to=2)
    assert [each.last_on for each in count(exercised)] == [date(each, 1, 31) for each in (2027, 2028, 2029)]


def test_automatic_renewal_needs_nobody_to_make_it_certain():
    assert last_number(terms_of(renewal=YEARLY, renewed_to=1)) is None


def test_an_extension_by_hand_is_a_new_anchor():
    terms = terms_of(renewal=YEARLY, extensions=(Extension(1, date(2027, 6, 30)),))
    assert [each.last_on for each in islice(count(terms), 4)] == [
        date(2027, 1, 31),
        date(2027, 6, 30),
        date(2028, 6, 30),
        date(2029, 6, 30),
    ]
    assert term_on(terms, date(2028, 7, 1)) == Term(3, date(2028, 7, 1), date(2029, 6, 30))


def test_an_agreement_that_never_renews_runs_on_where_it_was_extended_by_hand():
    terms = terms_of(extensions=(Extension(1, date(2027, 6, 30)), Extension(2, date(2027, 9, 30))))
    assert [each.last_on for each in count(terms)] == [date(2027, 1, 31), date(2027, 6, 30), date(2027, 9, 30)]


@pytest.mark.parametrize("number", range(4))
def test_an_end_that_came_early_cuts_its_term_and_takes_the_later_ones(number):
    terms = terms_of(renewal=YEARLY, ended=Ended(date(2028, 6, 30), EndedHow.TERMINATED))
    expected = {0: date(2027, 1, 31), 1: date(2028, 1, 31), 2: date(2028, 6, 30)}
    if number in expected:
        assert term(terms, number).last_on == expected[number]
    else:
        with pytest.raises(NoSuchTerm):
            term(terms, number)
    assert term_on(terms, date(2028, 7, 1)) is None
    assert last_number(terms) == 2
    assert prospective(terms, 2).last_on == date(2029, 1, 31)


def test_an_open_ended_agreement_ends_when_it_was_ended():
    terms = terms_of(OpenEnded(), ended=Ended(date(2026, 3, 31), EndedHow.TERMINATED))
    assert list(count(terms)) == [Term(0, FIRST, date(2026, 3, 31))]
    assert term_on(terms, date(2026, 4, 1)) is None


def test_counting_stops_where_days_are_out_of_range():
    assert list(count(terms_of(renewal=YEARLY)))[-1].last_on == date(2200, 1, 31)


def test_an_unstated_convention_gives_the_end_of_a_term_two_days():
    reading = end_reading(terms_of(renewal=YEARLY, convention=None), 1)
    assert reading == Reading(
        date(2028, 1, 31), date(2028, 1, 31), date(2028, 2, 1), reading.steps, ("end-convention-unstated",)
    )
    assert [step.text for step in reading.steps] == [
        "1 Feb 2024 + 3 years + 1 year - 1 day",
        "1 Feb 2024 + 3 years + 1 year",
    ]


def test_a_stated_day_leaves_no_convention_open():
    assert end_reading(terms_of(Until(date(2027, 1, 31)), convention=None, renewal=YEARLY), 1).assumptions == ()


def test_a_leap_day_that_is_missing_is_flagged_where_it_is_missing():
    terms = terms_of(Lasting(Period(years=3)), effective_on=date(2024, 2, 29), renewal=YEARLY)
    flagged = [number for number in range(6) if "leap-day-anchor" in end_reading(terms, number).assumptions]
    assert flagged == [0, 2, 3, 4]


@pytest.mark.parametrize(
    ("day", "end", "convention"),
    [
        (date(2027, 1, 31), THREE_YEARS, EndConvention.DAY_BEFORE),
        (date(2027, 2, 1), THREE_YEARS, EndConvention.ANNIVERSARY),
        (date(2027, 2, 15), Until(date(2027, 2, 15), THREE_YEARS), EndConvention.EXPLICIT),
    ],
)
def test_a_last_day_beside_a_length_states_the_convention_or_beats_it(day, end, convention):
    assert stated_end(FIRST, THREE_YEARS, day) == (end, convention)


def test_only_a_term_with_a_known_end_may_be_followed():
    assert may_renew(terms_of(renewal=YEARLY), 7)
    assert not may_renew(terms_of(renewal=replace(YEARLY, most=1)), 1)
    assert not may_renew(terms_of(), 0)
    assert not may_renew(terms_of(OpenEnded(), renewal=YEARLY), 0)
    assert may_renew(terms_of(LaterOf((THREE_YEARS, Upon("completion"))), renewal=YEARLY), 0)


@pytest.mark.parametrize(
    ("first_on", "end", "renewal", "number", "told"),
    [
        ("2026-08-30", Lasting(Period(months=3)), Period(months=3), 0, "29 Nov 2026: 30 Aug 2026 + 3 months - 1 day"),
        ("2026-08-31", Lasting(Period(months=6)), Period(months=1), 0,
         "28 Feb 2027: 31 Aug 2026 + 6 months, the last day of that month"),
        ("2026-08-31", Lasting(Period(months=6)), Period(months=1), 1,
         "30 Mar 2027: 31 Aug 2026 + 6 months + 1 month - 1 day"),
        ("2024-02-29", Lasting(Period(years=1)), Period(years=1), 2,
         "28 Feb 2027: 29 Feb 2024 + 1 year + 2 x 1 year, the last day of that month"),
        ("2026-08-31", Lasting(Period(months=6)), Period(months=6, days=3), 1,
         "2 Sep 2027: 31 Aug 2026 + 6 months + 6 months, 3 days - 1 day"),
        ("2026-08-31", Lasting(Period(months=6, days=3)), None, 0, "3 Mar 2027: 31 Aug 2026 + 6 months, 3 days"),
        ("2026-01-01", Until(date(2027, 2, 28)), Period(years=1), 1, "29 Feb 2028: 1 Mar 2027 + 1 year - 1 day"),
        ("2026-01-01", Until(date(2027, 3, 31)), Period(years=1), 1, "31 Mar 2028: 31 Mar 2027 + 1 year"),
    ],
)  # fmt: skip
def test_the_words_of_a_last_day_lead_to_it(first_on, end, renewal, number, told):
    terms = Terms(
        effective_on=date.fromisoformat(first_on),
        end=end,
        convention=EndConvention.EXPLICIT if isinstance(end, Until) else EndConvention.DAY_BEFORE,
        renewal=Renewal(RenewalKind.AUTOMATIC, renewal),
    )
    step = end_reading(terms, number).steps[0]
    assert f"{spoken(step.on)}: {step.text}" == told
