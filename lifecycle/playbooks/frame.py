"""What a ladder stands in: a playbook, the business days, the zone and the hour at which messages are planned.

One frame serves all milestones that have the same playbook, calendar and zone, however many agreements they belong to;
what it finds out of the playbook is found once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol

from lifecycle.days.calendars import BusinessCalendar
from lifecycle.milestones.milestone import MilestoneKey
from lifecycle.playbooks.playbook import AFTER_THE_DAY, Offset, Playbook, Stage

SEND_AT: Final = time(8, 30)


class Rung(NamedTuple):
    """A stage with what is asked of it again and again."""

    key: str
    at: Offset
    stage: Stage


class Laddered(Protocol):
    """What a ladder asks of a milestone: one that is followed, or one that is about to be."""

    @property
    def key(self) -> MilestoneKey:
        """What it is about."""

    @property
    def is_deadline(self) -> bool:
        """Whether somebody has to act."""

    @property
    def safe_on(self) -> date:
        """The day from which the ladder counts."""

    @property
    def target_on(self) -> date:
        """From this day on a message is critical."""

    @property
    def armed_on(self) -> date:
        """Stages before this day are past."""

    @property
    def over_on(self) -> date | None:
        """The subject's last day."""


class Frame:
    """Playbook, calendar, zone and hour; immutable, but for what is found out of them."""

    __slots__ = ("_deadline_rungs", "_rungs", "calendar", "firsts", "is_mixed", "playbook", "send_at", "stands", "zone")

    def __init__(self, playbook: Playbook, calendar: BusinessCalendar, zone: tzinfo, send_at: time = SEND_AT) -> None:
        self.playbook, self.calendar, self.zone, self.send_at = playbook, calendar, zone, send_at
        self.firsts: dict[tuple[Any, ...], datetime | None] = {}  # kept by ``lifecycle.playbooks.due``
        self.stands: dict[tuple[Any, ...], Any] = {}  # kept by ``lifecycle.playbooks.ladder``
        self._rungs = _rungs(playbook.stages)
        has_after = bool(playbook.stages) and playbook.stages[-1].at.number > 0
        self._deadline_rungs = self._rungs if has_after else (*self._rungs, *_rungs((AFTER_THE_DAY,)))
        self.is_mixed = len({rung.at.is_business for rung in self._rungs if rung.at.number}) > 1

    def rungs(self, milestone: Laddered) -> tuple[Rung, ...]:
        """The stages for a milestone; a deadline always has one after its day (L7).

        None for a marker that the playbook does not name.
        """
        if milestone.is_deadline:
            return self._deadline_rungs
        return self._rungs if milestone.key.kind in self.playbook.match.milestone else ()

    def day(self, at: Offset, safe_on: date) -> date:
        """The business day on which a stage stands, seen alone (L1)."""
        number, is_business = at
        if is_business:
            return self.calendar.shift(safe_on, number)
        day = safe_on + timedelta(number)
        return self.calendar.next(day) if number > 0 else self.calendar.previous(day)

    def at(self, day: date) -> datetime:
        """SEND_AT on *day*, in UTC: of two equal local times the first, in a gap by the offset before it (L2)."""
        return _instant(day, self.send_at, self.zone)

    def start_of(self, day: date) -> datetime:
        """The first instant of *day*, in UTC."""
        return _instant(day, time.min, self.zone)


def _rungs(stages: tuple[Stage, ...]) -> tuple[Rung, ...]:
    return tuple(Rung(stage.key, stage.at, stage) for stage in stages)


def forget_instants() -> None:
    """Find anew what was found of days and zones."""
    _instant.cache_clear()


@lru_cache(maxsize=1 << 14)
def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
