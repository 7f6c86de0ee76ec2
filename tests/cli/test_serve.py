"""``serve``, ``worker`` and ``healthcheck`` as real processes and without them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests.support import databases
from tests.support.cli import run
from tests.support.rights import as_anybody


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def serving(folder, *words, **said):
    """A real process under the settings that are *said*; its port and itself, once it answers."""
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LONGSTOP_")}
    environ |= {f"LONGSTOP_{name}": value for name, value in said.items()}
    command = [sys.executable, "-m", "cli", "--data-dir", str(folder), "serve", "--port", str(port), *words]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        asked(port, "/healthz")
        yield port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def asked(port, path, *, status=200, within=20.0):
    """What a page answers, once it answers with *status*."""
    until = time.monotonic() + within
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                found = (answer.status, json.load(answer))
        except HTTPError as error:
            with error:
                found = (error.code, json.load(error))
        except (URLError, ConnectionError):
            found = (0, None)
        if found[0] == status:
            return found[1]
        assert time.monotonic() < until, found
        time.sleep(0.2)  # asking costs both sides the processor that the start needs


def ended(process):
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=25)
    return process.returncode, err


def test_serve_begins_with_nothing_becomes_ready_and_ends_in_order(tmp_path):
    with serving(tmp_path) as (port, process):
        assert asked(port, "/readyz")["status"] == "ready"
        assert run("healthcheck", "--url", f"http://127.0.0.1:{port}").code == 0
        code, err = ended(process)
    assert code == 0
    assert "Traceback" not in err
    assert run("--data-dir", str(tmp_path), "log", "verify").code == 0


@pytest.mark.parametrize("command", ["serve", "web"])
def test_a_port_that_is_taken_is_told_in_a_sentence_before_anything_is_begun(empty, command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = empty(command, "--port", taken.getsockname()[1], expect=1)
    assert told.err.count("Error: ") == 1
    assert "cannot be listened on: Address already in use." in told.err
    assert "--port, or end the process that has it." in told.err
    assert "Longstop" not in told.err
    assert "database" not in told.err
    assert not empty.data_dir.exists()


def test_a_log_that_is_to_be_json_holds_nothing_else(tmp_path):
    with serving(tmp_path, LOG_FORMAT="json", SMPT_HOST="mail.example.com") as (port, process):
        asked(port, "/readyz")
        code, err = ended(process)
    lines = [json.loads(line) for line in err.splitlines()]
    said = "\n".join(line["event"] for line in lines)
    assert (code, f"Longstop serves http://127.0.0.1:{port}" in said) == (0, True)
    assert "Neither mail nor Slack is configured" in said
    assert "LONGSTOP_SMPT_HOST is no setting of Longstop" in said
    token = (tmp_path / "setup-token").read_text().strip()
    assert f"with the token that stands in {tmp_path / 'setup-token'}." in said
    assert token not in err


@pytest.mark.parametrize("command", ["serve", "web"])
def test_such_a_log_also_holds_why_the_process_ended(empty, monkeypatch, command):
    monkeypatch.setenv("LONGSTOP_LOG_FORMAT", "json")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = empty(command, "--port", taken.getsockname()[1], expect=1)
    *_, last = map(json.loads, told.err.splitlines())
    assert last["event"].endswith("cannot be listened on: Address already in use.")
    assert (last["level"], last["remedy"]) == ("error", "Say another one with --port, or end the process that has it.")


def test_shadow_mode_is_told_at_the_start(longstop):
    (longstop.data_dir / "restored-in-shadow-mode").touch()
    with serving(longstop.data_dir) as (_, process):
        code, err = ended(process)
    assert code == 0
    assert "nothing leaves. The register was restored; /admin/shadow ends it." in err


def test_nobody_there_is_not_healthy():
    url = f"http://127.0.0.1:{free_port()}"
    answer = run("healthcheck", "--url", url, "--json")
    assert answer.code == 1
    assert answer.item["status"] == f"no answer from {url}/readyz: Connection refused"


def test_a_worker_does_what_is_due_and_ends(longstop):
    longstop.agreement("ACME-7", "--notice-period", "60 days")
    before = len(longstop("outbox", "list", "--state", "pending", "--json").items)
    item = longstop("worker", "--once", "--json").item
    assert item["is_holder"] is True
    assert item["next_at"] is not None
    assert longstop("outbox", "list", "--state", "pending", "--json").items == []
    assert len(longstop("outbox", "list", "--json").items) >= before


@pytest.mark.skipif(databases.is_postgres(), reason="the register lies in the folder")
def test_a_worker_that_cannot_write_the_register_says_so_and_fails(longstop):
    (longstop.data_dir / "longstop.db").chmod(0o400)
    told = as_anybody(lambda: longstop("worker", "--once", expect=1)).err
    assert "The register cannot be written: nothing was done." in told


@pytest.mark.parametrize("words", [("worker", "--once"), ("serve", "--host", "no.such.host.invalid")])
def test_a_slip_of_the_pen_in_the_settings_is_told_at_the_start(longstop, monkeypatch, words):
    monkeypatch.setenv("LONGSTOP_SMPT_HOST", "mail.example.com")
    told = longstop(*words, expect=None).err
    assert "Warning: LONGSTOP_SMPT_HOST is no setting of Longstop and is ignored. Did you mean" in told


def test_a_worker_beside_another_says_that_it_is_not_the_one(longstop):
    longstop("worker", "--once")
    until_at = longstop.now + timedelta(seconds=50)
    longstop.sql(f"UPDATE leases SET holder = 'another', until_at = {round(until_at.timestamp() * 1_000_000)}")
    assert longstop("worker", "--once").lines == ["Another process schedules here."]


def test_a_single_look_takes_over_business_days_that_have_changed(longstop):
    longstop.agreement("ACME-7", "--calendar", "DE-BE")
    longstop("worker", "--once")
    kept = "SELECT digest FROM calendar_snapshots WHERE code = 'DE-BE' AND is_current"
    [(digest,)] = longstop.sql(kept)
    longstop.sql("UPDATE calendar_snapshots SET digest = 'another' WHERE code = 'DE-BE'")
    longstop("worker", "--once")
    assert [row.digest for row in longstop.sql(kept)] == [digest]
    assert len(longstop.sql("SELECT * FROM events WHERE type = 'CalendarChanged'")) == 1


@pytest.mark.parametrize("command", ["serve", "web", "demo"])
def test_a_port_that_is_none_is_wrong_usage_and_nothing_is_made(empty, command):
    assert "it can be at most 65535" in empty(command, "--port", "99999", expect=2).err
    assert not empty.data_dir.exists()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.7"])
def test_an_address_that_is_none_is_told(longstop, host):
    told = longstop("serve", "--host", host, "--port", "0", expect=1).err
    assert (told.count("Error: "), "an address of this machine with --host" in told) == (1, True)
