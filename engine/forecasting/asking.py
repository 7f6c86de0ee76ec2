"""Whom the steps of a playbook ask, as the playbook says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.playbook import AFTER_THE_DAY

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.delivery import Delivery
    from lifecycle.playbook import Playbook


def asked(work: Work, sent: Delivery) -> tuple[str, ...]:
    """Whom the step of a sent message asked."""
    if sent.milestone_id is None:
        return ()
    row = work.milestones.get(sent.milestone_id)
    stage, step, _ = sent.place.rsplit(".", 2)
    return asks(work.playbook(row.playbook, row.playbook_version), stage, int(step))


def asks(playbook: Playbook, stage: str, step: int) -> tuple[str, ...]:
    """Whom a step asks; a stage that the playbook does not have is the one that follows every deadline."""
    found = playbook.stage(stage) or AFTER_THE_DAY
    return tuple(str(one) for one in found.steps[step].ask) if step < len(found.steps) else ()
