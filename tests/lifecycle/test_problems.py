"""Problems: every code once, with its sentence, and what refuses terms."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lifecycle.counting.derivation import Pin, Reading
from lifecycle.days.dates import Period
from lifecycle.errors import TermsError
from lifecycle.terms.terms import (
    Anchor,
    AppliesTo,
    EarlierOf,
    EndConvention,
    Ended,
    EndedHow,
    Extension,
    ForConvenience,
    Lasting,
    Notice,
    OpenEnded,
    Problem,
    ProblemKind,
    Renewal,
    RenewalKind,
    Side,
    Survival,
    Terms,
    Until,
    Upon,
    checked,
    pin_problems,
    problems,
)

IMPOSSIBLE, CONTRADICTION, REMARK = ProblemKind.IMPOSSIBLE, ProblemKind.CONTRADICTION, ProblemKind.REMARK
YEARLY = Renewal(RenewalKind.AUTOMATIC, Period(years=1))
SIXTY = Notice(Period(days=60), Side.OURS)
SOUND = Terms(
    effective_on=date(2024, 2, 1),
    end=Lasting(Period(years=3)),
    convention=EndConvention.DAY_BEFORE,
    renewal=YEARLY,
    notices=(SIXTY,),
)
THREE_YEARS = Lasting(Period(years=3))
STATED = Lasting(Period(years=3))


def changed(**fields):
    return replace(SOUND, **fields)


CASES = [
    (
        changed(end=Until(date(2024, 1, 31)), renewal=Renewal(RenewalKind.NEVER), notices=()),
        Problem("ends-before-start", IMPOSSIBLE, "end", "The last day, 31 Jan 2024, is before the first, 1 Feb 2024."),
    ),
    (
        changed(renewal=replace(YEARLY, period=Period())),
        Problem("zero-renewal", IMPOSSIBLE, "renewal", "A renewal of 0 days renews for ever on one day."),
    ),
    (
        changed(notices=(replace(SIXTY, opens=Period(days=30)),)),
        Problem(
            "window-inverted",
            IMPOSSIBLE,
            "notices[0]",
            "Notice at most 30 and at least 60 days before the last day: no day is left.",
        ),
    ),
    (
        changed(
            convention=EndConvention.YEAR_END,
            renewal=replace(YEARLY, period=Period(months=1)),
            notices=(Notice(Period(days=9), Side.OURS),),
        ),
        Problem("convention-and-period", IMPOSSIBLE, "renewal", "Terms end on 31 December but renew by 1 month."),
    ),
    (
        changed(signed_on=date(1026, 1, 1)),
        Problem("day-out-of-range", IMPOSSIBLE, "signed_on", "1 Jan 1026 is outside 1900 to 2200."),
    ),
    (
        changed(end=Lasting(Period(years=300))),
        Problem("day-out-of-range", IMPOSSIBLE, "end", "+3600 months from 2024-02-01 is outside 1900 to 2200."),
    ),
    (
        changed(end=Lasting(Period()), notices=(), renewal=Renewal(RenewalKind.NEVER)),
        Problem("empty-term", IMPOSSIBLE, "end", "A term of 0 days has no day."),
    ),
    (
        changed(end=Until(date(2027, 1, 31)), renewal=Renewal(RenewalKind.AUTOMATIC)),
        Problem("renewal-length-unknown", IMPOSSIBLE, "renewal", "It renews, but nothing says for how long."),
    ),
    (
        changed(convention=EndConvention.EXPLICIT),
        Problem("explicit-without-day", IMPOSSIBLE, "end", "The stated day ends the term, but no day is stated."),
    ),
    (
        changed(survivals=(Survival("confidentiality", Period(business_days=5), Anchor.EXPIRY),)),
        Problem(
            "uncountable-length",
            IMPOSSIBLE,
            "survivals[0]",
            "5 business days: a term is counted in calendar days, weeks, months or years.",
        ),
    ),
    (
        changed(renewal=Renewal(RenewalKind.NEVER), notices=(), extensions=(Extension(2, date(2028, 1, 31)),)),
        Problem(
            "extension-without-term",
            IMPOSSIBLE,
            "extensions[0]",
            "Term 2 is extended by hand, but it does not follow from the one before.",
        ),
    ),
    (
        changed(end=Lasting(Period(months=12)), notices=(Notice(Period(months=24), Side.OURS),)),
        Problem(
            "notice-longer-than-term",
            CONTRADICTION,
            "notices[0]",
            "24 months' notice in a term of 12: the last safe day is before the first day.",
        ),
    ),
    (
        changed(end=Until(date(2027, 2, 15), beside=STATED)),
        Problem(
            "two-ends",
            CONTRADICTION,
            "end",
            "3 years end on 31 Jan 2027, the stated day is 15 Feb 2027; the stated day is used.",
        ),
    ),
    (
        changed(end=OpenEnded()),
        Problem(
            "renewal-of-open-ended",
            CONTRADICTION,
            "renewal",
            "It is open-ended: there is no last day after which it could renew.",
        ),
    ),
    (
        changed(renewal=Renewal(RenewalKind.NEVER)),
        Problem(
            "notice-without-renewal",
            CONTRADICTION,
            "notices",
            "60 days' notice is stated, but nothing renews; a right to leave is stated apart.",
        ),
    ),
    (
        changed(renewal=Renewal(RenewalKind.BY_OPTION, Period(years=1), holder=Side.THEIRS)),
        Problem(
            "option-without-notice",
            CONTRADICTION,
            "notices",
            "The option has no notice period: nobody can say by when it must be exercised.",
        ),
    ),
    (
        changed(renewal=Renewal(RenewalKind.BY_AGREEMENT)),
        Problem(
            "notice-without-renewal",
            REMARK,
            "notices",
            "60 days' notice is stated, but it renews only if both sign: it is not used. "
            "Where the next term is to be agreed so early, add an obligation that is due by then.",
        ),
    ),
    (
        changed(notices=(replace(SIXTY, side=Side.THEIRS),)),
        Problem(
            "renews-without-notice",
            REMARK,
            "notices",
            "It renews by itself, and no notice is recorded by which we could stop it.",
        ),
    ),
    (
        changed(notices=(), for_convenience=(ForConvenience(Side.THEIRS, Period(months=3)),)),
        Problem(
            "renews-without-notice",
            REMARK,
            "notices",
            "It renews by itself, and no notice is recorded by which we could stop it.",
        ),
    ),
    (
        changed(renewal=replace(YEARLY, period=Period(months=3)), notices=(Notice(Period(months=6), Side.OURS),)),
        Problem(
            "notice-in-earlier-term",
            REMARK,
            "notices[0]",
            "6 months' notice in renewals of 3 months: the window of term 1 closes on 30 Oct 2026, in an earlier term.",
        ),
    ),
    (
        changed(effective_on=date(2024, 2, 29)),
        Problem(
            "leap-day-anchor",
            REMARK,
            "effective_on",
            "It is counted from 29 Feb 2024; in other years 28 February takes its place.",
        ),
    ),
    (
        changed(signed_on=date(2024, 3, 3)),
        Problem(
            "signed-after-effective",
            REMARK,
            "signed_on",
            "It was signed on 3 Mar 2024, after it took effect on 1 Feb 2024.",
        ),
    ),
    (
        changed(ended=Ended(date(2026, 1, 31), EndedHow.NOTICE_GIVEN)),
        Problem(
            "notice-for-another-day",
            REMARK,
            "end",
            "Notice was given for 31 Jan 2026, and it still ends then; by its terms as they are now that term ends on "
            "31 Jan 2027.",
        ),
    ),
]


@pytest.mark.parametrize(
    "more",
    [
        {"ended": Ended(date(2027, 1, 31), EndedHow.NOTICE_GIVEN)},
        {"ended": Ended(date(2028, 1, 31), EndedHow.NOTICE_GIVEN)},
        {"ended": Ended(date(2026, 5, 31), EndedHow.TERMINATED)},
        {"ended": Ended(date(2026, 5, 31), EndedHow.NOTICE_GIVEN),
         "for_convenience": (ForConvenience(Side.EITHER, Period(months=3)),)},
    ],
)  # fmt: skip
def test_what_ends_on_the_day_of_its_notice_needs_no_remark(more):
    assert problems(changed(**more)) == ()


def test_who_may_leave_is_not_said_to_be_bound_by_a_renewal():
    leave = ForConvenience(Side.EITHER, Period(months=3))
    assert problems(changed(notices=(), for_convenience=(leave,))) == ()


def test_sound_terms_have_no_problem():
    assert problems(SOUND) == ()
    assert checked(SOUND) is SOUND


@pytest.mark.parametrize(("terms", "expected"), CASES, ids=[f"{each.code}-{each.field}" for _, each in CASES])
def test_each_problem_is_told_in_a_sentence_and_alone(terms, expected):
    assert problems(terms) == (expected,)


def test_problems_come_all_at_once():
    terms = changed(
        signed_on=date(1026, 1, 1),
        renewal=replace(YEARLY, period=Period()),
        notices=(replace(SIXTY, opens=Period(days=30)), Notice(Period(years=4), Side.THEIRS, AppliesTo.INITIAL)),
    )
    with pytest.raises(TermsError) as caught:
        checked(terms)
    assert [problem.code for problem in caught.value.problems] == [
        "day-out-of-range",
        "zero-renewal",
        "window-inverted",
        "notice-longer-than-term",
    ]


def test_a_contradiction_may_be_accepted_and_what_is_impossible_may_not():
    contradictory = changed(end=Until(date(2027, 2, 15), beside=STATED))
    with pytest.raises(TermsError):
        checked(contradictory)
    assert checked(contradictory, accepted={"two-ends"}) is contradictory
    with pytest.raises(TermsError):
        checked(changed(renewal=replace(YEARLY, period=Period())), accepted={"zero-renewal"})


@pytest.mark.parametrize("day", [date(2027, 1, 31), date(2027, 2, 1)])
def test_a_stated_day_on_either_convention_is_no_second_end(day):
    assert problems(changed(end=Until(day, beside=STATED), convention=EndConvention.EXPLICIT)) == ()


def test_a_notice_longer_than_the_renewal_is_lawful():
    terms = changed(notices=(SIXTY, Notice(Period(months=18), Side.OURS, AppliesTo.RENEWALS)))
    assert [problem.kind for problem in problems(terms)] == [REMARK]
    assert checked(terms) is terms


def test_an_awaited_end_has_no_problem_of_its_own():
    assert problems(changed(end=EarlierOf((THREE_YEARS, Upon("completion"))))) == ()
    assert problems(changed(end=Upon("completion"), renewal=Renewal(RenewalKind.NEVER), notices=())) == ()


def test_a_pin_after_the_latest_day_contradicts_the_reading():
    reading = Reading(date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 2))

    def pin(day):
        return Pin(date(2026, 12, day), "agreed by mail", "olga", datetime(2026, 10, 1, tzinfo=UTC))

    assert pin_problems(reading, pin(2)) == ()
    assert pin_problems(reading, pin(5)) == (
        Problem(
            "pin-after-latest",
            CONTRADICTION,
            "pin",
            "The pinned day, 5 Dec 2026, is after the latest arguable one, 2 Dec 2026.",
        ),
    )


def test_a_window_of_a_single_day_is_possible():
    assert problems(changed(notices=(replace(SIXTY, opens=Period(days=60)),))) == ()
