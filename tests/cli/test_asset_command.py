"""``longstop asset``: whose it is, what covers it, and what a restricted agreement alone covers is hidden."""

import pytest

NO_FEE = {"fee": None, "fee_due_on": None, "fee_every": None}


@pytest.fixture
def register(longstop):
    for reference in ("MSA-1", "MSA-2"):
        longstop(
            "agreement",
            "add",
            reference,
            "--counterparty",
            "Acme",
            "--kind",
            "MSA",
            "--effective-on",
            "2026-02-02",
            "--term",
            "3 years",
            "--renewal",
            "never",
            "--owner",
            "olga@example.com",
        )
    longstop("agreement", "amend", "MSA-2", "--set", "restricted_to=olga@example.com", "--because", "Secret")
    return longstop


def test_an_asset_is_added_shown_and_amended(register):
    said = register(
        "asset",
        "add",
        "Map data",
        "--kind",
        "data",
        "--ownership",
        "third-party",
        "--agreement",
        "MSA-1",
        "--licence-from",
        "Geo",
        "--licence-until",
        "2027-06-30",
        "--holder",
        "Acme Labs",
        "--json",
    ).item
    assert (said["is_shared"], said["licence"]) == (True, {**NO_FEE, "from_whom": "Geo", "ends_on": "2027-06-30"})
    register("asset", "amend", "map  DATA", "--licence-until", "2028-06-30", "--because", "Renewed")
    (one,) = register("asset", "list", "--json").items
    assert (one["name"], one["licence"]["ends_on"], one["agreements"]) == ("Map data", "2028-06-30", ["MSA-1"])
    assert "a third party's" in register("asset", "show", "Map data").out
    register("asset", "add", "MAP DATA", "--kind", "data", expect=4)
    register("asset", "show", "Moon data", expect=3)


def test_what_only_a_restricted_agreement_covers_is_not_there_for_others(register):
    register("asset", "add", "Recipe", "--kind", "trade-secret", "--agreement", "MSA-2")
    register("asset", "add", "Handbook", "--kind", "process", "--agreement", "MSA-1", "--agreement", "MSA-2")
    seen = register("asset", "list", "--json", "--as", "mia@example.com").items
    assert [(one["name"], one["agreements"]) for one in seen] == [("Handbook", ["MSA-1"])]
    register("asset", "show", "Recipe", "--as", "mia@example.com", expect=3)
    assert [one["name"] for one in register("asset", "list", "--json").items] == ["Handbook", "Recipe"]


def test_a_licence_brings_its_deadlines_and_a_retired_asset_takes_them_with_it(register):
    fee = ("--licence-fee", "EUR 1,200", "--fee-due", "2027-03-01", "--fee-every", "1 year")
    made = register("asset", "add", "Map data", "--kind", "data", "--agreement", "MSA-1", "--licence-until",
                    "2028-06-30", *fee, "--json").item  # fmt: skip
    assert made["licence"]["fee"] == {"amount": "1200.00", "currency": "EUR"}
    assert made["protected"] == {"by": "MSA-1", "until_on": "2029-02-01"}
    kinds = {one["kind"] for one in register("obligation", "list", "MSA-1", "--json").items}
    assert kinds == {"duty", "fee"}
    register("asset", "retire", "Map data", "--because", "Sold")
    assert register("obligation", "list", "MSA-1", "--json").items == []
    assert register("asset", "list").out.startswith("There are no assets.")
    register("asset", "add", "X", "--kind", "data", "--licence-fee", "much", expect=2)


def test_somebody_changes_what_their_own_agreements_cover_and_unseen_ones_stay(register):
    register("person", "role", "olga@example.com", "contributor")
    register("asset", "add", "Handbook", "--kind", "process", "--agreement", "MSA-1", "--agreement", "MSA-2")
    register("asset", "add", "Linker", "--kind", "source-code", "--agreement", "MSA-1", "--as", "olga@example.com")
    register("asset", "add", "Stray", "--kind", "data", "--as", "olga@example.com", expect=4)
    register("asset", "retire", "Linker", "--because", "x", "--as", "ben@example.com", expect=4)
    register("asset", "amend", "Handbook", "--agreement", "MSA-1", "--because", "x", "--as", "leo@example.com")
    assert register("asset", "show", "Handbook", "--json").item["agreements"] == ["MSA-1", "MSA-2"]
