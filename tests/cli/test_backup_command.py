"""``longstop backup``: what is made is whole, what was changed is found, what is restored sends nothing by itself."""

import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from engine.backups.making import RESTORED
from engine.new_file import BESIDE
from tests.support.databases import in_a_file
from tests.support.room import little_room


@pytest.fixture
def made(longstop):
    longstop("agreement", "add", "ACME-7", "--counterparty", "Acme", "--kind", "MSA", "--effective-on", "2026-01-01",
             "--term", "2 years", "--renewal", "automatic", "--renewal-term", "1 year", "--notice-period", "60 days",
             "--owner", "olga@example.com")  # fmt: skip
    documents = longstop.data_dir / "documents"
    documents.mkdir()
    (documents / "msa.txt").write_text("signed")
    return longstop("backup", "create", "--json").item


def changed(made, tmp_path, name, content):
    """The same backup with one file of it changed."""
    other = tmp_path / "changed.zip"
    with zipfile.ZipFile(made["file"]) as source, zipfile.ZipFile(other, "w") as target:
        for one in source.namelist():
            target.writestr(one, content(source.read(one)) if one == name else source.read(one))
    return str(other)


def test_it_holds_the_register_the_documents_and_settings_without_secrets(longstop, made, monkeypatch):
    monkeypatch.setenv("LONGSTOP_METRICS_TOKEN", "a-very-secret-token")
    made = longstop("backup", "create", "--out", str(longstop.data_dir / "one.zip"), "--json").item
    with zipfile.ZipFile(made["file"]) as archive:
        assert set(archive.namelist()) == {"longstop.db", "documents/msa.txt", "settings.json", "manifest.json"}
        assert b"a-very-secret-token" not in archive.read("settings.json")
        assert "secret-key" not in archive.namelist()


def test_a_file_that_lies_there_is_not_overwritten(longstop, tmp_path):
    there = tmp_path / "one.zip"
    there.write_text("the last good one")
    refused = longstop("backup", "create", "--out", str(there), "--json", expect=4).document
    assert (refused["code"], str(there) in refused["detail"]) == ("already-there", True)
    assert "not there yet" in refused["remedy"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "one.zip"]
    assert there.read_text() == "the last good one"


@in_a_file
def test_a_backup_that_finds_no_room_names_its_file_and_leaves_none(longstop, tmp_path):
    out = tmp_path / "out.zip"
    with little_room(64 * 1024):
        said = longstop("backup", "create", "--out", str(out), expect=1).err
    assert f"The system refused {out}: " in said
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_what_is_whole_is_told_so(longstop, made):
    answer = longstop("backup", "verify", made["file"], "--json").item
    assert answer == made
    assert answer["events"] == longstop("log", "verify", "--json").item["events"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("documents/msa.txt", lambda _: b"forged"),
        ("longstop.db", lambda was: was[:-1] + bytes([was[-1] ^ 1])),
        ("longstop.db", lambda _: b"no database"),
        ("manifest.json", lambda _: b"{}"),
        ("manifest.json", lambda was: was.replace(b"documents/msa.txt", b"../../out/of/it")),
    ],
)
def test_what_was_changed_is_found(longstop, made, tmp_path, name, content):
    longstop("backup", "verify", changed(made, tmp_path, name, content), expect=5)


def test_what_is_no_backup_is_told_without_the_words_of_a_library(longstop, made, tmp_path):
    part = tmp_path / "part.zip"
    part.write_bytes(Path(made["file"]).read_bytes()[:3000])
    told = longstop("backup", "verify", str(part), "--json", expect=5).document
    assert told["detail"] == "The backup cannot be trusted: it is no ZIP, or a part of one."
    longstop("backup", "verify", str(tmp_path / "none.zip"), expect=2)
    longstop("backup", "restore", made["file"], "--into", str(part), expect=2)


def test_a_log_that_was_rewritten_with_its_hashes_in_order_is_found(longstop, made, tmp_path):
    def other_head(was):
        document = json.loads(was)
        return json.dumps({**document, "head": "0" * 64}).encode()

    longstop("backup", "verify", changed(made, tmp_path, "manifest.json", other_head), expect=5)


def test_what_is_restored_is_the_same_register_in_shadow_mode(longstop, made, tmp_path):
    into = tmp_path / "new"
    told = longstop("backup", "restore", made["file"], "--into", str(into), "--json").item
    assert (told["events"], told["head"]) == (made["events"], made["head"])
    assert (into / "documents" / "msa.txt").read_text() == "signed"
    assert {path.stat().st_mode & 0o077 for path in into.rglob("*") if path.is_file() and path.name != RESTORED} == {0}
    before = longstop("agreement", "list", "--json").items
    longstop.data_dir = into
    assert longstop("agreement", "list", "--json").items == before
    assert (into / RESTORED).exists()


def test_a_restore_says_that_the_old_register_must_end_first(longstop, made, tmp_path):
    told = longstop("backup", "restore", made["file"], "--into", str(tmp_path / "new")).lines
    assert told[-2].endswith("End the register that the backup is of first:")
    assert told[-1] == "two that both send tell everybody twice."


def test_nothing_is_restored_over_something(longstop, made, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    longstop("backup", "restore", made["file"], "--into", str(tmp_path), expect=4)
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_restore_that_breaks_off_leaves_nothing_behind(longstop, made, tmp_path, is_there):
    into = tmp_path / "some" / "where"
    if is_there:
        into.mkdir(parents=True)
    damaged = changed(made, tmp_path, "documents/msa.txt", lambda _: b"forged")
    longstop("backup", "restore", damaged, "--into", str(into), expect=5)
    assert ((tmp_path / "some").exists(), into.exists()) == (is_there, is_there)
    longstop("backup", "restore", made["file"], "--into", str(into))
    assert (into / "documents" / "msa.txt").read_text() == "signed"


def test_a_restore_on_a_full_disk_names_its_folder_and_leaves_it_empty(longstop, made, tmp_path):
    into = tmp_path / "new"
    into.mkdir()
    with little_room():
        said = longstop("backup", "restore", made["file"], "--into", str(into), expect=1).err
    assert f"The system refused {into}: " in said
    assert list(into.iterdir()) == []


def test_a_restore_that_is_killed_leaves_no_register_that_speaks(made, tmp_path):
    into = tmp_path / "new"
    killed = f"""
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from engine.backups.making import restore
sys.addaudithook(lambda name, told: os._exit(9) if name == "os.rename" and os.listdir({str(into)!r})[2:] else None)
restore(Path({made["file"]!r}), Path({str(into)!r}), datetime.now(UTC))
"""
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == 9
    left = {path.name for path in into.iterdir() if not path.name.startswith(BESIDE)}
    assert RESTORED in left
    assert len(left) > 1


def test_the_folder_of_backups_is_for_nobody_else(longstop, made):
    from pathlib import Path

    assert Path(made["file"]).parent == longstop.data_dir / "backups"
    assert Path(made["file"]).stat().st_mode & 0o077 == 0
    assert datetime.fromisoformat(made["made_at"]).tzinfo is not None
