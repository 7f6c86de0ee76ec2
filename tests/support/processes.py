"""Longstop as real processes on one register in a file, with a mail server in the test.

::

    register = RealRegister(tmp_path, server)
    register.owe(200)                     # mails that are due now, each to a person of its own
    with register.serve() as first:
        first.kill()                      # -9, without warning
"""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes

from cli import bootstrap
from engine import operations as ops
from engine.findings.register import register_findings
from lifecycle.delivery import WAITING, DeliveryState
from lifecycle.events import Actor
from tests.conftest import PROJECT
from tests.support.agreements import NEVER, agreement, once
from tests.support.people import person

TIMINGS = {"lease": 3, "timeout": 0.75, "quarantine": 3, "poll": 0.2, "doubt": 1, "retry": 0.2, "retry_max": 1}
_WORD = re.compile(r"https?://[^ ]+:(\d+)")


class Process:
    """One ``longstop`` process; its lines are read as they come."""

    def __init__(self, args, env):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cli", *args],
            env=env, cwd=env["LONGSTOP_DATA_DIR"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines = []
        self._heard = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def is_alive(self):
        return self._process.poll() is None

    def hear(self, words, *, seconds=30):
        """Wait for a line that says *words*; the line."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                line = self._heard.get(timeout=left)
            except queue.Empty:
                break
            if words in line:
                return line
        raise AssertionError(f"nobody said {words!r}; said was:\n" + "\n".join(self.lines))

    def port(self):
        """The port on which it serves."""
        return int(_WORD.search(self.hear("Longstop serves"))[1])

    def kill(self):
        """As ``kill -9`` does."""
        self._process.kill()
        self.end()

    def terminate(self):
        """As ``kill`` does; its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self, *, seconds=30):
        """Wait for its end; its exit code."""
        code = self._process.wait(seconds)
        self._reader.join(5)
        self._process.stdout.close()
        return code

    def _read(self):
        for line in self._process.stdout:
            self.lines.append(line.rstrip())
            self._heard.put(line)


class RealRegister:
    """A register in a folder; the processes and the test work on the same file."""

    def __init__(self, folder, server, **said):
        usual = {
            "DATA_DIR": folder,
            "SMTP_HOST": server.host,
            "SMTP_PORT": server.port,
            "SMTP_TLS": "none",
            "MAIL_FROM": "Longstop <longstop@example.com>",
            **{f"TIMINGS_{name.upper()}": seconds for name, seconds in TIMINGS.items()},
        }
        self._given = {name: str(value) for name, value in (usual | said).items()}
        self._server = server
        self.settings = settings = bootstrap.settings_of(self._given)
        self.monitor = bootstrap.assembled(settings)
        bootstrap.first_start(self.monitor, settings)
        with self.work() as work:
            ops.add_person(work, person("Mia"))

    def close(self):
        bootstrap.closed(self.monitor)

    def work(self):
        return self.monitor.work(Actor("test", "test"))

    def run(self, *args):
        """Start a command."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT") if name in os.environ}
        ours = {f"LONGSTOP_{name}": value for name, value in self._given.items()}
        return Process(args, {**kept, **ours, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"})

    @contextmanager
    def serve(self, *words):
        """``longstop serve``, or *words*; killed at the end if it is still there."""
        process = self.run(*(words or ("serve", "--port", "0")))
        try:
            yield process
        finally:
            if process.is_alive:
                process.kill()

    def owe(self, many, *, prefix="r"):
        """So many mails that are due now: a fee in a few days, each with an owner of its own."""
        with self.work() as work:
            mia = work.people.by_email("mia@example.com").id
            in_four_days = work.now.date() + timedelta(days=4)
            for n in range(many):
                owner = ops.add_person(work, person(f"{prefix}{n:03}", manager_id=mia))
                due = once("fee", "Annual fee", in_four_days)
                usual = {"owner_id": owner.id, "end": None, "renewal": NEVER, "notice_days": 0, "time_zone": "UTC"}
                one = agreement(f"{prefix.upper()}-{n:03}", **usual, obligations=(due,), calendar="SAT_SUN")
                ops.register(work, one)
        with self.work() as work:  # live with what is to be mended: else its owner hears of it today
            for finding in register_findings(work, work.agreements.all(), work.now.date()):
                ops.accept_finding(work, finding, because="The others stand in for one another.")

    def rows(self):
        """Every message about a step."""
        return [one for one in self.all_rows() if one.kind == "step"]

    def all_rows(self):
        """Every message, whatever it is about."""
        with self.monitor.look() as work:
            return work.deliveries.listed([], limit=100_000)

    def states(self):
        return Counter(one.state.value for one in self.rows())

    def wait_until(self, answers, *, seconds=60, why):
        """Wait for something to be true."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if answers():
                return
            time.sleep(0.02)
        raise AssertionError(f"{why} did not come; messages are {dict(self.states())}")

    def is_quiet(self, many):
        """All that was owed was raised, and nothing waits or is under way."""
        states = self.states()
        return states.total() >= many and not any(states[one] for one in (*WAITING, DeliveryState.SENDING))

    def doubts(self):
        """How often each message may have left without anybody knowing."""
        with self.monitor.look() as work:
            tries = {one.id: work.deliveries.attempts_of(one.id) for one in self.rows()}
        return {
            name: sum((row.action, row.result) == ("send", "in_doubt") for row in rows) for name, rows in tries.items()
        }

    def copies(self):
        """What the mail server holds, by message: every copy's bytes."""
        held = defaultdict(list)
        for mail in list(self._server.accepted):
            message_id = message_from_bytes(mail.data)["Message-ID"]
            held[message_id.strip("<>").partition("@")[0]].append(mail.data)
        return held


def get(port, path):
    """The status and the document of an address of ``serve``."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)
