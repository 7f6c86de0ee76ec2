"""Verifying by a fact: somebody compared it with the document, so every day that rests on it is verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import operations as ops
from lifecycle.words import listed
from web.agreements.said import FormRefused
from web.agreements.terms import RESTING

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


def verified(work: Work, agreement: Agreement, fact: str) -> int:
    """How many days of *agreement* were not verified before. Raises FormRefused for what no day rests on."""
    kinds = RESTING.get(fact)
    if kinds is None:
        raise FormRefused({"fact": f"Say one of {listed(sorted(RESTING))}."})
    waiting = [
        row for row in work.milestones.of(agreement.id) if row.is_live and row.key.kind in kinds and row.is_unverified
    ]
    for row in waiting:
        ops.verify(work, row.id)
    return len(waiting)
