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
