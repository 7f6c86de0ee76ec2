"""What a ladder stands in: a playbook, the business days, the zone and the hour at which messages are planned.

One frame serves all milestones that have the same playbook, calendar and zone, however many agreements they belong to;
what it finds out of the playbook is found once.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol

from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.instants import hour_at
from lifecycle.milestones.milestone import MilestoneKey
from lifecycle.playbooks.playbook import AFTER_THE_DAY, LAST_CALL, Offset, Playbook, Require, Stage

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

    @property
    def taken_at(self) -> datetime | None:
        """When somebody answered last without an outcome."""


class Frame:
    """Playbook, calendar, zone and hour; immutable, but for what is found out of them."""

    __slots__ = (
        "_deadline_rungs", "_rungs", "_taken_rungs", "calendar", "firsts", "playbook", "send_at", "stands", "zone",
    )  # fmt: skip

    def __init__(self, playbook: Playbook, calendar: BusinessCalendar, zone: tzinfo, send_at: time = SEND_AT) -> None:
        self.playbook, self.calendar, self.zone, self.send_at = playbook, calendar, zone, send_at
        self.firsts: dict[tuple[Any, ...], datetime | None] = {}  # kept by ``lifecycle.playbooks.due``
        self.stands: dict[tuple[Any, ...], Any] = {}  # kept by ``lifecycle.playbooks.ladder``
        before = tuple(stage for stage in playbook.stages if stage.at.number <= 0)
        after = playbook.stages[len(before) :] or (AFTER_THE_DAY,)
        self._rungs = _rungs(playbook.stages)
        self._deadline_rungs = _rungs((*before, *after))
        self._taken_rungs = _rungs((*before, *_last_call(before), *after))

    def rungs(self, milestone: Laddered) -> tuple[Rung, ...]:
        """The stages for a milestone; a deadline always has one after its day (L7), and once it is taken one before it.

        None for a marker that the playbook does not name.
        """
        if milestone.is_deadline:
            return self._taken_rungs if milestone.taken_at else self._deadline_rungs
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


def _last_call(before: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The stage that asks who took a deadline; none where the last before the day asks so late, or for an outcome."""
    last = before[-1] if before else None
    is_heard = last is not None and (last.require is Require.OUTCOME or last.at.days >= LAST_CALL.at.days)
    return () if is_heard else (LAST_CALL,)


def _rungs(stages: tuple[Stage, ...]) -> tuple[Rung, ...]:
    return tuple(Rung(stage.key, stage.at, stage) for stage in stages)


def forget_instants() -> None:
    """Find anew what was found of days and zones."""
    _instant.cache_clear()


_instant = lru_cache(maxsize=1 << 14)(hour_at)
