"""A milestone at a glance: what decides whether a message about it is wanted, and when that may leave.

Everything here is also said by the milestone itself and by its agreement; a glance spares reading both of them whole,
which takes forty times as long. What searches in them, or tells of them, needs the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date, datetime

    from lifecycle.milestones.milestone import MilestoneState


class Glance(NamedTuple):
    """A milestone, and of its agreement where and by which calendar it is counted."""

    id: str
    state: MilestoneState
    is_deadline: bool
    safe_on: date
    target_on: date
    generation: int
    playbook: str
    playbook_version: int
    next_step_at: datetime | None
    calendar: str
    time_zone: str
