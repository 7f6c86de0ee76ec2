"""What the paper provides, as people write it."""

from datetime import date, time
from decimal import Decimal

import pytest

from lifecycle.agreements.agreement import Money
from lifecycle.counting.derivation import Clause, DerivationStep, Source
from lifecycle.counting.rules import US_CONTRACT, deadline_before
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.periods import Counting, Period
from lifecycle.obligations.duties import (
    Basis,
    Direction,
    Obligation,
    ObligationKind,
    Offset,
    OffsetFrom,
    Once,
    Recurrence,
)
from lifecycle.terms.provisions import (
    Anchor,
    AppliesTo,
    CountsAs,
    DeliveryMethod,
    EarlierOf,
    EndConvention,
    Ended,
    EndedHow,
    EndsAt,
    ForConvenience,
    Lasting,
    Notice,
    OpenEnded,
    Renewal,
    RenewalKind,
    Restriction,
    Side,
    Survival,
    Until,
    Upon,
)
from notifiers import wording as say
from tests.support.facts import deadline

PLACE = Clause("12.3", 9)
YEAR = Period(months=12)


@pytest.mark.parametrize(
    ("end", "convention", "told"),
    [
        (Lasting(YEAR, None, PLACE), None, "12 months (cl. 12.3, p. 9)"),
        (
            Lasting(YEAR, date(2026, 2, 1)),
            EndConvention.DAY_BEFORE,
            "12 months from 1 Feb 2026, up to the day before the anniversary",
        ),
        (Until(date(2027, 1, 31), Lasting(YEAR)), None, "until 31 Jan 2027, beside it 12 months"),
        (OpenEnded(), EndConvention.MONTH_END, "no last day"),
        (Upon("completion"), None, "upon completion, not known yet"),
        (EarlierOf((Lasting(YEAR), Upon("completion", date(2026, 5, 1)))), None,
         "the earlier of 12 months and upon completion, 1 May 2026"),
    ],
)  # fmt: skip
def test_the_end(end, convention, told):
    assert say.end_words(end, convention) == told


@pytest.mark.parametrize(
    ("renewal", "told"),
    [
        (Renewal(RenewalKind.NEVER, clause=PLACE), "it does not renew (cl. 12.3, p. 9)"),
        (Renewal(RenewalKind.AUTOMATIC, YEAR, 2), "automatic for 12 months, at most 2 times"),
        (Renewal(RenewalKind.AUTOMATIC, None, 1), "automatic for as long as the initial term, once"),
        (Renewal(RenewalKind.BY_OPTION, YEAR, holder=Side.THEIRS), "by option for 12 months, by them"),
    ],
)
def test_the_renewal(renewal, told):
    assert say.renewal_words(renewal) == told


def test_a_notice_says_all_that_the_clause_says():
    courier = DeliveryMethod("courier", Period(business_days=1), Period(days=2), time(17), Clause("18.2"))
    notice = Notice(
        Period(days=60), Side.OURS, AppliesTo.RENEWALS, Period(days=120), Counting.CLEAR, at_least=True,
        counts_as=CountsAs.RECEIVED, method=courier, clause=PLACE,
    )  # fmt: skip
    assert say.notice_words(notice) == (
        "at least 60 days before the last day, at most 120 days, by us, in renewals, clear days, via courier (takes 1 "
        "business day, deemed received after 2 days, until 17:00, cl. 18.2), to be received by then (cl. 12.3, p. 9)"
    )
    assert say.notice_words(Notice(Period(days=30), Side.EITHER)) == "30 days before the last day, by either side"


def test_what_is_left_and_what_stays():
    leave = ForConvenience(Side.THEIRS, Period(months=3), EndsAt.MONTH_END, date(2027, 1, 1))
    assert say.leaving_words(leave) == "by them on 3 months of notice, to the end of a month, not before 1 Jan 2027"
    kept = Survival("confidentiality", None, Anchor.EXPIRY)
    assert say.survival_words(kept) == "confidentiality: for ever"
    dated = Survival("confidentiality", Period(years=3), Anchor.EACH_DISCLOSURE, ("trade secrets",))
    assert say.survival_words(dated) == "confidentiality: 3 years from each disclosure, for ever: trade secrets"
    bound = Restriction("non-solicit", Side.EITHER, Period(years=1), Anchor.TERMINATION, PLACE)
    assert (
        say.restriction_words(bound) == "non-solicit: 1 year from the day on which it ends, binds both (cl. 12.3, p. 9)"
    )
    assert say.ended_words(Ended(date(2027, 1, 31), EndedHow.NOTICE_GIVEN)) == "31 Jan 2027: notice was given"


@pytest.mark.parametrize(
    ("due", "told"),
    [
        (Once(date(2026, 5, 1)), "1 May 2026"),
        (Recurrence(YEAR, date(2026, 5, 1), Basis.ANCHOR), "every 12 months, from 1 May 2026"),
        (Recurrence(Period(months=3), date(2026, 5, 1), Basis.QUARTER), "every 3 months, by quarters"),
        (Offset(Period(days=30), Direction.AFTER, OffsetFrom.LAST_DAY), "30 days after the last day in force"),
        (Offset(Period(), Direction.AFTER, OffsetFrom.EFFECTIVE), "on the effective day"),
    ],
)
def test_a_duty_s_days(due, told):
    assert say.due_words(due) == told


def test_why_follows_the_reading_that_leads_to_the_last_safe_day():
    other = (
        DerivationStep("term-end", date(2024, 2, 1), date(2027, 2, 1), (), "1 Feb 2024 + 36 months", Source.AGREEMENT),
        DerivationStep("notice-before", date(2027, 2, 1), date(2026, 12, 3), (), "60 days", Source.AGREEMENT),
    )
    known = deadline()
    unstated = deadline(why=(*known.why[:3], *other, *known.why[3:]), latest_on=date(2026, 12, 3))
    assert say.why_lines(unstated) == say.why_lines(known)
    assert [row.number for row in say.why_rows(unstated)] == [1, 2, 6, 7]
    assert [row.on for row in say.why_rows(unstated)] == [row.on for row in say.why_rows(known)]


def test_why_begins_with_the_other_reading_where_that_one_is_the_earliest():
    steps = (
        DerivationStep("term-end", date(2024, 2, 1), date(2027, 1, 31), (), "one way", Source.AGREEMENT),
        DerivationStep("notice-before", date(2027, 1, 31), date(2026, 12, 3), (), "60 days", Source.AGREEMENT),
        DerivationStep("term-end", date(2024, 2, 1), date(2027, 1, 29), (), "another", Source.AGREEMENT),
        DerivationStep("notice-before", date(2027, 1, 29), date(2026, 12, 1), (), "60 days", Source.AGREEMENT),
    )
    assert [row.number for row in say.why_rows(deadline(why=steps))] == [3, 4]


def test_why_says_in_words_that_weekends_alone_are_known():
    reading = deadline_before(date(2027, 12, 31), Period(days=90), rules=US_CONTRACT, calendar=SAT_SUN)
    on = {"safe_on": reading.safe_on, "nominal_on": reading.nominal_on, "latest_on": reading.latest_on}
    assert say.why_lines(deadline(why=reading.steps, **on)) == (
        "2 Oct 2027: 90 days before, the day of notice not counted.",
        "1 Oct 2027: Saturday, closed: back to Friday, 1 Oct 2027 (weekends).",
    )


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ((Notice(period=Period(days=30), side=Side.EITHER),), "30 days before the last day, by either side"),
        (Lasting(Period(months=36)), "36 months"),
        (Renewal(RenewalKind.NEVER), "it does not renew"),
        (Money(Decimal("240000.00"), "EUR"), "EUR 240,000"),
        (Money(Decimal("5.50"), "EUR"), "EUR 5.50"),
        (Money(Decimal("1234.567"), "KWD"), "KWD 1,234.567"),
        (("nda", "hosting"), "nda; hosting"),
        ((), None),
        ("", None),
    ],
)
def test_any_fact_is_said_in_words_that_fit_into_a_line(fact, words):
    assert say.fact_words(fact) == words


def test_an_obligation_is_said_by_its_name_and_when_it_is_due():
    duty = Obligation(id="o1", kind=ObligationKind.FEE, name="Licence", due=Once(date(2026, 6, 1)))
    assert say.fact_words((duty,)) == "Licence (fee): 1 Jun 2026"
