"""What became of a file that was taken in: a row for each reference, findings at their cells, deadlines counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from engine.intake.totals import TOTALS
from engine.monitor import place_of
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from datetime import date

    from engine.intake.drafts import Draft
    from engine.intake.findings import Finding
    from lifecycle.events import FieldChange

log = structlog.get_logger(__name__)


class NotForeseen(LifecycleError):
    """A row at which the program itself went wrong."""

    code = "unexpected"

    def __init__(self) -> None:
        super().__init__(
            "Something unexpected happened with this row; nothing of it was kept, the others were taken.",
            remedy="Report it with the line of the log that names this row.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRow:
    """What became of one reference. *result*: created, amended, unchanged, skipped, failed."""

    sheet: str
    row: int
    reference: str
    result: str
    changes: tuple[FieldChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    draft: Draft | None = None


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What became of a file. *deadlines* counts what is new, moved, withdrawn, past, and the messages of today."""

    batch: str
    is_dry_run: bool
    file_name: str
    file_sha256: str
    quiet_until_on: date | None
    findings: tuple[Finding, ...] = ()
    rows: list[ImportedRow] = field(default_factory=list)
    deadlines: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by what became of them."""
        counted = Counter(row.result for row in self.rows)
        return {name: counted[name] for name in ("created", "amended", "unchanged", "skipped", "failed")}

    @property
    def failed(self) -> list[ImportedRow]:
        """Rows that were not taken in."""
        return [row for row in self.rows if row.result == "failed"]


def became(
    draft: Draft, result: str, findings: tuple[Finding, ...], changes: tuple[FieldChange, ...] = ()
) -> ImportedRow:  # fmt: skip
    """What became of a draft, as a row."""
    row = draft.row
    return ImportedRow(
        sheet=row.plan.sheet.name,
        row=row.number,
        reference=draft.reference,
        result=result,
        changes=changes,
        findings=findings,
        draft=draft,
    )


def skipped(draft: Draft) -> ImportedRow:
    """A row that adds up others, as a row that says so."""
    return became(draft, "skipped", (draft.row.finding("reference", TOTALS, is_error=False),))


def unforeseen(draft: Draft, error: Exception) -> NotForeseen:
    """What is said of a row at which *error* came; what went wrong stands in the log, without any of its words."""
    at = f"{type(error).__name__} in {place_of(error)}"
    log.error("row not taken", row=draft.row.number, why=at)
    return NotForeseen()
