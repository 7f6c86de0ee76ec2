"""Imports that take longer than anybody waits for a page: they run beside it, one at a time, and say how far they are.

1. A trial or the import itself is begun; a page may wait for it a moment, then shows how far it is.
2. A large file is taken in by a process of its own (``engine.uploading.apart``), where this one can have such.
3. Its outcome is a note beside the file, so that every process can show it.
4. What stopped in the middle (the process ended) has rows that stand and rows that do not: importing once more takes in
   the rest, since what is there already is unchanged.
"""

from __future__ import annotations

import threading
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog

from engine.memory import give_back
from engine.monitor import place_of
from engine.uploading import telling
from engine.uploading.task import DONE, TRIAL, ImportBroken, Task, do
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from pathlib import Path

    from engine.monitor import Monitor
    from engine.uploading.folder import Uploads
    from engine.uploading.pending import Pending
    from engine.uploading.task import Heard
    from lifecycle.people import Person

__all__ = ["DONE", "LARGE", "TRIAL", "Progress", "Runs"]

log = structlog.get_logger(__name__)
_ONE_AT_A_TIME: Final = threading.Lock()  # a large file takes its share of the memory
_PROGRESS: Final = "progress"
_SILENT: Final = timedelta(minutes=5)  # without a word from another process it has ended
LARGE: Final = 200_000  # bytes unpacked, some 400 rows of a spreadsheet: worth the second that a process needs to begin


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is, in rows; 0 of 0 while the file is being read or waits for another one."""

    what: str
    done: int
    of: int


class Runs:
    """The imports that this process runs."""

    def __init__(self, monitor: Monitor, uploads: Uploads) -> None:
        """Outcomes go to *uploads*."""
        self._monitor, self._uploads = monitor, uploads
        self._threads: dict[str, threading.Thread] = {}

    def begin(self, one: Pending, person: Person, *, is_dry_run: bool, patience: float) -> None:
        """Begin unless it runs already, and wait for its end so many seconds at most."""
        known = self._threads.get(one.id)
        if known is None or not known.is_alive():
            what = TRIAL if is_dry_run else DONE
            self._uploads.forget(one.id, what)
            self._say(one, Progress(what, 0, 0))
            task = Task(one=one, person=person, what=what, channel="web")
            known = threading.Thread(target=self._run, args=(task,), daemon=True, name="import")
            self._threads[one.id] = known
            known.start()
        known.join(patience)

    def at_once(self, one: Pending, person: Person, *, is_dry_run: bool) -> dict[str, Any]:
        """Do it while a program waits for it; the report as it reads it.

        Raises the leaves of WorkbookError, ImportMapError, UploadGone, ImportBroken.
        """
        task = Task(one=one, person=person, what=TRIAL if is_dry_run else DONE, channel="api")
        with _ONE_AT_A_TIME:
            return self._done(task, lambda _done, _of: self._wake(task))

    def progress(self, one: Pending) -> Progress | None:
        """How far it is; None where nothing runs."""
        told = self._uploads.noted(one.id, _PROGRESS)
        if told is None:
            return None
        known = self._threads.get(one.id)
        is_silent = self._monitor.clock.now() - datetime.fromisoformat(told["at"]) > _SILENT
        if (known is None and is_silent) or (known is not None and not known.is_alive()):
            return None
        return Progress(told["what"], told["done"], told["of"])

    def outcome(self, one: Pending, what: str) -> dict[str, Any] | None:
        """What came of the trial, or of the import; None where there was none, or of what was said otherwise."""
        told = self._uploads.noted(one.id, what)
        return told if told is not None and told["mark"] == one.mark else None

    def _say(self, one: Pending, progress: Progress) -> None:
        at = self._monitor.clock.now().isoformat()
        told = {"what": progress.what, "done": progress.done, "of": progress.of, "at": at}
        self._uploads.note(one.id, _PROGRESS, told)

    def _run(self, task: Task) -> None:
        def heard(done: int, of: int) -> None:
            self._say(task.one, Progress(task.what, done, of))
            self._wake(task)

        with _ONE_AT_A_TIME:
            try:
                self._done(task, heard)
            except LifecycleError as error:
                self._refused(task, error)
            except Exception as error:  # noqa: BLE001 - told to whoever waits; its text may hold cells
                log.error("an import failed", why=f"{type(error).__name__} in {place_of(error)}")  # noqa: TRY400
                self._refused(task, ImportBroken())
        self._uploads.forget(task.one.id, _PROGRESS)
        self._threads.pop(task.one.id, None)

    def _refused(self, task: Task, error: LifecycleError) -> None:
        self._uploads.note(task.one.id, task.what, telling.refused(error, task.one.mark))

    def _done(self, task: Task, heard: Heard) -> dict[str, Any]:
        """Do it where it belongs; what it needed of this process's memory is given back."""
        apart = self._monitor.apart
        if apart is not None and _is_large(self._uploads.file(task.one.id)):
            return apart(task, heard)
        try:
            return do(self._monitor, self._uploads, task, heard)
        finally:
            if self._monitor.watching is not None:  # a process at work, that goes on
                give_back()

    def _wake(self, task: Task) -> None:
        """What another process has taken in may be due now."""
        if not task.is_trial:
            self._monitor.wake()


def _is_large(path: Path) -> bool:
    """By what is in it, as far as it says so itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(part.file_size for part in archive.infolist()) > LARGE
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # CSV, or what will be refused
        return path.stat().st_size > LARGE
