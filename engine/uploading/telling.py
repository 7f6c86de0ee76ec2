"""What came of an import, as a document that is kept beside its file and shown page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.importing.report import ImportedRow, ImportReport
    from engine.intake.findings import Finding
    from lifecycle.errors import LifecycleError


def document(report: ImportReport, mark: str) -> dict[str, Any]:
    """The whole report; *mark* is of what was said of the file then."""
    names = ("new", "moved", "withdrawn", "past", "messages_today")
    return {
        "mark": mark,
        "batch": report.batch,
        "counts": report.counts,
        "deadlines": {name: report.deadlines.get(name, 0) for name in names},
        "findings": [finding_document(one) for one in report.findings],
        "rows": [_row(row) for row in report.rows],
    }


def refused(error: LifecycleError, mark: str) -> dict[str, Any]:
    """Why the file cannot be taken in at all."""
    return {"mark": mark, "refused": [error.sentence, error.remedy]}


def finding_document(one: Finding) -> dict[str, Any]:
    """A finding as plain values."""
    return {
        "sheet": one.sheet,
        "cell": one.cell,
        "place": one.place,
        "column": one.column,
        "value": one.value[:200],
        "code": one.code,
        "message": one.message,
        "remedy": one.remedy,
        "is_error": one.is_error,
    }


def _row(row: ImportedRow) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "reference": row.reference,
        "result": row.result,
        "changes": [[change.field, change.before, change.after] for change in row.changes],
        "findings": [finding_document(one) for one in row.findings],
    }
