"""Giving a deadline its outcome, also as part of another operation (a notice given closes the notice deadline)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.replanning import ended
from lifecycle.delivery import over
from lifecycle.events import MilestoneDone
from lifecycle.milestones.milestone import MilestoneState, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone, MilestoneKind


def closed(work: Work, row: Milestone, outcome: Outcome) -> Milestone:
    """A deadline with its outcome: nothing more is sent about it. What readers were told of its day still holds."""
    row = replace(ended(row, outcome.kind), outcome=outcome, revision=row.revision)
    work.milestones.save([row])
    work.deliveries.cancel_of_milestone(row.id, over(outcome.kind))
    return row


def close_as_done(  # noqa: PLR0913 - which deadlines, and their outcome
    work: Work,
    agreement: Agreement,
    kinds: Collection[MilestoneKind],
    *,
    on: date,
    evidence: str,
    cycle: str | None = None,
) -> None:
    """Close the live deadlines of some kinds (of one cycle) whose act was just recorded."""
    for row in work.milestones.of(agreement.id):
        fits = row.key.kind in kinds and (cycle is None or row.key.cycle == cycle)
        if row.is_live and row.is_deadline and fits:
            outcome = Outcome(kind=MilestoneState.DONE, on=on, by=work.actor.name, at=work.now, evidence=evidence)
            done = closed(work, row, outcome)
            work.record(
                MilestoneDone(
                    agreement_id=agreement.id, milestone_id=row.id, revision=done.revision, on=on, evidence=evidence
                )
            )
