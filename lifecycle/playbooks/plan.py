"""What another version of a playbook would change, milestone by milestone; nothing is written (DELIVERY.md P7).

Only steps that are still to come are compared. What was raised stays raised.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import takewhile

from lifecycle.milestones.milestone import Milestone
from lifecycle.playbooks.due import next_step
from lifecycle.playbooks.frame import Frame
from lifecycle.playbooks.ladder import PlannedStep, steps
from lifecycle.words import MONTHS, WEEKDAYS

ONE_DAY = timedelta(days=1)


class Change(StrEnum):
    """What happens to a step."""

    ADDED = "+"
    REMOVED = "-"
    MOVED = ">"
    ALTERED = "~"  # the same instant, another audience, channel or urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """One live milestone under both versions; *after* has the target day of the new buffer."""

    reference: str
    before: Milestone
    after: Milestone
    old: Frame
    new: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChange:
    """One line of a plan."""

    reference: str
    milestone: Milestone
    change: Change
    step: PlannedStep  # as it will be; as it was, where it is removed
    was_at: datetime | None  # of a step that moves
    zone: tzinfo

    def __str__(self) -> str:
        """``ACME-7 notice 2026-12-01 + -30d.2 manager Mon 9 Nov 08:30``."""
        step, key = self.step, self.milestone.key
        place = step.place if step.repeat else f"{step.stage}.{step.step}"
        asked = ", ".join(str(audience) for audience in step.audience)
        was = f" (was {_wall(self.was_at, self.zone)})" if self.was_at else ""
        told = f"{self.change.value} {place} {asked} {_wall(step.at, self.zone)}{was}"
        return f"{self.reference} {key.kind} {self.milestone.safe_on.isoformat()} {told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookPlan:
    """All that would change; *raises* counts by reference the steps that would be raised in the next 24 hours.

    ``is_proposed``: it concerns so many agreements that a second person has to apply it; nothing has changed yet.
    """

    changes: tuple[StepChange, ...]
    raises: Mapping[str, int]
    is_proposed: bool = False

    @property
    def raises_within_a_day(self) -> int:
        """The steps that would be raised in the next 24 hours."""
        return sum(self.raises.values())

    @property
    def digest(self) -> str:
        """What ``apply --expect`` compares: SHA-256 of the lines."""
        return hashlib.sha256("\n".join(str(change) for change in self.changes).encode()).hexdigest()

    def among(self, references: Container[str]) -> PlaybookPlan:
        """What of it is about some agreements alone."""
        return replace(
            self,
            changes=tuple(one for one in self.changes if one.reference in references),
            raises={one: number for one, number in self.raises.items() if one in references},
        )


def plan(replanned: Iterable[Replanned], now: datetime) -> PlaybookPlan:
    """The changes for every milestone, in the order in which they are given."""
    changes: list[StepChange] = []
    raises: Counter[str] = Counter()
    for one in replanned:
        changes.extend(_changes(one))
        raises[one.reference] += _raises(one, now)
    return PlaybookPlan(changes=tuple(changes), raises=raises)


def _changes(one: Replanned) -> Iterator[StepChange]:
    old = {step.cursor: step for step in _planned(one.before, one.old)}
    new = {step.cursor: step for step in _planned(one.after, one.new)}
    for cursor in sorted(old.keys() | new.keys(), key=lambda place: ((new.get(place) or old[place]).at, place)):
        before, after = old.get(cursor), new.get(cursor)
        if (change := _change(before, after)) is None:
            continue
        was_at = before.at if before and change is Change.MOVED else None
        yield StepChange(
            reference=one.reference,
            milestone=one.after,
            change=change,
            step=after or old[cursor],
            was_at=was_at,
            zone=(one.new if after else one.old).zone,
        )


def _planned(milestone: Milestone, frame: Frame) -> Iterator[PlannedStep]:
    return takewhile(lambda step: not step.is_final, steps(milestone, frame, after=milestone.cursor))


def _change(before: PlannedStep | None, after: PlannedStep | None) -> Change | None:
    if before is None:
        return Change.ADDED
    if after is None:
        return Change.REMOVED
    if before.at != after.at:
        return Change.MOVED
    return None if before == after else Change.ALTERED


def _raises(one: Replanned, now: datetime) -> int:
    """What is due now is raised as one step; what follows within the day one by one."""
    due = next_step(one.after, one.new, now)
    cursor = due.step.cursor if due else one.after.cursor
    soon = takewhile(lambda step: step.at <= now + ONE_DAY, steps(one.after, one.new, after=cursor))
    return (1 if due else 0) + sum(1 for _ in soon)


def _wall(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{WEEKDAYS[local.weekday()][:3]} {local.day} {MONTHS[local.month - 1]} {local:%H:%M}"
