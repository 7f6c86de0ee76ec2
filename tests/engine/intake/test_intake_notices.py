"""What one cell says of a notice: its length, the days to which it ends, how early it may be given."""

from datetime import date

import pytest

from engine.intake.cells import AGREEMENT_READERS
from engine.intake.notices import SaidNotice
from lifecycle.days.dates import Period, StatedPeriod
from lifecycle.terms.terms import EndsAt, ForConvenience, Notice, RenewalKind, Side
from tests.support.intake import codes, registered

PERPETUAL = {"effective_on": "2026-01-01", "last_on": "perpetual"}
YEARLY = {"effective_on": "2026-01-01", "term": "1 year", "renewal": "automatic"}
MONTH, QUARTER, HALF, YEAR = EndsAt.MONTH_END, EndsAt.QUARTER_END, EndsAt.HALF_YEAR_END, EndsAt.YEAR_END
MONTHS = Period(months=3)


@pytest.mark.parametrize(
    ("text", "period", "ends"),
    [
        ("three months to the end of a calendar quarter", MONTHS, QUARTER),
        ("6 weeks to the end of any calendar quarter", Period(weeks=6), QUARTER),
        ("six (6) weeks' written notice effective at the end of a calendar half-year", Period(weeks=6), HALF),
        ("3 months to quarter-end", MONTHS, QUARTER),
        ("3 months before the end of a calendar year", MONTHS, YEAR),
        ("3 months to 31 December", MONTHS, YEAR),
        ("30 days to the end of each month", Period(days=30), MONTH),
        ("3 Monate zum Quartalsende", MONTHS, QUARTER),
        ("drei Monate zum Ende eines Kalendervierteljahres", MONTHS, QUARTER),
        ("mit einer Frist von 3 Monaten zum Jahresende", MONTHS, YEAR),
        ("3 Monate zum 31.12. eines jeden Jahres", MONTHS, YEAR),
        ("4 Wochen zum Monatsende", Period(weeks=4), MONTH),
        ("3 Monate jeweils zum Halbjahresende", MONTHS, HALF),
    ],
)
def test_the_days_to_which_notice_ends_it_are_read_beside_its_length(text, period, ends):
    assert AGREEMENT_READERS["notice_period"](text, "").value == SaidNotice(StatedPeriod(period), ends)


def test_at_least_is_kept():
    for text in ("at least 3 months to year-end", "mindestens 3 Monate zum Jahresende"):
        stated = StatedPeriod(MONTHS, at_least=True)
        assert AGREEMENT_READERS["notice_period"](text, "").value == SaidNotice(stated, YEAR)
    assert AGREEMENT_READERS["notice_period"]("mindestens 3 Monate", "").value == StatedPeriod(MONTHS, at_least=True)


@pytest.mark.parametrize(
    ("text", "at_least"),
    [
        ("not less than 90 nor more than 180 days", True),
        ("at least ninety (90) and not more than one hundred eighty (180) days before the end of the term", True),
        ("not more than 180 nor less than 90 days", True),
        ("no earlier than 180 days and no later than 90 days prior to expiration", False),
        ("mindestens 90 und höchstens 180 Tage vor Vertragsende", True),
        ("frühestens 180 Tage und spätestens 90 Tage vor Ablauf", False),
    ],
)
def test_a_window_is_read_with_both_its_edges(text, at_least):
    stated = StatedPeriod(Period(days=90), at_least=at_least)
    assert AGREEMENT_READERS["notice_period"](text, "").value == SaidNotice(stated, None, Period(days=180))


@pytest.mark.parametrize(
    "text",
    [
        "3 months to the end of the year",  # whose year?
        "3 months to the end of the contract year",
        "3 months before the expiry of the contract year",
        "3 Monate zum Ende des Vertragsjahres",
        "3 Monate zum 15. oder Ende eines Monats",
        "at least 90 and at most many days",
        "between 90 and 180 days",
    ],
)
def test_what_may_mean_something_else_is_refused(text):
    assert AGREEMENT_READERS["notice_period"](text, "").fault.code == "period"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("quarter-end", QUARTER),
        ("Quartalsende", QUARTER),
        ("end of a calendar year", YEAR),
        ("jederzeit", EndsAt.ANY_DAY),
        ("zum Vertragsende", EndsAt.TERM_END),
        ("now and then", None),
    ],
)
def test_a_column_of_its_own_says_the_same(text, value):
    found = AGREEMENT_READERS["notice_ends"](text, "")
    assert (found.value, found.fault is None) == (value, value is not None)


def test_how_early_notice_may_be_given_is_a_length():
    assert AGREEMENT_READERS["notice_opens"]("at most 180 days", "").value == Period(days=180)
    assert AGREEMENT_READERS["notice_opens"]("6", "months").value == MONTHS * 2
    assert AGREEMENT_READERS["notice_opens"]("for ever", "").fault is not None


def test_without_an_end_it_is_a_right_to_leave_to_these_days():
    agreement, findings = registered(**PERPETUAL, notice_period="at least 3 months to the end of a calendar quarter")
    assert agreement.provisions.for_convenience == (
        ForConvenience(Side.EITHER, MONTHS, QUARTER, at_least=True),
    )  # fmt: skip
    assert agreement.provisions.notices == ()
    assert codes(findings, errors=True) == []
    assert not any("notice_to_terminate" in code for code in codes(findings, errors=False))


def test_beside_an_end_it_is_a_right_to_leave_where_the_days_are_named():
    agreement, findings = registered(**YEARLY, notice_period="3 months", notice_ends="quarter-end")
    assert agreement.provisions.for_convenience == (ForConvenience(Side.EITHER, MONTHS, QUARTER),)
    assert agreement.provisions.notices == ()
    usual, _ = registered(**YEARLY, notice_period="3 months", notice_ends="term-end")
    assert (usual.provisions.for_convenience, usual.provisions.notices) == ((), (Notice(MONTHS, Side.EITHER),))
    fixed, findings = registered(
        effective_on="2026-01-01", term="3 years", renewal="never", notice_period="30 days", notice_ends="any day"
    )
    assert fixed.provisions.for_convenience == (ForConvenience(Side.EITHER, Period(days=30)),)
    assert (fixed.provisions.renewal.kind, codes(findings, errors=True)) == (RenewalKind.NEVER, [])


def test_two_columns_that_contradict_each_other_are_an_error():
    refused, findings = registered(**PERPETUAL, notice_period="3 Monate zum Quartalsende", notice_ends="year-end")
    assert (refused, [code.split()[1] for code in codes(findings, errors=True)]) == (None, ["two_notice_ends"])
    agreed, _ = registered(**PERPETUAL, notice_period="3 Monate zum Quartalsende", notice_ends="quarter-end")
    assert agreed.provisions.for_convenience == (ForConvenience(Side.EITHER, MONTHS, QUARTER),)


def test_an_amendment_of_the_length_keeps_the_days():
    known, _ = registered(**PERPETUAL, notice_period="3 Monate zum Quartalsende")
    longer, _ = registered(known, reference="A-1", notice_period="6 months")
    assert longer.provisions.for_convenience == (ForConvenience(Side.EITHER, MONTHS * 2, QUARTER),)
    any_day, _ = registered(known, reference="A-1", notice_ends="-")
    assert any_day.provisions.for_convenience == (ForConvenience(Side.EITHER, MONTHS),)


def test_a_right_to_leave_may_begin_late_and_its_other_facts_may_change():
    least = {**PERPETUAL, "earliest_end_on": "2030-12-31"}
    known, findings = registered(**least, notice_period="30 days")
    stay = date(2030, 12, 31)
    assert known.provisions.for_convenience == (
        ForConvenience(Side.EITHER, Period(days=30), not_before_on=stay),
    )  # fmt: skip
    assert codes(findings, errors=True) == []
    longer, _ = registered(known, reference="A-1", notice_period="60 days")
    assert longer.provisions.for_convenience[0].not_before_on == stay
    cleared, _ = registered(known, reference="A-1", earliest_end_on="-")
    assert cleared.provisions.for_convenience == (ForConvenience(Side.EITHER, Period(days=30)),)
    assert registered(**least, notice_period="3 Monate zum Quartalsende")[0].provisions.for_convenience == (
        ForConvenience(Side.EITHER, MONTHS, QUARTER, not_before_on=stay),
    )  # fmt: skip


def test_a_notice_not_to_renew_has_no_earliest_end():
    kept, findings = registered(**YEARLY, notice_period="30 days", earliest_end_on="2030-12-31")
    assert kept.provisions.notices == (Notice(Period(days=30), Side.EITHER),)
    assert "earliest_end_of_renewal" in " ".join(codes(findings, errors=False))


def test_a_least_term_beside_no_end_is_refused_with_the_column_for_it():
    refused, findings = registered(**PERPETUAL, term="15 years", notice_period="30 days")
    assert refused is None
    assert any("write its last day under earliest_end_on" in one.remedy for one in findings)


def test_a_notice_not_to_renew_may_have_an_opening_day():
    agreement, _ = registered(**YEARLY, notice_period="not less than 90 nor more than 180 days")
    assert agreement.provisions.notices == (
        Notice(Period(days=90), Side.EITHER, opens=Period(days=180), at_least=True),
    )  # fmt: skip
    beside, _ = registered(**YEARLY, notice_period="90 days", notice_opens="180 days")
    assert beside.provisions.notices == (Notice(Period(days=90), Side.EITHER, opens=Period(days=180)),)
    inverted, findings = registered(**YEARLY, notice_period="at least 180 and at most 90 days")
    assert (inverted, [code.split()[1] for code in codes(findings, errors=True)]) == (None, ["window-inverted"])


def test_an_opening_day_of_a_right_to_leave_is_said_to_be_left_out():
    _, findings = registered(**PERPETUAL, notice_period="3 months", notice_opens="6 months")
    assert any("opens_without_renewal" in code for code in codes(findings, errors=False))


@pytest.mark.parametrize(
    ("ends", "remedy"), [("any-day", ""), ("quarter-end", "Write it under note, and leave not before it.")]
)
def test_how_early_notice_may_be_given_is_missed_only_where_it_moves_a_day(ends, remedy):
    said = {"notice_period": "1 month", "notice_opens": "2 months", "notice_ends": ends}
    _, findings = registered(**PERPETUAL, **said)
    assert [one.remedy for one in findings if one.code == "opens_without_renewal"] == [remedy]
