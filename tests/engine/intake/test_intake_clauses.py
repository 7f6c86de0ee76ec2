"""Cells that say what the paper says: the words of clauses around a length, and what they may not change."""

import pytest

from engine.intake.cells import AGREEMENT_READERS, SaidRenewal
from engine.intake.notices import SaidNotice
from engine.intake.survivals import SaidSurvival
from lifecycle.days.dates import Period, StatedPeriod
from lifecycle.terms.terms import Anchor, EndsAt, RenewalKind, Survival
from tests.support.intake import codes, registered

AUTOMATIC = RenewalKind.AUTOMATIC
YEAR, THREE_MONTHS, SIXTY_DAYS = Period(years=1), Period(months=3), Period(days=60)
YEARLY = {"effective_on": "2026-01-01", "term": "1 year"}


def read(field, text):
    said = AGREEMENT_READERS[field](text, "")
    return said.value if said.fault is None else f"{said.fault.message} {said.fault.remedy}"


@pytest.mark.parametrize(
    ("text", "period", "at_least"),
    [
        ("at least sixty (60) days prior to the expiration of the then-current term", SIXTY_DAYS, True),
        ("60 days before the date of expiration", SIXTY_DAYS, False),
        ("sixty (60) days' written notice of non-renewal prior to the end of any renewal term", SIXTY_DAYS, False),
        ("60 days in advance of the expiration of the Initial Term or the applicable Renewal Term", SIXTY_DAYS, False),
        ("60 days before the end of the Initial Term or Renewal Term, as the case may be", SIXTY_DAYS, False),
        ("60 days' notice of its intention not to renew, effective at the end of the term", SIXTY_DAYS, False),
        ("mit einer Frist von drei Monaten zum Ende der Laufzeit", THREE_MONTHS, False),
        ("unter Einhaltung einer Frist von 3 Monaten vor Ablauf der jeweiligen Laufzeit", THREE_MONTHS, False),
        ("Kündigungsfrist von mindestens 3 Monaten zum Ende der Mindestlaufzeit", THREE_MONTHS, True),
    ],
)
def test_which_end_a_notice_lies_before_is_no_news(text, period, at_least):
    assert read("notice_period", text) == StatedPeriod(period, at_least=at_least)


def test_each_edge_of_a_window_may_say_it():
    text = "not less than 60 days prior to expiration nor more than 90 days prior to the scheduled expiration date"
    stated = StatedPeriod(SIXTY_DAYS, at_least=True)
    assert read("notice_period", text) == SaidNotice(stated, None, Period(days=90))


@pytest.mark.parametrize(
    "text",
    [
        "60 days prior to the renewal date",
        "60 days prior to the expiration of the warranty",
        "60 days before the end of the term; 90 days before the end of a renewal term",
        "60 days prior to the end of the season",
        "60 days after the end of the term",
        "60 days before the end of the term " + "and of the term " * 20,
    ],
)
def test_words_that_may_change_it_are_refused_with_the_rest(text):
    assert isinstance(read("notice_period", text), str)


@pytest.mark.parametrize(
    "text", ["3 months to the end of the year", "3 Monate zum Ende des Jahres", "3 Monate zum Ende des Vertragsjahres"]
)
def test_whose_year_is_meant_is_asked_with_the_words_for_each(text):
    assert read("notice_period", text) == (
        "The end of which year? It may be the calendar's, or that of the agreement. "
        'Write "to the end of a calendar year" ("zum Jahresende"); or the length alone, where it ends with a term.'
    )
    for word in ("3 months to the end of a calendar year", "3 Monate zum Jahresende"):
        assert read("notice_period", word) == SaidNotice(StatedPeriod(THREE_MONTHS), EndsAt.YEAR_END)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("4 Wochen zum Fünfzehnten oder zum Ende eines Kalendermonats", 'Write it "to the end of a month"'),
        ("four weeks to the 15th or the end of a month", 'Write it "to the end of a month"'),
        ("30 days before each anniversary", "under end_convention anniversary"),
    ],
)
def test_days_that_no_column_holds_are_named_with_what_to_write(text, remedy):
    assert remedy in read("notice_period", text)


@pytest.mark.parametrize(
    "text",
    [
        "three (3) years from the Effective Date",
        "3 years commencing on the Commencement Date",
        "3 Jahre ab Vertragsbeginn",
    ],
)
def test_a_term_may_say_that_it_begins_with_the_effective_day(text):
    assert read("term", text) == StatedPeriod(Period(years=3))


def test_a_term_that_begins_another_day_is_refused():
    assert isinstance(read("term", "3 years from the date of delivery"), str)


@pytest.mark.parametrize(
    ("text", "period", "times"),
    [
        ("renews automatically for successive one-year terms", YEAR, None),
        ("automatically renewed for additional one (1) year periods", YEAR, None),
        ("automatically extended by two one-year periods", YEAR, 2),
        ("shall automatically renew for additional periods of one (1) year", YEAR, None),
        ("will automatically be renewed for successive 1-year terms", YEAR, None),
        ("verlängert sich automatisch um jeweils 12 Monate", Period(months=12), None),
        ("verlängert sich stillschweigend jeweils um ein weiteres Jahr", YEAR, None),
        ("automatisch um 1 Jahr", YEAR, None),
    ],
)
def test_a_renewal_that_says_so_itself_is_no_assumption(text, period, times):
    said = AGREEMENT_READERS["renewal"](text, "")
    assert (said.value, said.warning) == (SaidRenewal(AUTOMATIC, period, times), None)


@pytest.mark.parametrize(
    "text", ["month-to-month basis", "shall continue on a month to month basis", "from month to month"]
)
def test_a_renewal_from_month_to_month_may_be_said_in_the_words_of_the_paper(text):
    assert read("renewal", text) == SaidRenewal(AUTOMATIC, Period(months=1))


@pytest.mark.parametrize("text", ["subsequent one (1) year periods", "um ein weiteres Jahr", "extended by 1 year"])
def test_a_renewal_that_says_its_length_alone_is_assumed_to_be_automatic(text):
    said = AGREEMENT_READERS["renewal"](text, "")
    assert (said.value.kind, said.value.period, said.warning.code) == (AUTOMATIC, YEAR, "renewal_assumed")


@pytest.mark.parametrize(
    "text",
    [
        "does not renew automatically for 1 year",
        "renewed by mutual agreement for 1 year",
        "may be extended by 1 year",
        "may renew for 1 year",
        "option to renew for 1 year",
        "renew by mutual agreement",
        "month to year basis",
    ],
)
def test_a_renewal_that_somebody_must_want_is_not_taken_for_an_automatic_one(text):
    assert isinstance(read("renewal", text), str)


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("five (5) years from the date of disclosure", Anchor.EACH_DISCLOSURE),
        ("five (5) years after each disclosure of Confidential Information", Anchor.EACH_DISCLOSURE),
        ("5 years after the last disclosure", Anchor.LAST_DISCLOSURE),
        ("5 years following the expiration or termination of this Agreement for any reason", Anchor.TERMINATION),
        ("5 years after the end of the agreement", Anchor.TERMINATION),
        ("5 years after expiration of this Agreement", Anchor.EXPIRY),
        ("5 years from the Effective Date", Anchor.EFFECTIVE),
        ("5 Jahre nach Beendigung des Vertrages", Anchor.TERMINATION),
        ("fünf Jahre ab dem Tag der jeweiligen Offenlegung", Anchor.EACH_DISCLOSURE),
    ],
)
def test_a_survival_may_say_the_day_that_it_is_counted_from(text, anchor):
    assert read("survival", text) == SaidSurvival(StatedPeriod(Period(years=5)), anchor)
    agreement, findings = registered(**YEARLY, survival=text)
    assert agreement.provisions.survivals == (Survival("confidentiality", Period(years=5), anchor),)
    assert "survival_from" not in agreement.assumed
    assert codes(findings, errors=True) == []


@pytest.mark.parametrize("text", ["5 years after the audit", "5 years after the effective date of termination"])
def test_a_survival_from_an_unknown_day_is_refused(text):
    assert isinstance(read("survival", text), str)


def test_a_survival_and_its_column_may_not_say_two_things():
    refused, findings = registered(**YEARLY, survival="5 years from disclosure", survival_from="effective")
    assert (refused, [code.split()[1] for code in codes(findings, errors=True)]) == (None, ["two_survival_from"])
    agreed, _ = registered(**YEARLY, survival="5 years from disclosure", survival_from="disclosure")
    assert agreed.provisions.survivals[0].anchor is Anchor.EACH_DISCLOSURE


@pytest.mark.parametrize("text", ["3 successive 60 days", "month to month", "60 days before the 3 terms"])
def test_a_notice_that_comes_again_and_again_is_refused(text):
    refused, findings = registered(**YEARLY, renewal="automatic", notice_period=text)
    assert (refused, [code.split()[1] for code in codes(findings, errors=True)]) == (None, ["notice_repeats"])


def test_no_end_may_be_said_in_german():
    agreement, findings = registered(effective_on="2026-01-01", last_on="auf unbestimmte Zeit")
    assert (agreement.assumed, codes(findings, errors=True)) == (
        registered(**YEARLY | {"term": "-"}, last_on="perpetual")[0].assumed,
        [],
    )
