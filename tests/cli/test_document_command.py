"""``longstop document``: a file is kept once and comes back as it was, or it is noted where it lies."""

import hashlib

import pytest

CONTENT = b"%PDF-1.7 both have signed"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def nda(longstop):
    longstop("agreement", "add", "NDA-1", "--counterparty", "Acme", "--kind", "NDA", "--owner", "olga@example.com")
    return longstop


def test_an_original_is_kept_once_by_its_hash_and_comes_back_as_it_was(nda, tmp_path):
    (tmp_path / "signed.pdf").write_bytes(CONTENT)
    added = ("document", "add", "NDA-1", str(tmp_path / "signed.pdf"), "--purpose", "original", "--held-by", "Safe 2")
    made = nda(*added, "--json").item
    assert (made["sha256"], made["size"], made["held_by"]) == (SHA256, len(CONTENT), "Safe 2")
    assert nda(*added, "--json").item["id"] == made["id"]
    (one,) = nda("document", "list", "NDA-1", "--json").items
    assert (one["name"], one["purpose"], one["link"]) == ("signed.pdf", "original", None)
    assert SHA256[:12] in nda("document", "list", "NDA-1").out
    nda("document", "get", "NDA-1", made["id"], "--out", str(tmp_path / "back.pdf"))
    assert (tmp_path / "back.pdf").read_bytes() == CONTENT


def test_nothing_is_overwritten_and_what_is_kept_elsewhere_is_not_here(nda, tmp_path):
    link = "https://files.example/nda-1.pdf"
    made = nda("document", "add", "NDA-1", link, "--purpose", "original", "--json").item
    assert (made["name"], made["link"], made["sha256"]) == ("nda-1.pdf", link, None)
    refused = nda("document", "get", "NDA-1", made["id"], "--out", str(tmp_path / "x"), expect=4)
    assert link in refused.out + refused.err
    (tmp_path / "a.txt").write_text("a")
    kept = nda("document", "add", "NDA-1", str(tmp_path / "a.txt"), "--json").item
    (tmp_path / "there.txt").write_text("mine")
    nda("document", "get", "NDA-1", kept["id"], "--out", str(tmp_path / "there.txt"), expect=4)
    assert (tmp_path / "there.txt").read_text() == "mine"


def test_a_document_needs_a_place_and_is_found_under_its_own_agreement_alone(nda, tmp_path):
    nda("document", "add", "NDA-1", expect=4)
    nda("document", "add", "NDA-1", str(tmp_path / "nowhere.pdf"), expect=2)
    nda("document", "add", "NDA-1", "--held-by", "Legal", "--as", "ben@example.com", expect=4)
    made = nda("document", "add", "NDA-1", "--held-by", "Legal, safe 2", "--purpose", "original", "--json").item
    nda("agreement", "add", "NDA-2", "--counterparty", "Acme", "--kind", "NDA")
    nda("document", "get", "NDA-2", made["id"], "--out", str(tmp_path / "x"), expect=3)
    assert nda("document", "list", "NDA-2").out.startswith("NDA-2 has no documents.")


def test_the_same_note_of_where_it_lies_is_kept_once(nda):
    link = ("document", "add", "NDA-1", "https://files.example/acme.pdf", "--purpose", "original")
    first, again = (nda(*link, "--json").item for _ in range(2))
    assert first == again
    paper = nda(*link, "--held-by", "Legal, safe 2", "--json").item
    assert len(nda("document", "list", "NDA-1", "--json").items) == 2
    assert paper["id"] != first["id"]
