"""Whatever is changed in a pack is found and named."""

import pytest

from engine.evidence_pack.cross_checks import CrossChecks
from engine.evidence_pack.verifying import NoPack, verify
from tests.support.packs import YEAR, Unpacked

ROWS = (
    "register.jsonl", "deadlines.jsonl", "derivations.jsonl", "messages.jsonl", "playbooks.jsonl", "documents.jsonl",
    "events.jsonl",
)  # fmt: skip


@pytest.fixture
def found(tmp_path):
    """What verifying says of a pack that was put together again."""

    def look(pack, *, forged=(), seal=""):
        path = pack.write(tmp_path / "changed.zip", forged=forged)
        return [one.said for one in verify(path, seal=seal).damages]

    return look


def places(said):
    return {one.partition(":")[0] for one in said}


@pytest.mark.parametrize("name", ROWS)
def test_a_changed_row_is_named_in_every_file(pack, found, name):
    pack.change_row(name, 0, note="nothing happened")
    said = found(pack)
    assert any(one.startswith(f"{name}, row 1") and one.endswith("was changed") for one in said), said


@pytest.mark.parametrize("name", ROWS)
def test_a_missing_row_is_named_in_every_file_and_the_next_ones_are_not(pack, found, name):
    pack.drop_row(name, 0)
    said = found(pack)
    assert f"{name}, row 1: is missing" in said
    assert [one for one in said if one.endswith("was changed") and name != "events.jsonl"] == []


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_was_put_in_is_named_in_every_file(pack, found, name):
    pack.add_row(name, 1, {"id": "forged", "position": 99})
    said = found(pack)
    assert any(one.startswith(f"{name}, row 2") and one.endswith("was put in") for one in said), said


def test_every_file_that_is_changed_is_named(made, pack, found):
    for name in pack.files:
        changed = Unpacked(made[0])
        changed.files[name] += b"x"
        named = "manifest.json" if name == "manifest.sha256" else name
        try:
            said = places(found(changed))
        except NoPack:
            assert name == "manifest.json"
            continue
        assert any(one.partition(",")[0] in {named, named.removeprefix("hashes/")} for one in said), (name, said)


def test_every_file_that_is_missing_is_named(made, pack, found):
    for name in set(pack.files) - {"manifest.json", "manifest.sha256"}:
        changed = Unpacked(made[0])
        del changed.files[name]
        assert f"{name}: is missing" in found(changed)


def test_a_file_that_was_added_is_named(pack, found):
    pack.files["proof.txt"] = b"we told you so"
    assert found(pack) == ["proof.txt: was added: the manifest does not name it"]


def test_a_changed_manifest_is_named(pack, found):
    pack.change_manifest(organisation="Somebody else")
    assert found(pack) == ["manifest.json: is not the manifest that was sealed"]


def test_a_forged_event_breaks_the_chain_even_where_every_hash_of_its_file_was_made_anew(pack, found):
    number = len(pack.rows("events.jsonl")) // 2
    position = pack.rows("events.jsonl")[number]["position"]
    pack.change_row("events.jsonl", number, actor="nobody@example.com")
    assert found(pack, forged=["events.jsonl"]) == [
        f"events.jsonl, position {position}: says something else than when it was hashed"
    ]


def test_an_event_that_was_taken_away_leaves_a_gap_that_is_named(pack, found):
    rows = pack.rows("events.jsonl")
    position = rows[3]["position"]
    pack.drop_row("events.jsonl", 2)
    assert found(pack, forged=["events.jsonl"]) == [
        f"events.jsonl, position {position}: stands where {position - 1} should stand",
        f"events.jsonl, position {position}: does not follow from the event before",
    ]


def test_a_log_that_was_cut_off_is_named(pack, found):
    rows = pack.rows("events.jsonl")
    pack.drop_row("events.jsonl", len(rows) - 1)
    assert found(pack, forged=["events.jsonl"]) == [
        f"events.jsonl: ends at position {rows[-2]['position']}, the manifest says {rows[-1]['position']}"
    ]


def test_a_document_that_was_put_in_the_place_of_another_is_known_by_the_log(pack, found):
    (row,) = pack.rows("documents.jsonl")
    old = f"documents/{row['sha256']}"
    pack.files[old] = b"%PDF-1.7 another"
    assert found(pack, forged=[old]) == [f"{old}: is not the file that was kept"]
    pack.change_row("documents.jsonl", 0, sha256="0" * 64)
    said = found(pack, forged=["documents.jsonl"])
    assert f"documents.jsonl, document {row['id']}: has another hash than the log says" in said


def test_a_file_that_several_documents_are_is_named_once():
    checks = CrossChecks({"agreements": {"included": 0}})
    for number in range(3):
        checks.note_row("documents.jsonl", {"id": f"d{number}", "sha256": "a" * 64, "is_there": True})
    checks.note_file(f"documents/{'a' * 64}", "b" * 64)
    assert [one.said for one in checks.end()] == [f"documents/{'a' * 64}: is not the file that was kept"]


def test_an_agreement_that_was_taken_out_is_missed_by_the_manifest(pack, found):
    pack.drop_row("register.jsonl", 1)
    assert found(pack, forged=["register.jsonl"]) == ["manifest.json: says 3 agreements, the register has 2"]


def test_a_pack_in_which_all_is_forged_has_another_seal(made, pack, found):
    pack.change_row("deadlines.jsonl", 0, state="waived")
    assert found(pack, forged=["deadlines.jsonl"]) == []
    assert found(pack, forged=["deadlines.jsonl"], seal=made[1].seal) == [
        "manifest.json: does not have the seal that you were told: the pack is another one"
    ]


def test_bytes_that_were_changed_on_the_disk_are_named(made, tmp_path):
    content = bytearray(made[0].read_bytes())
    content[len(content) // 3] ^= 0xFF
    path = tmp_path / "flipped.zip"
    path.write_bytes(content)
    assert verify(path).damages != ()


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_pack_is_said_to_be_none(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(NoPack):
        verify(tmp_path / "x.zip")


def test_a_manifest_of_another_form_is_said_to_be_none(pack, tmp_path):
    pack.change_manifest(schema="longstop/evidence-pack/9")
    with pytest.raises(NoPack, match="its form is 'longstop/evidence-pack/9'"):
        verify(pack.write(tmp_path / "x.zip"))


def test_a_line_without_end_is_damage_and_no_error(pack, found):
    pack.files["register.jsonl"] = b"[" * 100_000
    assert "register.jsonl, row 1: cannot be read" in found(pack)


def test_the_untouched_pack_is_whole(pack, found, made):
    assert found(pack, seal=made[1].seal) == []
    assert YEAR.from_on.isoformat() == pack.manifest["from_on"]
