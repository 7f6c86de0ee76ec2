"""Until when what was disclosed is protected, and what does not fit in disclosures, assets and work results."""

from dataclasses import replace
from datetime import date

import pytest

from lifecycle.agreements.disclosures import Disclosure
from lifecycle.agreements.status import Status
from lifecycle.assets.asset import Asset, AssetKind, Licence, Ownership
from lifecycle.assets.protection import Protection, longest, protection_by
from lifecycle.days.dates import Period
from lifecycle.findings.of_assets import asset_findings
from lifecycle.terms.provisions import Anchor, Survival
from tests.support.agreements import NEVER, agreement

TODAY = date(2026, 7, 1)
YEAR = {"effective_on": "2026-01-01", "signed_on": "2025-12-15", "end": "12 months", "renewal": NEVER}


def nda(reference="NDA-1", **said):
    """In force for the year 2026, unless it is said otherwise."""
    facts = {"id": reference, "status": Status.IN_FORCE, "counterparty_id": "mira"} | YEAR | said
    return agreement(reference, **facts)


def given(on, what="Source code", **said):
    return Disclosure(id=f"d{on}", given_on=date.fromisoformat(on), what=what, **said)


def surviving(one, anchor, period):
    return replace(one, provisions=replace(one.provisions, survivals=(Survival("confidentiality", period, anchor),)))


def asset(*agreements, **said):
    facts = {"id": "a1", "name": "Compiler", "kind": AssetKind.SOURCE_CODE, "agreements": tuple(agreements)}
    return Asset(**facts | said)


def codes(agreements, assets=()):
    return [(one.code, one.about, one.on) for one in asset_findings(agreements, assets, TODAY)]


# -- protection ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "until"),
    [
        (nda(), date(2026, 12, 31)),
        (surviving(nda(), Anchor.EXPIRY, Period(years=3)), date(2029, 12, 31)),
        (surviving(nda(), Anchor.EXPIRY, None), None),
        (nda(renewal=agreement().provisions.renewal), None),
        (nda(end=None), None),
    ],
    ids=["its last day", "as long as it survives", "for ever", "it renews", "no end"],
)
def test_it_is_protected_until_confidentiality_ends(one, until):
    assert protection_by(one) == Protection("NDA-1", until)


def test_what_nobody_has_signed_protects_nothing():
    assert protection_by(nda(status=Status.AWAITING_SIGNATURE)) is None
    assert protection_by(nda(status=Status.DRAFT, effective_on=None, signed_on=None)) is None
    assert longest([nda(status=Status.DRAFT)]) is None


def test_a_disclosure_with_a_clock_of_its_own_is_protected_by_that_clock():
    one = nda(disclosures=(given("2026-03-01"), given("2026-05-01")))
    one = surviving(one, Anchor.EACH_DISCLOSURE, Period(years=2))
    assert protection_by(one, 0) == Protection("NDA-1", date(2028, 3, 1))
    assert protection_by(one, 1) == Protection("NDA-1", date(2028, 5, 1))
    short = surviving(one, Anchor.EACH_DISCLOSURE, Period(months=1))
    assert protection_by(short, 0) == Protection("NDA-1", date(2026, 12, 31))  # never less than the agreement itself


def test_of_several_agreements_the_one_counts_that_protects_longest():
    long = surviving(nda("NDA-2"), Anchor.EXPIRY, Period(years=3))
    assert longest([nda(), long]) == Protection("NDA-2", date(2029, 12, 31))
    assert longest([long, nda("NDA-3", end=None)]) == Protection("NDA-3", None)
    assert Protection("x", date(2026, 12, 31)).holds(date(2026, 12, 31))
    assert not Protection("x", date(2026, 12, 31)).holds(date(2027, 1, 1))


# -- disclosures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "on", "code"),
    [
        ({}, "2026-03-01", None),
        ({}, "2026-12-31", None),
        ({}, "2025-12-20", "disclosed-before-signature"),  # signed, and not yet in force
        ({}, "2027-01-01", "disclosed-after-end"),
        ({"signed_on": None, "effective_on": None}, "2026-03-01", "disclosed-before-signature"),
        ({"effective_on": "2025-11-01"}, "2025-11-15", None),  # signed later, in force from before
    ],
)
def test_what_was_disclosed_while_nothing_protected_it_is_found(said, on, code):
    found = codes([nda(disclosures=(given(on),), **said)])
    assert found == ([(code, ("NDA-1",), date.fromisoformat(on))] if code else [])


def test_a_withdrawn_disclosure_is_no_finding():
    assert codes([nda(disclosures=(given("2025-01-01", withdrawn_because="never sent"),))]) == []


# -- assets ----------------------------------------------------------------------------------------------------------


def test_an_asset_that_is_covered_for_a_time_only_is_told_from_when_it_is_not():
    (found,) = asset_findings([nda()], [asset("NDA-1")], TODAY)
    assert (found.code, found.on) == ("asset-unprotected", date(2026, 12, 31))
    assert found.text == "Compiler is covered by nothing after 31 Dec 2026."
    assert codes([nda(end=None)], [asset("NDA-1")]) == []
    (late,) = asset_findings([nda(status=Status.ENDED)], [asset("NDA-1")], date(2027, 2, 1))
    assert late.text == "Compiler has been covered by nothing since 31 Dec 2026."


def test_what_the_other_side_owns_need_not_be_covered_by_us():
    assert codes([nda()], [asset("NDA-1", ownership=Ownership.THEM)]) == []
    assert codes([nda()], [asset("NDA-1", ownership=Ownership.US)]) != []


def test_what_somebody_has_under_no_agreement_in_force_is_found():
    held = asset("NDA-1", holders=("Mira Labs",))
    assert codes([nda(end=None)], [held]) == []
    found = codes([nda(end=None, status=Status.ENDED)], [held])
    assert found == [("held-without-agreement", ("NDA-1",), None)]
    assert codes([], [asset(holders=("Mira Labs",))]) == [("held-without-agreement", (), None)]


@pytest.mark.parametrize("ownership", [Ownership.THIRD_PARTY, Ownership.JOINT])
def test_what_others_have_a_say_in_needs_a_licence(ownership):
    one = asset("NDA-1", ownership=ownership)
    assert codes([nda(end=None)], [one]) == [("no-licence", ("NDA-1",), None)]
    assert codes([nda(end=None)], [replace(one, licence=Licence(from_whom="Geo"))]) == []
    assert codes([nda(end=None)], [replace(one, ownership=Ownership.THEM)]) == []


def test_a_licence_that_ends_before_the_work_is_found_and_its_own_agreement_is_no_work():
    licensed = asset("SOW-1", "LIC-1", licence=Licence(ends_on=date(2026, 9, 30)))
    work = nda("SOW-1", kind="SOW", work_results="us")
    paper = nda("LIC-1", kind="licence", end=None)
    assert codes([work, paper], [licensed]) == [("licence-ends-first", ("SOW-1",), date(2026, 9, 30))]
    lasting = replace(licensed, licence=Licence(ends_on=date(2026, 12, 31)))
    assert codes([work, paper], [lasting]) == []
    endless = nda("SOW-1", kind="SOW", work_results="us", end=None)
    assert codes([endless, paper], [lasting])[0] == ("licence-ends-first", ("SOW-1",), date(2026, 12, 31))


def test_work_whose_results_nobody_has_claimed_is_found_unless_the_agreement_above_says_it():
    work = nda("SOW-1", kind="SOW", parent="MSA-1", end=None)
    above = nda("MSA-1", kind="MSA", end=None)
    assert codes([work, above]) == [("results-without-owner", ("SOW-1",), date(2026, 1, 1))]
    assert codes([work, replace(above, work_results="us")]) == []
    assert codes([replace(work, work_results="joint"), above]) == []
    assert codes([replace(work, status=Status.ENDED), above]) == []


def test_nothing_is_said_of_an_asset_where_an_agreement_that_may_not_be_seen_says_more():
    assert codes([nda()], [asset("NDA-1", "hidden")]) == []
    assert codes([nda()], [asset("NDA-1", retired_because="sold")]) == []
