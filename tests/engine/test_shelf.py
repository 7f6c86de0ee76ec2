"""Kept files: whole or not there, once, and known to be damaged when they are."""

import hashlib

import pytest

from engine.shelf import FileDamaged, Shelf


def test_the_same_bytes_are_kept_once_and_come_back_as_they_were(tmp_path):
    shelf = Shelf(tmp_path)
    first, again = shelf.put(b"signed"), shelf.put(b"signed")
    assert first == again
    assert first.sha256 == hashlib.sha256(b"signed").hexdigest()
    assert shelf.take(first.sha256) == b"signed"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [first.sha256]


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"forged"), lambda path: path.unlink()])
def test_a_file_that_was_changed_or_is_gone_is_never_handed_out(tmp_path, damage):
    shelf = Shelf(tmp_path)
    kept = shelf.put(b"signed")
    damage(tmp_path / kept.sha256[:2] / kept.sha256)
    with pytest.raises(FileDamaged):
        shelf.take(kept.sha256)


def test_a_disk_that_refuses_leaves_nothing_half_kept(tmp_path):
    (tmp_path / "sub").write_text("in the way")
    shelf = Shelf(tmp_path / "sub")
    with pytest.raises(OSError, match="sub"):
        shelf.put(b"signed")
    assert [path.name for path in tmp_path.rglob("*")] == ["sub"]
