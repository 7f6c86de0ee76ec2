"""``longstop db``: a register at this version's form, made or brought there; and moved to another database."""

import pytest

from tests.support.cli import Longstop


def revision(longstop):
    [(found,)] = longstop.sql("SELECT version_num FROM alembic_version")
    return found


def set_revision(longstop, name):
    longstop.sql(f"UPDATE alembic_version SET version_num = '{name}'")


def test_a_register_is_made_where_none_is(empty):
    told = empty("db", "upgrade", "--json").item
    assert told == {"before": None, "after": revision(empty), "is_dry_run": False}
    assert empty("playbook", "list", "--json").items != []


def test_twice_is_once(empty):
    empty("db", "upgrade")
    head = revision(empty)
    assert empty("db", "upgrade", "--json").item == {"before": head, "after": head, "is_dry_run": False}
    assert empty("db", "upgrade").lines == [f"The database is at {head} already."]


def test_a_trial_says_what_would_be_and_makes_nothing(empty):
    told = empty("db", "upgrade", "--dry-run", "--json").item
    assert (told["before"], told["is_dry_run"]) == (None, True)
    assert "would be at" in empty("db", "upgrade", "--dry-run").lines[0]
    assert empty("db", "upgrade", "--json").item == {"before": None, "after": told["after"], "is_dry_run": False}


def test_a_register_of_a_newer_longstop_is_left_alone(longstop):
    set_revision(longstop, "9999_from_the_future")
    told = longstop("db", "upgrade", "--json", expect=1).document
    assert told["code"] == "newer-database"
    assert revision(longstop) == "9999_from_the_future"


def test_other_commands_say_that_the_register_has_another_form(longstop, tmp_path):
    newest, here = revision(longstop), longstop.url or f"sqlite:///{longstop.data_dir / 'longstop.db'}"
    copying = ("db", "copy", here, f"sqlite:///{tmp_path / 'moved.db'}", "--json")
    for form, code, is_helped in (("9999_newer", "newer-database", False), ("0001", "other-database", True)):
        set_revision(longstop, form)
        told = longstop("deadlines", "--json", expect=1).document
        assert (told["code"], "longstop db upgrade" in told["remedy"]) == (code, is_helped)
        assert ("longstop db upgrade" in longstop(*copying, expect=1).document["remedy"]) is is_helped
    set_revision(longstop, newest)


def test_a_folder_that_cannot_be_made_is_a_failure(empty):
    empty.data_dir.write_text("a file where the folder should be")
    assert empty("db", "upgrade", expect=1).out == ""


def test_a_register_moves_to_another_database_whole(longstop, tmp_path):
    longstop.agreement()
    here = longstop.url or f"sqlite:///{longstop.data_dir / 'longstop.db'}"
    there = f"sqlite:///{tmp_path / 'moved.db'}"
    rows = longstop("db", "copy", here, there, "--json").item["rows"]
    assert (rows["agreements"], rows["people"]) == (1, 5)
    moved = Longstop(tmp_path, url=there)
    assert moved("deadlines", "--json").items == longstop("deadlines", "--json").items
    assert moved("log", "verify", "--json").item == longstop("log", "verify", "--json").item
    told = longstop("db", "copy", here, there, "--json", expect=4).document
    assert told["code"] == "target-not-empty"


def test_a_copy_says_that_kept_files_are_no_part_of_it(longstop, tmp_path):
    longstop("person", "list")
    here = longstop.url or f"sqlite:///{longstop.data_dir / 'longstop.db'}"
    told = longstop("db", "copy", here, f"sqlite:///{tmp_path / 'moved.db'}")
    assert "Kept files stay in the data folder: take it along" in told.err


def test_a_copy_needs_a_folder_that_is_there(longstop, tmp_path):
    here = longstop.url or f"sqlite:///{longstop.data_dir / 'longstop.db'}"
    assert "There is no folder" in longstop("db", "copy", here, f"sqlite:///{tmp_path}/none/x.db", expect=2).err


@pytest.mark.parametrize(
    ("source", "said"),
    [("mysql://a/b", "no URL"), ("sqlite:////nowhere/at/all.db", "no file"), ("{there}", "same database")],
)
def test_what_is_no_register_is_not_copied(longstop, tmp_path, source, said):
    there = f"sqlite:///{tmp_path / 'moved.db'}"
    told = longstop("db", "copy", source.format(there=there), there, expect=2)
    assert said in told.err
    assert not (tmp_path / "moved.db").exists()
