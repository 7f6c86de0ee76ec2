"""``--as`` on commands that read: what that person sees, and nothing that is kept from them (INTERFACE.md R2, R3)."""

import pytest

from tests.support.cli import Longstop

CANARY = "Zugvogel"


@pytest.fixture(scope="module")
def shown(tmp_path_factory, staffed):
    """One agreement for everybody, one that only its owner and backup may see; for those who only look."""
    longstop = Longstop(tmp_path_factory.mktemp("seen") / "data", like=staffed)
    longstop.agreement("OPEN-1")
    longstop.agreement("CANARY-1", "--note", CANARY, "--restricted-to", "olga@example.com", "--tags", CANARY)
    longstop("agreement", "amend", "CANARY-1", "--set", f"title={CANARY}", "--because", CANARY)
    longstop("assign", "CANARY-1", "notice", "--to", "ben@example.com")
    return longstop


@pytest.fixture
def house(shown, tmp_path):
    """The same for one test alone."""
    return Longstop(tmp_path / "data", like=shown)


READING = [
    ("agreement", "list"),
    ("agreement", "list", "--json"),
    ("deadlines", "--within", "400d"),
    ("deadlines", "--within", "400d", "--json"),
    ("deadlines", "--within", "400d", "--csv"),
    ("forecast", "--until", "+1y"),
    ("forecast", "--until", "+1y", "--json"),
    ("feed", "render"),
    ("outbox", "list", "--json"),
    ("explain", "OPEN-1", "notice", "--json"),
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
@pytest.mark.parametrize("name", ["leo", "ada", "mia"])
def test_what_is_restricted_is_shown_to_nobody_else_whatever_their_role(shown, words, name):
    told = shown(*words, "--as", f"{name}@example.com").out
    assert CANARY not in told
    assert "CANARY-1" not in told


@pytest.mark.parametrize("words", READING[:-2], ids=" ".join)
def test_its_owner_sees_it(shown, words):
    told = shown(*words, "--as", "olga@example.com").out
    assert CANARY in told or "CANARY-1" in told


@pytest.mark.parametrize(
    "words", [("agreement", "show"), ("explain",), ("obligation", "list"), ("forecast", "--reference")]
)
def test_what_somebody_does_not_see_is_not_there(shown, words):
    shown(*words, "CANARY-1", "--as", "leo@example.com", expect=3)
    shown(*words, "CANARY-1", "--as", "ben@example.com")


def test_an_export_holds_what_its_reader_sees(house, tmp_path):
    assert house("export", tmp_path / "leo.xlsx", "--as", "leo@example.com", "--json").item["agreements"] == 1
    assert house("export", tmp_path / "all.xlsx", "--json").item["agreements"] == 2
    assert house("export", tmp_path / "ben.xlsx", "--as", "leo@example.com").out.endswith(": 1 agreement, 5 people.\n")


def test_messages_are_read_by_those_whose_they_are_and_by_those_who_keep_the_log(house):
    house.agreement("BEN-1", owner="ben@example.com")
    house("assign", "BEN-1", "notice", "--to", "mia@example.com")

    def seen(name):
        return [one["address"] for one in house("outbox", "list", "--json", "--as", f"{name}@example.com").items]

    assert seen("mia") == ["mia@example.com"]
    assert seen("leo") == ["mia@example.com"]
    assert seen("ben") == ["ben@example.com"]
    house("person", "role", "ben@example.com", "contributor")
    assert sorted(seen("ben")) == ["ben@example.com", "mia@example.com"]


def test_nobody_is_seen_as_by_a_wrong_name(house):
    house("agreement", "list", "--as", "nobody@example.com", expect=3)
    house("playbook", "list", "--as", "nobody@example.com", expect=3)
    house("person", "disable", "ben@example.com")
    house("deadlines", "--as", "ben@example.com", expect=4)


def test_an_owner_is_searched_by_a_part_of_the_name(house):
    house.agreement("MIA-1", owner="mia@example.com")
    house("agreement", "add", "LONE-1", "--counterparty", "Acme", "--effective-on", "2026-02-01", "--term", "12 months")

    def found(word):
        return [one["reference"] for one in house("agreement", "list", word, "--json").items]

    assert found("owner:mia") == ["MIA-1"]
    assert found("owner:OLGA@example.com") == ["CANARY-1", "OPEN-1"]
    assert found("owner:nobody") == ["LONE-1"]
    assert found("owner:zeppelin") == []
    house("person", "disable", "mia@example.com", "--yes")
    assert found("owner:nobody") == ["LONE-1", "MIA-1"]
    listed = house("deadlines", "owner:ben", "--within", "400d", "--json").items
    assert {(one["reference"], one["owner"]["name"]) for one in listed} == {("CANARY-1", "Ben")}
    house("agreement", "list", "owner:", expect=2)


def test_a_slip_is_never_answered_with_what_somebody_does_not_see(shown):
    assert "Did you mean CANARY-1?" in shown("explain", "CANARI-1", expect=3).err
    assert "CANARY-1" not in shown("explain", "CANARI-1", "--as", "leo@example.com", expect=3).err
