"""``finding``: listed with what to do, accepted with a reason, by whom it may be."""

import pytest

from tests.support.cli import Longstop


@pytest.fixture(scope="module")
def base(staffed, tmp_path_factory):
    """An agreement of Olga's without a backup, and one that only Leo sees."""
    made = Longstop(tmp_path_factory.mktemp("base") / "data", like=staffed)
    told = ("--kind", "NDA", "--effective-on", "2026-01-01", "--term", "1 year", "--counterparty", "Acme")
    made("agreement", "add", "ACME-7", *told, "--owner", "olga@example.com")
    made("agreement", "add", "ZANZIBAR-1", *told, "--owner", "leo@example.com", "--restricted-to", "leo@example.com")
    return made


@pytest.fixture
def filled(base, tmp_path):
    return Longstop(tmp_path / "data", like=base)


def about(answer):
    return [(one["about"], one["code"]) for one in answer.items]


def test_findings_are_listed_with_what_to_do(filled):
    (one, *_) = filled("finding", "list", "ACME-7", "--json").items
    assert (one["code"], one["on"], one["accepted"]) == ("no-backup", None, None)
    assert (one["text"], one["remedy"]) == (
        "Nobody stands in for the owner of ACME-7.",
        "Name a backup who stands in for the owner.",
    )


def test_what_is_restricted_is_listed_for_those_who_see_it(filled):
    assert "ZANZIBAR" in filled("finding", "list").out
    assert "ZANZIBAR" not in filled("finding", "list", "--as", "olga@example.com").out
    assert about(filled("finding", "list", "--as", "olga@example.com", "--json")) == [(["ACME-7"], "no-backup")]


def test_what_is_accepted_stays_listed_with_its_reason_and_counts_no_more(filled):
    filled("finding", "list", "ACME-7", "--exit-code", expect=10)
    told = filled("finding", "accept", "ACME-7", "no-backup", "--because", "It is short.", "--json").item
    assert told["accepted"]["because"] == "It is short."
    assert "It is short." in filled("finding", "list", "ACME-7", "--exit-code").out
    assert "To be mended" in filled("finding", "reopen", "ACME-7", "no-backup", "--because", "It is long by now.").out
    filled("finding", "list", "ACME-7", "--exit-code", expect=10)
    assert "no-backup" in filled("doctor", "--offline", "--register", expect=None).out


def test_a_doctor_warns_of_what_nobody_accepts_and_says_what_to_do(filled):
    found = filled("doctor", "--offline", "--register", "--json", expect=None).items
    (one,) = [one for one in found if one["check"] == "no-backup" and "ACME-7" in one["detail"]]
    assert (one["state"], one["remedy"]) == ("warning", "Name a backup who stands in for the owner.")
    filled("finding", "accept", "ACME-7", "no-backup", "--because", "It is short.")
    found = filled("doctor", "--offline", "--register", "--json", expect=None).items
    (one,) = [one for one in found if one["check"] == "no-backup" and "ACME-7" in one["detail"]]
    assert one["state"] == "ok"


def test_an_owner_accepts_what_is_theirs_and_others_do_not(filled):
    words = ("finding", "accept", "ACME-7", "no-backup", "--because", "It is short.", "--as")
    for name in ("olga", "ben"):
        filled("person", "role", f"{name}@example.com", "contributor")
    filled(*words, "ben@example.com", expect=4)
    filled(*words, "olga@example.com")


@pytest.mark.parametrize(
    ("reference", "finding", "code", "said"),
    [
        ("ACME-7", "nda-ends-first", 3, "To be mended there: no-backup."),
        ("NONE-1", "no-backup", 3, "There is no agreement"),
    ],
)
def test_what_is_not_found_is_not_accepted(filled, reference, finding, code, said):
    assert said in filled("finding", "accept", reference, finding, "--because", "So be it.", expect=code).err


def test_a_trial_accepts_nothing(filled):
    filled("finding", "accept", "ACME-7", "no-backup", "--because", "It is short.", "--dry-run")
    assert filled("finding", "list", "ACME-7", "--json").items[0]["accepted"] is None
