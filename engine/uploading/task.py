"""One import as somebody asks for it: all that has to be known of it in whichever process it runs, and how it is done.

Its outcome is a note beside the file (``telling``), with the rows that failed, so that every process can show both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from engine.documents.imports import import_document
from engine.importing.taking_in import ImportOptions, import_file
from engine.intake.corrections import Failed, write_corrections
from engine.uploading import telling
from engine.uploading.pending import Pending, keep
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.importing.report import ImportReport
    from engine.monitor import Monitor
    from engine.uploading.folder import Uploads
    from lifecycle.people import Person

    Heard = Callable[[int, int], None]  # how many rows are done, of how many

TRIAL: Final = "trial"
DONE: Final = "done"


class ImportBroken(LifecycleError):
    """Nobody expected it."""

    code = "import-broken"

    def __init__(self) -> None:
        remedy = "Try again in a moment: what is in the register already stays as it is."
        super().__init__("That stopped in the middle.", remedy=remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """See the module. A *trial* keeps nothing; a program waits for the answer, a page looks for the note."""

    one: Pending
    person: Person
    what: str  # TRIAL, DONE
    channel: Literal["web", "api"]

    @property
    def is_trial(self) -> bool:
        return self.what == TRIAL

    @property
    def actor(self) -> Actor:
        """Who imports, and by which way."""
        return Actor(self.person.email, self.channel)


def do(monitor: Monitor, uploads: Uploads, task: Task, heard: Heard) -> dict[str, Any]:
    """Do it; the report as programs read it, nothing where only a page asks.

    Raises the leaves of WorkbookError, ImportMapError, UploadGone, StoreError.
    """
    report = import_file(monitor, uploads.file(task.one.id), _options(monitor, task, heard))
    _keep_failed(uploads.corrections(task.one.id), report)
    if not task.is_trial:
        with monitor.work(task.actor) as work:
            keep(work, replace(task.one, batch=report.batch, is_imported=True))
    uploads.note(task.one.id, task.what, telling.document(report, task.one.mark))
    return import_document(report) if task.channel == "api" else {}


def _options(monitor: Monitor, task: Task, heard: Heard) -> ImportOptions:
    one = task.one
    return ImportOptions(
        actor=task.actor,
        laws=monitor.laws,
        given=one.map,
        is_dry_run=task.is_trial,
        quiet_until_on=one.quiet_until_on,
        progress=heard,
        person=task.person,
        mends=one.mends,
        name=one.name,
    )


def _keep_failed(path: Path, report: ImportReport) -> None:
    path.unlink(missing_ok=True)
    rows = [Failed(row.draft, row.findings) for row in report.failed if row.draft is not None]
    if rows:
        write_corrections(path, rows)
