"""Evidence as people name it: a file is kept and told with the hash of its content, anything else is told as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.errors import UsageRefused
from engine.operations import Given, Result, keep_document
from lifecycle.agreements.documents import Purpose

if TYPE_CHECKING:
    from cli.run import Run
    from engine.monitor import Work
    from store.queries import DeadlineRow

_LONGEST_NAME: Final = 400
_PATHS: Final = ("/", "./", "../", "~")  # how no sentence begins


def keep_evidence(work: Work, row: DeadlineRow, text: str) -> str:
    """Keep the file that *text* names with the agreement; its name with its SHA-256, anything else as it is.

    Raises OSError for a file unread, UsageRefused for a path where no file is.
    """
    path = _file(text)
    if path is None:
        return text
    given = Given(name=path.name, content=path.read_bytes(), purpose=Purpose.EVIDENCE, milestone_id=row.milestone.id)
    return keep_document(work, row.agreement, given).said


def result_said(run: Run, how: str, remedy_by: str, retest_by: str) -> Result | None:
    """What an audit or a test has shown; None where that is not said. Raises UsageRefused."""
    remedied = run.day(remedy_by, "--remedy-by") if remedy_by else None
    again = run.day(retest_by, "--retest-by") if retest_by else None
    if how not in {"", "passed", "failed"} or (not how and (remedied or again)):
        raise UsageRefused("It is not said what it has shown.", remedy="Say --result passed, or --result failed.")
    return Result(is_passed=how == "passed", remedy_by_on=remedied, retest_by_on=again) if how else None


def _file(text: str) -> Path | None:
    if "://" in text or len(text) > _LONGEST_NAME or "\n" in text:
        return None
    path = Path(text)
    if path.is_file():
        return path
    if text.startswith(_PATHS):
        raise UsageRefused(f"There is no file {text}.", remedy="Check the path, or say in a sentence what proves it.")
    return None
