"""Values of every other field as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.intake.cells import AGREEMENT_READERS, SaidRenewal
from engine.intake.findings import Said
from engine.intake.money import SaidMoney, money_of, read_currency, read_money
from engine.intake.texts import as_text, guarded, says_none, unguarded
from lifecycle.agreements.agreement import AgreementKind
from lifecycle.days.dates import Counting, Period, StatedPeriod
from lifecycle.terms.terms import Anchor, CountsAs, EndConvention, RenewalKind

AUTOMATIC = RenewalKind.AUTOMATIC


def said(field, text, unit=""):
    found = AGREEMENT_READERS[field](text, unit)
    return found.fault.code if found.fault else found.value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("60 days", "", StatedPeriod(Period(days=60))),
        ("5bd", "", StatedPeriod(Period(business_days=5))),
        ("sixty (60) days", "", StatedPeriod(Period(days=60))),
        ("60) days", "", StatedPeriod(Period(days=60))),
        ("P60D", "", StatedPeriod(Period(days=60))),
        ("0.5 year", "", StatedPeriod(Period(months=6))),
        ("until terminated", "", StatedPeriod(None, perpetual=True)),
        ("at least 60 clear days", "", StatedPeriod(Period(days=60), counting=Counting.CLEAR, at_least=True)),
        ("3", "months", StatedPeriod(Period(months=3))),
        ("3", "business days", StatedPeriod(Period(business_days=3))),
        ("60 days", "months", StatedPeriod(Period(days=60))),
        ("drei Monate", "", StatedPeriod(Period(months=3))),
        ("1,5 Jahre", "", StatedPeriod(Period(years=1, months=6))),
        ("4 Wochen zum Ende der Laufzeit", "", StatedPeriod(Period(weeks=4))),
        ("3 Monate vor Vertragsende.", "", StatedPeriod(Period(months=3))),
        ("10 Arbeitstage", "", StatedPeriod(Period(business_days=10))),
        ("vierteljährlich", "", StatedPeriod(Period(months=3))),
        ("unbefristet", "", StatedPeriod(None, perpetual=True)),
        ("1,5", "years", StatedPeriod(Period(years=1, months=6))),
        ("1,500", "days", StatedPeriod(Period(days=1500))),
        ("6 Monate zum Ende des Vertragsjahres", "", "period"),
        ("5 Jahre nach Vertragsende", "", "period"),
        ("10 Werktage", "", "ambiguous-period"),
        ("60", "", "unit_missing"),
        ("60 days; 180 days", "", "ambiguous-period"),
        ("180 days / 6 months", "", "ambiguous-period"),
        ("[]", "", "redacted"),
        ("72 hours", "", "hours"),
        ("net 30", "", "period"),
        ("7/22/2019; 7/22/2022", "", "period"),
    ],
)
def test_periods(text, unit, value):
    assert said("notice_period", text, unit) == value


def test_a_bare_number_is_answered_with_what_to_write():
    fault = AGREEMENT_READERS["notice_period"]("60", "").fault
    assert (fault.message, fault.remedy) == ("60 what?", "Write 60 days or 60 business days.")


@pytest.mark.parametrize("field", ["term", "renewal_term", "survival", "renewal"])
def test_what_lasts_for_years_is_asked_for_months_or_years(field):
    fault = AGREEMENT_READERS[field]("12", "").fault
    assert (fault.message, fault.remedy) == ("12 what?", "Write 12 months or 12 years.")


def test_what_stands_behind_a_german_length_is_named_where_it_may_change_the_meaning():
    fault = AGREEMENT_READERS["notice_period"]("6 Monate zum Ende des Geschäftsjahres", "").fault
    assert fault.message == 'Behind 6 months it says "zum Ende des Geschäftsjahres", which is not understood.'
    assert fault.remedy == "Write 6 months, if that is what it means."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("automatic", SaidRenewal(AUTOMATIC)),
        ("Yes", SaidRenewal(AUTOMATIC)),
        ("Auto-renew", SaidRenewal(AUTOMATIC)),
        ("Automatic renewal", SaidRenewal(AUTOMATIC)),
        ("Renews automatically", SaidRenewal(AUTOMATIC)),
        ("automatische Verlängerung", SaidRenewal(AUTOMATIC)),
        ("by option", SaidRenewal(RenewalKind.BY_OPTION)),
        ("By mutual agreement", SaidRenewal(RenewalKind.BY_AGREEMENT)),
        ("none", SaidRenewal(RenewalKind.NEVER)),
        ("nein", SaidRenewal(RenewalKind.NEVER)),
        ("successive 1 year", SaidRenewal(AUTOMATIC, Period(years=1))),
        ("succesive 1 year", SaidRenewal(AUTOMATIC, Period(years=1))),
        ("successine 1 year", SaidRenewal(AUTOMATIC, Period(years=1))),
        ("four successive 10 years", SaidRenewal(AUTOMATIC, Period(years=10), 4)),
        ("month to month", SaidRenewal(AUTOMATIC, Period(months=1))),
        ("perpetual", "renewal-length-unknown"),
        ("perpetual, 11/15/2014", "unknown_renewal"),
        ("successive []", "redacted"),
        ("12", "unit_missing"),
    ],
)
def test_renewals(text, value):
    assert said("renewal", text) == value


def test_a_length_in_place_of_a_renewal_is_noted():
    assert AGREEMENT_READERS["renewal"]("1 year", "").warning.code == "renewal_assumed"


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("EUR 240,000", "240000", "EUR"),
        ("240.000,00 €", "240000", "EUR"),
        ("£1,234.50", "1234.50", "GBP"),
        ("1 234 567,89 EUR", "1234567.89", "EUR"),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("1\u2019234 CHF", "1234", "CHF"),
        ("12,34,567 INR", "1234567", "INR"),
        ("5,-- €", "5", "EUR"),
        ("240000", "240000", ""),
        ("1,5", "1.50", ""),
        ("KWD 1,234.567", "1234.567", "KWD"),
        ("BHD 1.234,567", "1234.567", "BHD"),
        ("1234.567", "1234.567", ""),
        ("0.500 OMR", "0.500", "OMR"),
        ("KWD 1.2340", "1.234", "KWD"),
        ("1.234.567", "1234567", ""),
    ],
)
def test_money(text, amount, currency):
    is_doubtful = text == "EUR 240,000"
    assert read_money(text) == (SaidMoney(Decimal(amount), currency, is_doubtful), None, None)


def test_three_digits_after_the_only_separator_are_thousands_and_may_be_thousandths():
    assert read_money("1.234") == (SaidMoney(Decimal(1234), "", may_be_small=True), None, None)


@pytest.mark.parametrize(
    ("number", "amount"), [(1.234, "1.234"), (0.1, "0.1"), (240000.0, "240000"), (1 / 3, "0.3333")]
)
def test_a_cell_that_is_a_number_has_no_thousands_to_be_taken_for(number, amount):
    assert money_of(number, "KWD") == (SaidMoney(Decimal(amount), "KWD"), None, None)


@pytest.mark.parametrize("number", [-1.5, 1e300, float("nan")])
def test_a_number_that_is_no_amount_is_refused(number):
    assert money_of(number).fault is not None


@pytest.mark.parametrize("text", ["-5", "abc", "EUR", "EUR 5 USD", "1.2.3", "1,23,4567", "XXQ 5", "9" * 20])
def test_what_is_no_money_is_refused(text):
    assert read_money(text).fault is not None


def test_a_dollar_is_noted_as_an_assumption():
    assert read_money("$1,234.50")[:2] == (SaidMoney(Decimal("1234.50"), "USD"), read_currency("$").warning)


def test_the_unit_of_a_column_is_the_currency_of_bare_amounts():
    assert read_money("5", "EUR").value == SaidMoney(Decimal(5), "EUR")
    assert read_money("CHF 5", "EUR").value == SaidMoney(Decimal(5), "CHF")


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("kind", "nda", AgreementKind.NDA),
        ("kind", "Mutual Non-Disclosure Agreement", AgreementKind.NDA),
        ("kind", "Mietvertrag", AgreementKind.LEASE),
        ("kind", "License Agreement", AgreementKind.LICENCE),
        ("kind", "Sponsorship Agreement", AgreementKind.OTHER),
        ("tags", "critical; it, Critical ,", ("critical", "it")),
        ("renewal_limit", "3", 3),
        ("renewal_limit", "3 times", 3),
        ("renewal_limit", "3.5", "no_number"),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("time_zone", "Middle/Earth", "unknown_zone"),
        ("time_zone", "../etc/passwd", "unknown_zone"),
        ("rules", "BGB", "bgb"),
        ("rules", "US contract", "us-contract"),
        ("rules", "sharia", "unknown_rules"),
        ("notice_counts", "Received", CountsAs.RECEIVED),
        ("notice_counts", "somehow", "unknown_word"),
        ("survival_from", "each disclosure", Anchor.EACH_DISCLOSURE),
        ("end_convention", "day_before", EndConvention.DAY_BEFORE),
        ("title", "  A  long\n\n title ", "A long title"),
        ("note", " one \n two", "one\ntwo"),
        ("title", "x" * 10_001, "too_long"),
        ("reference", "x" * 101, "too_long"),
        ("currency", "eur", "EUR"),
        ("currency", "EURO", "unknown_currency"),
        ("restricted_to", "Olga; legal", ("Olga", "legal")),
        ("restricted_to", "FALSE", None),
    ],
)
def test_other_values(field, text, value):
    assert said(field, text) == value


def test_an_unknown_kind_is_kept_as_other_with_a_warning():
    assert AGREEMENT_READERS["kind"]("Sponsorship", "").warning.code == "unknown_kind"


def test_cells_become_text_as_a_person_would_write_them():
    assert [as_text(cell) for cell in (60.0, 60, 1.5, True, date(2026, 1, 2), None, " x ")] == [
        "60",
        "60",
        "1.5",
        "yes",
        "2026-01-02",
        "",
        "x",
    ]


@given(st.text())
def test_a_guarded_text_comes_back_and_starts_no_formula(text):
    text = text.strip()
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in set("=+-@")
    assert not says_none(guarded(text))


@given(st.sampled_from(sorted(AGREEMENT_READERS)), st.text(), st.sampled_from(["", "months", "EUR"]))
def test_no_text_raises(field, text, unit):
    found = AGREEMENT_READERS[field](text, unit)
    assert (found.value is None) is (found.fault is not None) or (field, found) == ("restricted_to", Said())
