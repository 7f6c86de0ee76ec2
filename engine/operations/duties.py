"""Obligations of an agreement: added, and ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lifecycle.events import ObligationAdded, ObligationEnded
from store.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreement import Agreement
    from lifecycle.obligations import Obligation


def add_obligation(work: Work, agreement: Agreement, obligation: Obligation) -> Agreement:
    """Add a duty; its id is found here where it has none."""
    known = replace(obligation, id=obligation.id or f"o{len(agreement.obligations) + 1}")
    changed = replace(agreement, obligations=(*agreement.obligations, known), version=agreement.version + 1)
    work.agreements.save(changed)
    work.record(
        ObligationAdded(agreement_id=agreement.id, obligation_id=known.id, name=known.name, kind=known.kind.value)
    )
    return changed


def end_obligation(work: Work, agreement: Agreement, obligation_id: str, *, on: date, because: str) -> Agreement:
    """Nothing of a duty is due after *on*. Raises NotFound."""
    if all(one.id != obligation_id for one in agreement.obligations):
        raise NotFound("obligation", obligation_id, remedy=f"See `longstop obligation list {agreement.reference}`.")
    obligations = tuple(replace(one, ended_on=on) if one.id == obligation_id else one for one in agreement.obligations)
    changed = replace(agreement, obligations=obligations, version=agreement.version + 1)
    work.agreements.save(changed)
    work.record(ObligationEnded(agreement_id=agreement.id, obligation_id=obligation_id, on=on, because=because))
    return changed
