"""A deadline as the reader of a signed link may see it now, and what they may answer.

Looking changes nothing. A link that told what no longer holds shows the day that does; nothing can be answered by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from engine.delivery.composing import coming_steps, facts_of, standing_of
from engine.incoming.answers import allowed
from engine.incoming.as_shown import asks_of
from engine.incoming.links import VALID_FOR, Operation
from engine.standing import present, visible
from lifecycle.errors import LifecycleError
from lifecycle.milestones.deciding import Choice, choices
from lifecycle.milestones.milestone import MilestoneState
from lifecycle.playbooks.due import required, snooze_limit
from lifecycle.playbooks.playbook import Require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.incoming.links import ActionLink
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from notifiers.sheet import Deadline, NextStep, Standing


class LinkExpired(LifecycleError):
    """The last safe day was over too long ago."""

    code = "link-expired"

    def __init__(self) -> None:
        super().__init__(
            "This link is too old: its last safe day was over a month ago.",
            remedy="Ask the owner of the agreement how it stands.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows. *possible* is empty where nothing can be answered (any more)."""

    deadline: Deadline
    person: Person
    standing: Standing
    today: date  # in the agreement's zone
    generation: int
    asks: str  # as ``asks_of`` tells it
    is_moved: bool  # the link told what no longer holds: the day has moved, or an outcome was taken back
    possible: frozenset[Operation]
    choices: tuple[Choice, ...]
    required: str  # what this stage asks for: acknowledgement, decision, outcome
    stage: str = ""  # the one that was raised last; "" before the first
    stage_number: int = 0  # of *stage_count*
    stage_count: int = 0
    next_steps: tuple[NextStep, ...] = ()  # if nobody answers any more
    snooze_from_on: date | None = None
    snooze_until_on: date | None = None  # the latest day; None where it is too late


def shown(work: Work, link: ActionLink) -> Shown:
    """What *link* shows. Raises NotFound, Forbidden for somebody who has left, LinkExpired."""
    person = present(work, link.person_id)
    row, agreement = visible(work, link.milestone_id, person)
    today = work.today(agreement)
    if today > row.safe_on + VALID_FOR:
        raise LinkExpired
    first_on, last_on = snooze_days(work, row, agreement)
    is_moved = row.is_live and link.revision != row.revision
    stages = [rung.key for rung in work.planner.frame(agreement, row).rungs(row)]
    stage = row.cursor.stage if row.cursor else ""
    return Shown(
        deadline=facts_of(work, agreement, row),
        person=person,
        standing=standing_of(row),
        today=today,
        generation=row.generation,
        asks=asks_of(work, agreement, row),
        is_moved=is_moved,
        possible=frozenset() if is_moved else possible(work, person, agreement, row),
        choices=choices(row.key.kind, is_deadline=row.is_deadline),
        required=required(row, work.planner.frame(agreement, row)).value,
        stage=stage,
        stage_number=stages.index(stage) + 1 if stage in stages else 0,
        stage_count=len(stages),
        next_steps=coming_steps(work, agreement, row, row.cursor) if row.is_live else (),
        snooze_from_on=first_on,
        snooze_until_on=last_on,
    )


def possible(
    work: Work,
    person: Person | None,
    agreement: Agreement,
    row: Milestone,
    *,
    messages: Iterable[Delivery] | None = None,
) -> frozenset[Operation]:
    """What somebody may answer to a deadline as it stands now; *messages* about it, where they are at hand."""
    if not row.is_live or not row.is_deadline:
        return frozenset()
    found = set(allowed(work, person, agreement, row, messages=messages))
    if row.state is MilestoneState.ACKNOWLEDGED or _is_noted(work, agreement, row):
        found.discard(Operation.ACKNOWLEDGE)
    if snooze_days(work, row, agreement)[1] is None:
        found.discard(Operation.SNOOZE)
    if not choices(row.key.kind):
        found.discard(Operation.DECIDE)
    return frozenset(found)


def snooze_days(work: Work, row: Milestone, agreement: Agreement) -> tuple[date | None, date | None]:
    """The first and the last day to which a deadline may be snoozed; nothing where it is too late."""
    frame = work.planner.frame(agreement, row)
    limit_at = snooze_limit(row, frame, work.now)
    if limit_at is None:
        return None, None
    first_on = work.today(agreement) + timedelta(days=1)
    last_on = limit_at.astimezone(frame.zone).date()
    return (first_on, last_on) if first_on <= last_on else (None, None)


def _is_noted(work: Work, agreement: Agreement, row: Milestone) -> bool:
    """An acknowledgement was given in a stage that asks for more: giving it again says nothing new."""
    if row.acknowledged is None or row.state is not MilestoneState.OPEN:
        return False
    return not required(row, work.planner.frame(agreement, row)).is_met_by(Require.ACKNOWLEDGEMENT)
