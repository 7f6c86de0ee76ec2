"""Exit codes, and errors that name place, value and remedy; never a traceback."""

import errno
import os
import subprocess
import sys

import pytest

from cli import errors
from cli.render import Terminal
from engine.backups.kept import DiskRefused
from engine.intake.findings import OpenQuote
from engine.shelf import FileDamaged
from lifecycle.errors import UnknownName
from store.errors import ChainBroken, DatabaseAway, DatabaseBusy, DatabaseFull, NotFound
from tests.support.cli import Longstop, run


def told(error, capsys, *, as_json=False):
    code = errors.told(error, as_json=as_json)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DatabaseFull(), 1),
        (DatabaseBusy(), 1),
        (DatabaseAway(), 1),
        (DiskRefused("it is full"), 1),
        (FileDamaged("f" * 64), 5),
        (OpenQuote("r.csv", 3, 9), 5),
        (errors.UsageRefused("No.", remedy="Yes."), 2),
        (NotFound("agreement", "X"), 3),
        (UnknownName("roll", "sideways", ("none",)), 4),
        (ChainBroken(7, "it was changed"), 5),
        (KeyboardInterrupt(), 130),
        (PermissionError(13, "Permission denied", "/x"), 1),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error, code, capsys):
    assert told(error, capsys)[0] == code


def test_an_error_is_a_sentence_and_a_remedy_on_stderr(capsys):
    code, out, err = told(NotFound("agreement", "ACME-7", remedy="Look again."), capsys)
    assert (code, out, err) == (3, "", "Error: There is no agreement 'ACME-7'.\n  Look again.\n")


def test_what_nobody_foresaw_tells_a_number_and_no_content(capsys):
    code, out, err = told(RuntimeError("secret clause 12.3"), capsys)
    assert code == 1
    assert "secret clause" not in out + err
    assert "Traceback" not in out + err
    assert "Something unexpected happened (" in err


def test_every_part_of_an_error_is_told_in_json(longstop):
    answer = longstop("agreement", "add", "X-1", "--effective-on", "03/04/2026", "--term", "60", "--json", expect=2)
    assert {part["code"] for part in answer.document["errors"]} >= {"ambiguous_day", "unit_missing"}
    assert all(part["remedy"] for part in answer.document["errors"])


def test_usage_is_an_error_of_2_in_json_too(longstop):
    answer = longstop("snooze", "--json", expect=2)
    assert answer.document["code"] == "usage"


def test_a_choice_that_is_none_is_told_in_our_words(longstop, tmp_path):
    (tmp_path / "r.csv").write_text("Reference,Counterparty\n")
    answer = longstop("import", str(tmp_path / "r.csv"), "--dates", "xyz", expect=2)
    assert "Error: Invalid value for '--dates': 'xyz' is not one of 'dmy', 'mdy'.\n" in answer.err


def test_settings_that_cannot_be_used_stop_with_all_of_them(monkeypatch, tmp_path):
    monkeypatch.setenv("LONGSTOP_PORT", "x")
    monkeypatch.setenv("LONGSTOP_SMTP_HOST", "mail.example.com")
    answer = run("--data-dir", str(tmp_path), "deadlines")
    assert answer.code == 2
    assert "LONGSTOP_PORT" in answer.err
    assert "LONGSTOP_MAIL_FROM" in answer.err


def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path):
    (tmp_path / "longstop.db").write_bytes(b"this is a letter and no database" * 100)
    answer = run("--data-dir", str(tmp_path), "deadlines")
    assert answer.code == 1
    assert "Traceback" not in answer.err


def test_a_register_of_another_version_is_not_touched(longstop):
    longstop.sql("UPDATE alembic_version SET version_num = '9999'")
    answer = longstop("deadlines", "--json", expect=1)
    assert answer.document["code"] == "newer-database"


def test_a_question_without_a_terminal_ends_with_the_option_to_say(longstop):
    longstop.agreement()
    answer = longstop("person", "disable", "olga@example.com", expect=2)
    assert "--yes" in answer.err
    assert [one["is_disabled"] for one in longstop("person", "list", "--json").items if one["name"] == "Olga"] == [
        False
    ]


def test_nothing_is_called_done_when_it_was_not(capsys):
    terminal = Terminal()

    def fail() -> None:
        with terminal.held():
            terminal.line("Added.")
            raise DatabaseFull

    with pytest.raises(DatabaseFull):
        fail()
    assert capsys.readouterr().out == ""
    with terminal.held():
        terminal.line("Added.")
        assert capsys.readouterr().out == ""
    assert capsys.readouterr().out == "Added.\n"


def test_a_reader_that_has_seen_enough_undoes_nothing(longstop):
    command = [sys.executable, "-m", "cli", "--data-dir", str(longstop.data_dir), "person"]
    around = os.environ | ({"LONGSTOP_DATABASE_URL": longstop.url} if longstop.url else {})
    reading, writing = os.pipe()
    os.close(reading)
    try:
        added = subprocess.run(
            [*command, "add", "zoe@example.com", "--json"],
            env=around,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert (added.returncode, added.stderr) == (0, "")
    assert "zoe@example.com" in longstop("person", "list").out


def test_a_full_disk_is_told_with_what_helps(capsys):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/mnt/safe/out.zip")
    code, _, said = told(full, capsys)
    assert code == 1
    assert ("/mnt/safe/out.zip: No space left" in said, "Make room on that disk" in said) == (True, True)


@pytest.mark.parametrize("words", [("agreement", "list"), ("person", "add", "zoe@example.com")])
def test_a_server_that_cannot_be_reached_has_kept_nothing(tmp_path, words):
    said = Longstop(tmp_path, url="postgresql://nobody@127.0.0.1:1/longstop")(*words, expect=1).err
    assert "The database server does not answer, or refuses us; nothing of this change was kept." in said
    assert "leads to it, with the right user, password and database; then try again." in said
