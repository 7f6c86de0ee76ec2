"""When a milestone is looked at next, with what was raised before for the same day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lifecycle.milestones.milestone import Cursor
from lifecycle.playbooks.due import first_at, next_look

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Derived, Milestone
    from lifecycle.playbooks.frame import Frame


def raised_places(work: Work, row: Milestone) -> frozenset[Cursor]:
    """Places that were raised for this last safe day: a day moved and moved back tells nobody twice."""
    return places(work.milestones.raised_of(row.id), row)


def places(raised: Iterable[Any], row: Milestone) -> frozenset[Cursor]:
    """As ``raised_places``, of rows that were *raised* for the milestone."""
    return frozenset(Cursor(one.stage, one.step, one.repeat) for one in raised if one.safe_on == row.safe_on)


def looked_at(work: Work, agreement: Agreement, row: Milestone) -> Milestone:
    """The row with the next instant of its ladder; one that is due already wakes the scheduler after the commit."""
    look = next_look(row, work.planner.frame(agreement, row), work.now, raised=raised_places(work, row))
    return replace(row, next_step_at=_noted(work, look.at if look else None))


def first_instant(work: Work, derived: Derived, frame: Frame, armed_on: date) -> datetime | None:
    """As ``looked_at``, for a milestone that is about to be born."""
    return _noted(work, first_at(derived, frame, work.now, armed_on=armed_on))


def _noted(work: Work, at: datetime | None) -> datetime | None:
    if at is not None and at <= work.now:
        work.made_due = True
    return at
