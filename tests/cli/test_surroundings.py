"""The command line as a process: under any locale, with streams that are closed, full or read no more."""

import json
import os
import subprocess
import sys

import pytest

_NAMED = "Müller, 日本"


@pytest.fixture
def register(longstop):
    longstop.agreement("ACME-7", "--note", _NAMED)
    longstop("agreement", "amend", "ACME-7", "--set", f"title={_NAMED}", "--because", "a name")
    return longstop


def started(register, *words, streams="", **env):
    """The command line in a process of its own; *streams* stands behind it."""
    command = [sys.executable, "-m", "cli", "--data-dir", register.data_dir, *words]
    if register.url:
        env["LONGSTOP_DATABASE_URL"] = register.url
    line = ["sh", "-c", f'"$@" {streams}', "sh", *command]
    return subprocess.run(line, capture_output=True, env=os.environ | env, stdin=subprocess.DEVNULL, check=False)


def test_a_locale_that_cannot_write_a_name_stops_nothing(register):
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    listed = started(register, "agreement", "list", **ascii_only)
    assert (listed.returncode, b"M?ller" in listed.stdout) == (0, True)
    told = started(register, "agreement", "list", "--json", **ascii_only)
    assert json.loads(told.stdout.decode("ascii"))["items"][0]["title"] == _NAMED


def test_what_is_no_text_is_wrong_usage(register):
    told = started(register, "agreement", "show", b"ACME-\xff")
    assert told.returncode == 2
    assert b"'ACME-\\udcff' is no text in UTF-8." in told.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device is full here")  # noqa: PTH110
def test_an_answer_that_cannot_be_written_is_told_in_a_sentence(register):
    told = started(register, "agreement", "list", "--json", streams="> /dev/full")
    assert told.returncode == 1
    assert told.stderr.startswith(b"Error: The system refused: No space left on device.")


def test_streams_that_the_shell_has_closed_are_nobody(register):
    asked = started(register, "person", "disable", "olga@example.com", streams="<&-")
    assert (asked.returncode, b"Say --yes to do it." in asked.stderr) == (2, True)
    done = started(register, "person", "add", "zoe@example.com", "--role", "viewer", streams=">&-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "zoe@example.com" in register("person", "list").out


def test_whoever_has_read_enough_is_told_of_no_error(register):
    told = started(register, "config", "docs", streams="| head -1")
    assert (told.stdout, told.stderr) == (b"# Settings\n", b"")
