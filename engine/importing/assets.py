"""The assets of a workbook: each is taken with the agreement in whose row it stands, in the same savepoint.

What was there before is remembered by asset, so that the import can be taken back: what it added is retired, what it
changed is as it was, as far as nobody has changed it since.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from engine import operations
from engine.asset_rights import must_be_theirs
from engine.intake.findings import Fault
from engine.intake.given import merged_asset
from lifecycle.assets.asset import Asset
from lifecycle.errors import LifecycleError
from lifecycle.events import FieldChange
from lifecycle.rights import is_inside
from store.codec import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row

    from engine.intake.findings import Finding
    from engine.intake.rows import ReadRow
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person

Noted = dict[str, dict[str, Any]]  # asset id -> what it was before and what it is after the import, as documents
_TAKEN: Final = Fault("name_taken", "An asset of this name is there.", "Choose another name, or ask for access.")


class AssetsRefused(LifecycleError):
    """Rows of assets that cannot be taken; *findings* says all of it, at the cells."""

    code = "refused"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("An asset cannot be taken.", remedy="Mend its row.")


def take_assets(  # noqa: PLR0913 - where they come from, who brings them, what is remembered
    work: Work,
    agreement: Agreement,
    rows: Iterable[ReadRow],
    *,
    person: Person | None,
    batch: str,
    noted: Noted,
) -> tuple[FieldChange, ...]:
    """Add and change the assets that *rows* say, each covered by *agreement*. Raises AssetsRefused."""
    changes = []
    wrong: list[Finding] = []
    for row in rows:
        known = work.assets.named(row.fields["name"])
        if known is not None and not _sees(work, person, known):
            wrong.append(row.finding("name", _TAKEN))
            continue
        new, findings = merged_asset(row, known)
        wrong += findings
        if agreement.id not in new.agreements:
            new = replace(new, agreements=(*new.agreements, agreement.id))
        if new == known or findings:
            continue
        try:
            must_be_theirs(work, person, new.agreements)
            _keep(work, known, new, batch, noted)
        except LifecycleError as error:
            wrong.append(row.finding("name", Fault(error.code, error.sentence, error.remedy)))
        else:
            changes.append(FieldChange("assets", known.name if known else None, new.name))
    if wrong:
        raise AssetsRefused(wrong)
    return tuple(changes)


def take_back(work: Work, noted: Iterable[Row[Any]], because: str) -> tuple[str, ...]:
    """Put assets back as they were before an import; the names of those that somebody has changed since."""
    kept = []
    for told in noted:
        now = work.assets.get(told.asset_id)
        if now != loads(told.after, Asset):
            kept.append(now.name)
        elif told.before is None:
            operations.retire_asset(work, now.id, because=because)
        else:
            operations.change_asset(work, loads(told.before, Asset), because=because)
    return tuple(kept)


def _keep(work: Work, known: Asset | None, new: Asset, batch: str, noted: Noted) -> None:
    if known is None:
        kept = operations.add_asset(work, new)
    else:
        kept = operations.change_asset(work, new, because=f"import {batch}")
    before = noted[kept.id]["before"] if kept.id in noted else dumps(known) if known else None
    noted[kept.id] = {"before": before, "after": dumps(kept)}


def _sees(work: Work, person: Person | None, asset: Asset) -> bool:
    """Whether somebody may see an asset: no agreement covers it, or one that they may see."""
    covering = list(work.agreements.many(asset.agreements).values())
    return person is None or not covering or any(is_inside(person, one) for one in covering)
