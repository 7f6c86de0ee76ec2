"""What outlives an agreement, and until when."""

from datetime import date

import pytest

from lifecycle.days.dates import Period
from lifecycle.terms.terms import (
    Anchor,
    EndConvention,
    Ended,
    EndedHow,
    Lasting,
    OpenEnded,
    Renewal,
    RenewalKind,
    Restriction,
    Side,
    Survival,
    SurvivalEnd,
    Terms,
    restriction_ends,
    survival_ends,
    survives_until,
)

FIRST = date(2024, 2, 1)
TWO_YEARS = Period(years=2)
YEARLY = Renewal(RenewalKind.AUTOMATIC, Period(years=1))


def terms_of(*survivals, **more):
    given = {"effective_on": FIRST, "end": Lasting(Period(years=3)), "convention": EndConvention.DAY_BEFORE}
    return Terms(survivals=survivals, **{**given, **more})


def survival(anchor, period=TWO_YEARS, **more):
    return Survival("confidentiality", period, anchor, **more)


def days(ends):
    return [
        (end.subject, end.reading.safe_on, end.reading.nominal_on, end.reading.latest_on) for end in ends if end.reading
    ]


def test_a_survival_is_counted_from_the_last_day():
    (end,) = survival_ends(terms_of(survival(Anchor.EXPIRY)))
    assert days([end]) == [("s1", *(date(2029, 1, 31),) * 3)]
    assert end.reading is not None
    assert [step.text for step in end.reading.steps] == [
        "1 Feb 2024 + 3 years - 1 day",
        "2 years after 31 Jan 2027",
    ]


def test_the_two_readings_of_a_survival_part_at_the_end_of_february():
    terms = terms_of(
        survival(Anchor.EXPIRY, Period(years=1)), end=Lasting(Period(months=1)), effective_on=date(2027, 2, 1)
    )
    assert days(survival_ends(terms)) == [("s1", date(2028, 2, 28), date(2028, 2, 28), date(2028, 2, 29))]


def test_termination_is_the_day_it_really_ended_and_expiry_the_one_agreed():
    terms = terms_of(
        survival(Anchor.TERMINATION),
        survival(Anchor.EXPIRY),
        ended=Ended(date(2026, 6, 30), EndedHow.TERMINATED),
    )
    nominal = [end.reading.nominal_on for end in survival_ends(terms) if end.reading]
    assert nominal == [date(2028, 6, 30), date(2029, 1, 31)]


def test_a_survival_from_the_first_day_counts_that_day():
    assert days(survival_ends(terms_of(survival(Anchor.EFFECTIVE)))) == [
        ("s1", date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 1))
    ]


def test_each_disclosure_has_its_own_clock_and_the_last_has_one_for_all():
    terms = terms_of(survival(Anchor.EACH_DISCLOSURE), survival(Anchor.LAST_DISCLOSURE))
    told = [date(2025, 3, 1), date(2024, 5, 5)]
    assert [each[:3] for each in days(survival_ends(terms, told))] == [
        ("s1-d1", date(2027, 3, 1), date(2027, 3, 1)),
        ("s1-d2", date(2026, 5, 5), date(2026, 5, 5)),
        ("s2", date(2027, 3, 1), date(2027, 3, 1)),
    ]


def test_a_withdrawn_disclosure_has_no_clock_and_leaves_the_others_their_names():
    terms = terms_of(survival(Anchor.EACH_DISCLOSURE), survival(Anchor.LAST_DISCLOSURE))
    assert [each[0] for each in days(survival_ends(terms, [None, date(2024, 5, 5)]))] == ["s1-d2", "s2"]
    (alone, _) = survival_ends(terms, [None])
    assert alone.reading is not None
    assert alone.reading.assumptions == ("no-disclosures-recorded",)


def test_without_disclosures_every_day_may_have_been_one():
    (end,) = survival_ends(terms_of(survival(Anchor.EACH_DISCLOSURE)))
    assert days([end]) == [("s1", date(2026, 2, 1), date(2029, 1, 31), date(2029, 1, 31))]
    assert end.reading is not None
    assert end.reading.assumptions == ("no-disclosures-recorded",)


def test_an_indefinite_survival_has_no_day_and_says_so():
    ends = survival_ends(
        terms_of(survival(Anchor.EXPIRY, None), survival(Anchor.EXPIRY, indefinite_for=("trade secrets",)))
    )
    assert ends[0] == SurvivalEnd(index=0, duty="confidentiality", is_indefinite=True)
    assert ends[1].indefinite_for == ("trade secrets",)
    assert ends[1].reading is not None


def test_the_end_of_endless_renewals_is_awaited_unless_a_day_is_given():
    terms = terms_of(survival(Anchor.EXPIRY), renewal=YEARLY)
    (end,) = survival_ends(terms)
    assert (end.reading, end.waiting_for) == (None, ("the last day of the agreement",))
    (end,) = survival_ends(terms, as_of=date(2027, 5, 1))
    assert days([end]) == [("s1", *(date(2030, 1, 31),) * 3)]


def test_an_unstated_convention_widens_the_clock():
    assert days(survival_ends(terms_of(survival(Anchor.EXPIRY), convention=None))) == [
        ("s1", date(2029, 1, 31), date(2029, 1, 31), date(2029, 2, 1))
    ]


def test_restrictions_bind_as_survivals_do():
    restriction = Restriction("non-solicit", Side.EITHER, Period(months=12), Anchor.TERMINATION)
    terms = terms_of(restrictions=(restriction,), ended=Ended(date(2026, 6, 30), EndedHow.TERMINATED))
    (end,) = restriction_ends(terms)
    assert (end.kind, end.binds, end.subject) == ("non-solicit", Side.EITHER, "r1")
    assert end.reading is not None
    assert end.reading.latest_on == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("survivals", "until_on"),
    [
        ((), date(2027, 1, 31)),
        ((survival(Anchor.EXPIRY), survival(Anchor.EFFECTIVE)), date(2029, 1, 31)),
        ((survival(Anchor.EFFECTIVE, Period(months=1)),), date(2027, 1, 31)),
        ((survival(Anchor.EXPIRY, None), survival(Anchor.EXPIRY)), None),
    ],
)
def test_an_agreement_survives_until_its_last_duty_ends(survivals, until_on):
    assert survives_until(terms_of(*survivals)) == until_on


def test_nobody_knows_how_long_an_endless_agreement_survives():
    assert survives_until(terms_of(end=OpenEnded())) is None
    assert survives_until(terms_of(renewal=YEARLY)) is None


def test_a_settled_end_beats_the_day_as_of_which_it_is_asked():
    terms = terms_of(survival(Anchor.EXPIRY), renewal=YEARLY, ended=Ended(date(2028, 1, 31), EndedHow.NOTICE_GIVEN))
    assert days(survival_ends(terms, as_of=date(2025, 1, 1))) == [("s1", *(date(2030, 1, 31),) * 3)]
