"""When a milestone is looked at next, with what was raised before for the same day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lifecycle.due import next_look
from lifecycle.milestones import Cursor

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreement import Agreement
    from lifecycle.milestones import Milestone


def raised_places(work: Work, row: Milestone) -> frozenset[Cursor]:
    """Places that were raised for this last safe day: a day moved and moved back tells nobody twice."""
    return frozenset(
        Cursor(one.stage, one.step, one.repeat)
        for one in work.milestones.raised_of(row.id)
        if one.safe_on == row.safe_on
    )


def looked_at(work: Work, agreement: Agreement, row: Milestone, *, is_new: bool = False) -> Milestone:
    """The row with the next instant of its ladder; one that is due already wakes the scheduler after the commit."""
    raised = frozenset[Cursor]() if is_new else raised_places(work, row)
    look = next_look(row, work.planner.frame(agreement, row), work.now, raised=raised)
    if look is not None and look.at <= work.now:
        work.made_due = True
    return replace(row, next_step_at=look.at if look else None)
