"""When a milestone is looked at next, with what was raised before for the same day.

The instant follows the ladder: where the playbook, the zone or the business days are other ones, what is live is looked
at anew. Then an acknowledgement ends with the first stage that begins now, if that is earlier; a snooze keeps its day.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lifecycle.milestones.milestone import MilestoneState
from lifecycle.playbooks.due import first_at, next_look, quiet_until, resumed
from lifecycle.playbooks.ladder import is_silent

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Derived, Milestone
    from lifecycle.playbooks.frame import Frame


def looked_at(work: Work, agreement: Agreement, row: Milestone) -> Milestone:
    """The row with the next instant of its ladder; one that is due already wakes the scheduler after the commit."""
    frame, raised = work.planner.frame(agreement, row), work.milestones.places_raised(row)
    if row.cursor is None and raised:  # begun anew in a stage that its readers know: an answer to it counts
        row = replace(row, cursor=resumed(row, frame, raised))
    look = next_look(row, frame, work.now, raised=raised)
    return replace(row, next_step_at=_noted(work, look.at if look else None))


def look_anew(work: Work, agreement: Agreement) -> None:
    """All that is live of an agreement whose ladders stand at other instants now."""
    rows = [row for row in work.milestones.of(agreement.id) if row.is_live]
    work.milestones.fetch_raised([row.id for row in rows])
    anew = [looked_at_anew(work, agreement, row) for row in rows]
    work.milestones.save([new for new, row in zip(anew, rows, strict=True) if new != row])


def looked_at_anew(work: Work, agreement: Agreement, row: Milestone) -> Milestone:
    """A live row of a ladder that is another one now."""
    if row.state is MilestoneState.OPEN:
        return looked_at(work, agreement, row)
    if row.acknowledged_until_at is None:
        return row
    look = quiet_until(row, work.planner.frame(agreement, row), work.now)
    until_at = min(row.acknowledged_until_at, look.at) if look else row.acknowledged_until_at
    return replace(row, acknowledged_until_at=until_at, next_step_at=_noted(work, until_at))


def reminds_nobody(row: Milestone) -> bool:
    """Whether it is overdue and no message tells anybody: it came, or was reopened, too long after its day (L5)."""
    return row.is_live and row.is_deadline and is_silent(row)


def first_instant(work: Work, derived: Derived, frame: Frame, armed_on: date) -> datetime | None:
    """As ``looked_at``, for a milestone that is about to be born."""
    return _noted(work, first_at(derived, frame, work.now, armed_on=armed_on))


def _noted(work: Work, at: datetime | None) -> datetime | None:
    if at is not None and at <= work.now:
        work.made_due = True
    return at
