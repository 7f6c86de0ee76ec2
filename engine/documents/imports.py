"""Imports as scripts read them: what became of a file, row by row and by cell, and the imports so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from engine.importing.report import ImportedRow, ImportReport
    from engine.intake.findings import Finding

_DEADLINES: Final = ("new", "moved", "withdrawn", "past")
_BATCH: Final = ("id", "at", "actor", "file_name", "file_sha256", "quiet_until_on", "undone_at")


def import_document(report: ImportReport, *, corrections: str | None = None) -> dict[str, Any]:
    """What became of a file. *corrections* is where its failed rows lie; under which id it waits is said by others."""
    counted = report.deadlines
    return {
        "batch": None if report.is_dry_run else report.batch,
        "pending": None,
        "is_dry_run": report.is_dry_run,
        "file": report.file_name,
        "file_sha256": report.file_sha256,
        "counts": report.counts,
        "messages_today": counted.get("messages_today", 0),
        "quiet_until_on": report.quiet_until_on,
        "findings": [_finding(one) for one in report.findings],
        "rows": [_row(row) for row in report.rows],
        "deadlines": {name: counted.get(name, 0) for name in _DEADLINES},
        "corrections": corrections,
    }


def batch_document(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the store
    """An import that was taken in."""
    return {name: getattr(row, name) for name in _BATCH}


def _row(row: ImportedRow) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "reference": row.reference,
        "result": row.result,
        "changes": row.changes,
        "warnings": [_finding(one) for one in row.findings if not one.is_error],
        "errors": [_finding(one) for one in row.findings if one.is_error],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "cell": one.place,
        "column": one.column,
        "value": one.value,
        "code": one.code,
        "message": one.message,
        "remedy": one.remedy,
    }
