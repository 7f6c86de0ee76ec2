"""Imports that take longer than anybody waits for a page: they run beside it, one at a time, and say how far they are.

1. A trial or the import itself is begun; a page may wait for it a moment, then shows how far it is.
2. Its outcome is a note beside the file, so that every process can show it.
3. What stopped in the middle (the process ended) has rows that stand and rows that do not: importing once more takes in
   the rest, since what is there already is unchanged.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog

from engine.importing.taking_in import ImportOptions, import_file
from engine.intake.corrections import Failed, write_corrections
from engine.memory import give_back
from engine.monitor import place_of
from engine.uploading import telling
from engine.uploading.pending import Pending, keep
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.importing.report import ImportReport
    from engine.monitor import Monitor
    from engine.uploading.folder import Uploads
    from lifecycle.people import Person

log = structlog.get_logger(__name__)
_ONE_AT_A_TIME: Final = threading.Lock()  # a large file takes its share of the memory
TRIAL, DONE, _PROGRESS = "trial", "done", "progress"
_SILENT: Final = timedelta(minutes=5)  # without a word from another process it has ended


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
            known = threading.Thread(target=self._run, args=(one, person, what), daemon=True, name="import")
            self._threads[one.id] = known
            known.start()
        known.join(patience)

    def at_once(self, one: Pending, person: Person, *, is_dry_run: bool) -> ImportReport:
        """Do it while a program waits for it. Raises the leaves of WorkbookError, ImportMapError, UploadGone."""
        what = TRIAL if is_dry_run else DONE
        with _ONE_AT_A_TIME:
            report = self._taken(one, person, is_dry_run=is_dry_run, actor=Actor(person.email, "api"))
        self._uploads.note(one.id, what, telling.document(report, one.mark))
        return report

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

    def _run(self, one: Pending, person: Person, what: str) -> None:
        with _ONE_AT_A_TIME:
            try:
                told = self._take(one, person, what)
            except LifecycleError as error:
                told = telling.refused(error, one.mark)
            except Exception as error:  # noqa: BLE001 - told to whoever waits; its text may hold cells
                log.error("an import failed", why=f"{type(error).__name__} in {place_of(error)}")  # noqa: TRY400
                told = telling.refused(_Broken(), one.mark)
        if self._monitor.watching is not None:  # a process at work, that goes on
            give_back()
        self._uploads.note(one.id, what, told)
        self._uploads.forget(one.id, _PROGRESS)
        self._threads.pop(one.id, None)

    def _take(self, one: Pending, person: Person, what: str) -> dict[str, Any]:
        def progress(done: int, of: int) -> None:
            self._say(one, Progress(what, done, of))

        report = self._taken(
            one, person, is_dry_run=what == TRIAL, actor=Actor(person.email, "web"), progress=progress
        )  # fmt: skip
        return telling.document(report, one.mark)

    def _taken(
        self,
        one: Pending,
        person: Person,
        *,
        is_dry_run: bool,
        actor: Actor,
        progress: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> ImportReport:
        options = ImportOptions(
            actor=actor,
            laws=self._monitor.laws,
            given=one.map,
            is_dry_run=is_dry_run,
            quiet_until_on=one.quiet_until_on,
            progress=progress,
            person=person,
            mends=one.mends,
            name=one.name,
        )
        report = import_file(self._monitor, self._uploads.file(one.id), options)
        self._keep_failed(one, report)
        if not report.is_dry_run:
            with self._monitor.work(actor) as work:
                keep(work, replace(one, batch=report.batch, is_imported=True))
        return report

    def _keep_failed(self, one: Pending, report: ImportReport) -> None:
        path = self._uploads.corrections(one.id)
        path.unlink(missing_ok=True)
        rows = [Failed(row.draft, row.findings) for row in report.failed if row.draft is not None]
        if rows:
            write_corrections(path, rows)


class _Broken(LifecycleError):
    """Nobody expected it."""

    code = "import-broken"

    def __init__(self) -> None:
        remedy = "Try again in a moment: what is in the register already stays as it is."
        super().__init__("That stopped in the middle.", remedy=remedy)
