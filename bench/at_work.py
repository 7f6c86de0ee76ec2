"""``python -m bench.at_work FOLDER PORT``: what ``longstop serve`` runs, under a clock that moves when it is told.

Mails go to the server on PORT. A line on stdin asks, a line on stdout answers:

* ``import FILE``: try a workbook and take it in beside the work, as ``/import`` does; how many agreements.
* ``travel INSTANT``: stand there, and answer when nothing is due any more.
* ``resident``: bytes of memory that the process holds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench import registers
from cli import bootstrap, serving
from cli.listening import listen
from cli.main import Given
from cli.run import Asked, Run
from config.laws import lookup
from engine import operations
from engine.clock import VirtualClock
from engine.importing.taking_in import ImportOptions, import_file
from engine.uploading.folder import Uploads
from engine.uploading.pending import Pending
from engine.uploading.running import DONE, Runs
from jobs.catalogue import JOBS, WATCH, look
from lifecycle.events import Actor
from lifecycle.people import Person, Role
from store.errors import DatabaseBusy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.monitor import Monitor

_MOMENT = 0.02  # seconds
_LONGEST = 3600.0  # seconds
_ACTOR = Actor("bench")


class Process:
    """The other end of the pipe."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, *words: object) -> str:
        """Ask, and wait for the answer."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        print(*words, file=asked, flush=True)
        answer = answered.readline().strip()
        assert answer, f"the process ended while it was asked to {words[0]}"
        return answer


@contextmanager
def at_work(folder: Path, port: int) -> Iterator[Process]:
    """A process at work on a register in *folder*, as long as it is needed."""
    command = [sys.executable, "-m", "bench.at_work", str(folder), str(port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Process(process)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def main(folder: Path, port: int) -> None:
    """The jobs in the background, the pages in the foreground; what is asked is done beside them."""
    clock = VirtualClock(registers.NOW)
    with serving.at_work(_run(folder, port, clock)) as work, listen("127.0.0.1", 0) as listening:
        _furnish(work.monitor)
        threading.Thread(target=_obey, args=(work.monitor, clock, folder), daemon=True).start()
        serving.serve_pages(work, listening)


def taken_in(folder: str, source: str) -> int:
    """Take a workbook in as ``longstop import`` does, which ends; how many agreements."""
    with _run(Path(folder), 0, VirtualClock(registers.NOW)) as run:
        _furnish(run.monitor)
        return _imported(run.monitor, Path(source))


def _run(folder: Path, port: int, clock: VirtualClock) -> Run:
    run = Run(Given(folder, is_quiet=True, clock=clock), Asked())
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_TLS": "none", "MAIL_FROM": "longstop@example.com"}
    run.settings = bootstrap.settings_of({"DATA_DIR": str(folder), "ORGANISATION": "The house of the bench", **mail})
    return run


def _furnish(monitor: Monitor) -> None:
    """The owners whom the workbook names, unless they are there."""
    with monitor.work(_ACTOR) as work:
        there = {person.email for person in work.people.all()}
        for email in (f"owner{number}@example.com" for number in range(registers.OWNERS)):
            if email not in there:
                operations.add_person(work, Person(id="", email=email))


def _obey(monitor: Monitor, clock: VirtualClock, folder: Path) -> None:
    can: dict[str, Callable[[str], object]] = {
        "import": lambda said: _taken_in(monitor, folder, Path(said)),
        "travel": lambda said: _travelled(monitor, clock, datetime.fromisoformat(said)),
        "resident": lambda _: _resident(),
    }
    for line in sys.stdin:
        word, _, said = line.strip().partition(" ")
        print(can[word](said), flush=True)


def _taken_in(monitor: Monitor, folder: Path, source: Path) -> int:
    """Tried and then taken in, as ``/import`` does."""
    uploads = Uploads(folder)
    runs = Runs(monitor, uploads)
    with monitor.look() as work:
        person = work.people.by_email("owner0@example.com")
    now = monitor.clock.now()
    upload_id = uploads.add(source.read_bytes(), now)
    one = Pending(id=upload_id, person_id=person.id, name=source.name, begun_at=now.isoformat())
    runs.begin(one, replace(person, role=Role.ADMIN), is_dry_run=True, patience=_LONGEST)
    runs.begin(one, replace(person, role=Role.ADMIN), is_dry_run=False, patience=_LONGEST)
    told = runs.outcome(one, DONE)
    return told["counts"]["created"] if told and "counts" in told else 0


def _imported(monitor: Monitor, source: Path) -> int:
    return import_file(monitor, source, ImportOptions(actor=_ACTOR, laws=lookup)).counts["created"]


def _travelled(monitor: Monitor, clock: VirtualClock, at: datetime) -> str:
    """Nobody sleeps until a day that comes at once: the jobs are woken, and those who watch the house run here."""
    clock.travel_to(at)
    monitor.wake()
    while not _is_quiet(monitor):
        time.sleep(_MOMENT)
    while not _is_watched(monitor):
        time.sleep(_MOMENT)
    return at.isoformat()


def _is_watched(monitor: Monitor) -> bool:
    try:
        look(monitor, WATCH)
    except DatabaseBusy:  # the scheduler's own watch has it in hand
        return False
    return True


def _is_quiet(monitor: Monitor) -> bool:
    with monitor.look() as work:
        is_on_its_way = work.deliveries.next_lapse_at() is not None
    planned = (job.due_at(monitor) for job in JOBS)
    return not is_on_its_way and all(at is None or at > monitor.clock.now() for at in planned)


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
