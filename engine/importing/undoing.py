"""Taking an import back, as far as nobody has changed its agreements since.

What it created is put aside and its reference is free again; what it amended is as it was before, by another amendment.
Events stay. What an import did is noted with the deed, so that one which broke off is taken back as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine import operations
from engine.importing.assets import take_back
from lifecycle.errors import LifecycleError
from lifecycle.events import ImportUndone

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


class AlreadyUndone(LifecycleError):
    """The import was taken back before."""

    code = "already-undone"

    def __init__(self, batch: str) -> None:
        super().__init__(f"Import {batch} was taken back already.", remedy="Import the file again to have it back.")


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and the references that somebody has changed since."""

    batch: str
    undone: tuple[str, ...]
    kept: tuple[str, ...]


def undo_import(work: Work, batch_id: str) -> Undone:
    """See the module. Raises NotFound, AlreadyUndone."""
    batch = work.keeping.batch(batch_id)
    if batch.undone_at is not None:
        raise AlreadyUndone(batch_id)
    undone: list[str] = []
    kept: list[str] = []
    for row in work.keeping.batch_rows(batch_id):
        agreement = work.agreements.get(row.agreement_id)
        if agreement.version != row.version_after:
            kept.append(agreement.reference)
            continue
        undone.append(agreement.reference)
        if row.version_before is None:
            _free(work, agreement, batch_id)
        else:
            before = work.agreements.version(agreement.id, row.version_before)
            operations.amend(work, replace(before, version=agreement.version), because=f"import {batch_id} undone")
    kept += take_back(work, work.keeping.batch_assets(batch_id), f"import {batch_id} undone")
    work.keeping.mark_undone(batch_id, work.now)
    work.record(ImportUndone(batch=batch_id, undone=len(undone), kept=len(kept)))
    return Undone(batch_id, tuple(undone), tuple(kept))


def _free(work: Work, agreement: Agreement, batch_id: str) -> None:
    because = f"import {batch_id} undone"
    freed = replace(agreement, reference=f"{agreement.reference} (undone {agreement.id})"[:100])
    work.agreements.save(freed)
    operations.archive(work, freed, because=because)
