"""A new file has its name when all of it is written, and a trouble with it is one of the file that was asked for."""

import errno
import os
from contextlib import suppress

import pytest

from engine.new_file import FileThere, asked_for, new_file


def test_a_file_has_its_name_when_it_is_whole_and_nothing_else_is_left(tmp_path):
    out = tmp_path / "out.xlsx"
    with new_file(out) as part:
        part.write_text("whole")
        assert not out.exists()
    assert (out.read_text(), list(tmp_path.iterdir())) == ("whole", [out])


def test_where_nothing_was_written_or_it_broke_off_nothing_is_left(tmp_path):
    with new_file(tmp_path / "out"):
        pass
    with suppress(KeyError), new_file(tmp_path / "out") as part:
        part.write_text("half")
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_what_came_meanwhile_stays(tmp_path):
    out = tmp_path / "out"
    writing = new_file(out)
    writing.__enter__().write_text("mine")
    out.write_text("theirs")
    with pytest.raises(FileThere):
        writing.__exit__(None, None, None)
    assert (out.read_text(), list(tmp_path.iterdir())) == ("theirs", [out])


def test_a_link_to_nothing_is_not_written_through(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileThere), new_file(tmp_path / "link"):
        pass


@pytest.mark.parametrize("named", [None, "{folder}/.longstop-x1/out"])
def test_a_trouble_beside_the_file_is_told_of_the_file(tmp_path, named):
    out = tmp_path / "out"
    told = named and named.format(folder=tmp_path)
    with pytest.raises(OSError, match="No space left") as raised, asked_for(out):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), *filter(None, [told]))
    assert raised.value.filename == str(out)


def test_a_trouble_with_another_file_is_told_of_that_one(tmp_path):
    other = tmp_path / "other" / "settings"
    with pytest.raises(FileNotFoundError) as raised, asked_for(tmp_path / "out"):
        other.open()
    assert raised.value.filename == str(other)


def test_a_folder_that_is_missing_is_told_of_the_file(tmp_path):
    out = tmp_path / "missing" / "out"
    with pytest.raises(FileNotFoundError) as raised, new_file(out):
        pass
    assert raised.value.filename == str(out)
