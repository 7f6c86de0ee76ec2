"""``evidence``: packs from the command line, and what is said of one that was changed."""

import hashlib

import pytest

from tests.support.cli import Longstop
from tests.support.packs import Unpacked

SPAN = ("--from", "2026-01-01", "--until", "2026-12-31")


@pytest.fixture(scope="module")
def filled(staffed, tmp_path_factory):
    """A register with one agreement of Olga's."""
    made = Longstop(tmp_path_factory.mktemp("filled") / "data", like=staffed)
    made("agreement", "add", "ACME-7", "--counterparty", "Acme", "--kind", "NDA", "--effective-on", "2026-01-01",
         "--term", "1 year", "--owner", "olga@example.com", "--as", "ada@example.com")  # fmt: skip
    return made


def test_a_pack_is_written_and_verified_without_a_register(filled, tmp_path):
    out = tmp_path / "year.zip"
    told = filled("evidence", "export", *SPAN, "--out", out, "--json").item
    assert (told["agreements"], told["restricted_to_others"], told["size"]) == (1, 0, out.stat().st_size)
    elsewhere = Longstop(tmp_path / "nothing here")
    found = elsewhere("evidence", "verify", out, "--seal", told["seal"], "--json").item
    assert (found["is_whole"], found["damages"], found["rows"]) == (True, [], told["rows"])
    assert not (tmp_path / "nothing here").exists()


def test_what_was_changed_is_named_and_ends_with_5(filled, tmp_path):
    out = tmp_path / "year.zip"
    filled("evidence", "export", *SPAN, "--out", out)
    pack = Unpacked(out)
    pack.change_row("register.jsonl", 0, counterparty="Somebody else")
    answer = filled("evidence", "verify", pack.write(out), expect=5)
    assert answer.lines == ["register.jsonl, row 1 (ACME-7): was changed"]


def test_a_kept_file_that_was_changed_is_named_when_the_pack_is_made_and_when_it_is_verified(filled, tmp_path):
    (tmp_path / "signed.pdf").write_bytes(b"%PDF-1.7 as it was signed")
    filled("document", "add", "ACME-7", tmp_path / "signed.pdf", "--as", "ada@example.com")
    sha256 = hashlib.sha256(b"%PDF-1.7 as it was signed").hexdigest()
    kept = filled.data_dir / "documents" / sha256[:2] / sha256
    kept.chmod(0o600)
    kept.write_bytes(b"%PDF-1.7 as it was never signed")
    made = filled("evidence", "export", *SPAN, "--out", tmp_path / "year.zip")
    assert (
        "Not in it, because the kept file is gone or was changed: signed.pdf of ACME-7. See `longstop doctor`."
        in made.lines
    )
    found = filled("evidence", "verify", tmp_path / "year.zip")
    assert f"documents/{sha256}; documents.jsonl names it." in found.out
    kept.write_bytes(b"%PDF-1.7 as it was signed")


def test_a_pack_takes_the_place_of_no_other(filled, tmp_path):
    out = tmp_path / "year.zip"
    told = filled("evidence", "export", *SPAN, "--out", out, "--json").item
    assert "There is already a file" in filled("evidence", "export", *SPAN, "--out", out, expect=4).err
    assert filled("evidence", "verify", out, "--seal", told["seal"]).lines[0].startswith("Whole: ")
    assert list(tmp_path.iterdir()) == [out]


def test_a_trial_says_what_would_be_in_it_and_writes_nothing(filled, tmp_path):
    answer = filled("evidence", "export", *SPAN, "--out", tmp_path / "year.zip", "--dry-run")
    assert answer.lines[0] == "1 agreement would be in it."
    assert list(tmp_path.iterdir()) == []


def test_that_a_pack_was_made_is_in_the_log_with_its_maker(filled, tmp_path):
    told = filled("evidence", "export", *SPAN, "--out", tmp_path / "a.zip", "--as", "leo@example.com", "--json").item
    made = filled.sql("SELECT actor, payload FROM events WHERE type = 'EvidencePackMade'")
    assert [actor for actor, payload in made if told["seal"] in payload] == ["leo@example.com"]


def test_only_legal_auditors_and_admins_take_evidence_along(filled, tmp_path):
    answer = filled("evidence", "export", *SPAN, "--out", tmp_path / "a.zip", "--as", "olga@example.com", expect=4)
    assert "may not export evidence" in answer.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--from", "2026-02-01", "--until", "2026-01-01"), 2),
        (("--from", "soon", "--until", "2026-01-01"), 2),
        ((*SPAN, "--as-of", "2030-01-01"), 2),
        ((*SPAN, "nosuch:word"), 2),
    ],
)
def test_what_cannot_be_asked_is_refused(filled, tmp_path, words, code):
    filled("evidence", "export", *words, "--out", tmp_path / "a.zip", expect=code)
    assert list(tmp_path.iterdir()) == []


def test_a_pack_of_a_broken_log_is_made_and_says_so(longstop, tmp_path):
    longstop.sql("UPDATE events SET actor = 'nobody' WHERE position = 3", unguarded="events")
    out = tmp_path / "year.zip"
    span = ("--from", "2025-01-01", "--until", "2025-12-31")  # a span in which nothing happened
    told = longstop("evidence", "export", *span, "--out", out, expect=5)
    assert told.err.splitlines() == [
        "Error: The log is broken at position 3: the pack is made all the same, and says so.",
        "  See how it is broken: `longstop log verify`.",
    ]
    assert f"0 agreements are in {out}." in told.lines or f"1 agreement is in {out}." in told.lines
    words = "The log of the house was broken at position 3 already when this pack was made."
    assert Unpacked(out).manifest["log_broken_at"] == 3
    assert words in Unpacked(out).files["README.txt"].decode()
    found = longstop("evidence", "verify", out)
    assert found.lines[0] == words
    assert longstop("evidence", "verify", out, "--json").item["log_broken_at"] == 3


def test_a_trial_of_a_broken_log_says_so_too(longstop, tmp_path):
    longstop.sql("UPDATE events SET actor = 'nobody' WHERE position = 3", unguarded="events")
    told = longstop("evidence", "export", *SPAN, "--out", tmp_path / "x.zip", "--dry-run", "--json", expect=5)
    assert told.item["log_broken_at"] == 3
    assert "position 3: the pack would say so." in told.err
    assert not (tmp_path / "x.zip").exists()


def test_a_pack_of_a_whole_log_says_nothing_of_it(filled, tmp_path):
    told = filled("evidence", "export", *SPAN, "--out", tmp_path / "year.zip", "--json")
    assert (told.item["log_broken_at"], told.err) == (None, "")
    assert "broken" not in Unpacked(tmp_path / "year.zip").files["README.txt"].decode()


def test_a_pack_that_is_not_there_is_wrong_usage_as_with_every_file(filled, tmp_path):
    assert "nope.zip' does not exist." in filled("evidence", "verify", tmp_path / "nope.zip", expect=2).err
    assert "is a directory." in filled("evidence", "verify", tmp_path, expect=2).err


def test_what_is_no_pack_ends_with_5(filled, tmp_path):
    (tmp_path / "x.zip").write_text("nothing")
    assert filled("evidence", "verify", tmp_path / "x.zip", expect=5).err.startswith(
        "Error: This is no evidence pack: it is"
    )
