"""What is to be said now, and when to look again.

The next instant is always read from the ladder, never "now plus a delay" (DELIVERY.md L4). Of several steps that are
due at once only the latest is raised, to all whom they ask together (L6). A live deadline always has an instant at
which it is looked at again, even when nothing more will be said of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple

from lifecycle.audience import Audience
from lifecycle.milestones.milestone import Cursor, Derived, Milestone, MilestoneKey, MilestoneState
from lifecycle.playbooks.frame import Frame, Laddered
from lifecycle.playbooks.ladder import Mark, PlannedStep, marks, planned, rung_of
from lifecycle.playbooks.playbook import LAST_CALL, Require

LATE: Final = timedelta(hours=1)
LONGEST_SNOOZE: Final = timedelta(days=30)
ANY_ZONE: Final = timedelta(days=2)  # a day so long ago is over, even in a zone that skipped one (Apia, 2011-12-30)
_MOST_KNOWN: Final = 1 << 14  # first instants of one frame
LOOK_AGAIN: Final = timedelta(days=365)  # at a deadline of which nothing more is said
Places = Collection[tuple[str, int, int]]  # stage, step and repeat: cursors, or as much as is equal to them


class Look(NamedTuple):
    """When a milestone is looked at again; ``step`` is what will be raised then, None if nothing will."""

    at: datetime
    step: PlannedStep | None


class _Unborn(NamedTuple):
    """As much of a milestone as a ladder asks of it."""

    key: MilestoneKey
    is_deadline: bool
    safe_on: date
    target_on: date
    armed_on: date
    over_on: date | None
    taken_at: None = None


class Due(NamedTuple):
    """The step to raise now; once it is raised the cursor is ``step.cursor`` and the next look is at ``then_at``."""

    step: PlannedStep
    audience: tuple[Audience, ...]  # of all that are due, in their order, each once
    skipped: int  # how many steps were passed over
    is_late: bool  # planned more than an hour ago
    then_at: datetime | None  # None: nothing more is planned for this marker


def next_step(milestone: Milestone, frame: Frame, now: datetime, *, raised: Places = frozenset()) -> Due | None:
    """The step that is due at *now*, or None.

    *raised* are places that were raised for the same ``safe_on`` before: nothing is said twice. An acknowledgement
    has passed over the rest of its stage; a hurried milestone (``next_step_at`` has come, the step's own instant has
    not) raises the next step of the same stage (L8).
    """
    surely_on = now.astimezone(frame.zone).date() - ANY_ZONE
    due: list[Mark] = []
    following = None
    for mark in _coming(milestone, frame, raised):
        if mark.on > surely_on and mark.at(frame) > now and (due or not _is_hurried(milestone, mark, now)):
            following = mark
            break
        due.append(mark)
    if not due:
        return None
    step = planned(due[-1], milestone, frame)
    return Due(
        step=step,
        audience=_together(due),
        skipped=len(due) - 1,
        is_late=now - step.at > LATE and now.astimezone(frame.zone).date() > milestone.armed_on,
        then_at=following.at(frame) if following else _unstepped_at(milestone, frame, now),
    )


def next_look(milestone: Milestone, frame: Frame, now: datetime, *, raised: Places = frozenset()) -> Look | None:
    """When the milestone is looked at next, for a cursor that was just set; None only for a marker.

    Arm a milestone with its cursor None: then this is its first step by L5, whose instant may have come already.
    """
    return _look(milestone, frame, next(_coming(milestone, frame, raised), None), now)


def resumed(milestone: Milestone, frame: Frame, raised: Places) -> Cursor | None:
    """Where a ladder that begins anew goes on: behind those of its first steps that were all raised before."""
    again = takewhile(lambda mark: mark.cursor in raised, marks(milestone, frame))
    last = next(iter(deque(again, maxlen=1)), None)
    return last.cursor if last else None


def first_at(derived: Derived, frame: Frame, now: datetime, *, armed_on: date) -> datetime | None:
    """When a milestone that is about to be is looked at first, as ``next_look`` says; None only for a marker.

    The first step stands on the same day for all that have the same days: found once in a frame.
    """
    key, is_deadline, reading, target_on, *_ = derived
    unborn = _Unborn(key, is_deadline, reading.safe_on, target_on, armed_on, derived.over_on)
    if not frame.rungs(unborn):
        return _unstepped_at(unborn, frame, now)
    days, known = unborn[1:], frame.firsts
    if days not in known:
        mark = next(marks(unborn, frame), None)
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[days] = None if mark is None else mark.at(frame)
    return known[days] or _unstepped_at(unborn, frame, now)


def quiet_until(milestone: Milestone, frame: Frame, now: datetime) -> Look | None:
    """When an acknowledgement given now ends: as the next stage begins, or with the next asking after the last one."""
    return _look(milestone, frame, next(_beyond_stage(milestone, frame), None), now)


def snooze_limit(milestone: Milestone, frame: Frame, now: datetime) -> datetime | None:
    """The latest instant to which the milestone may be snoozed (DELIVERY.md M1); None when it may not any more."""
    in_30_days = frame.at(now.astimezone(frame.zone).date() + LONGEST_SNOOZE)
    limit_at = min(in_30_days, frame.at(frame.calendar.shift(milestone.safe_on, -1)))
    return limit_at if limit_at > now else None


def hurried(milestone: Milestone, frame: Frame) -> PlannedStep | None:
    """The step that is brought to now because the one that was raised last reached nobody (L8), if there is one."""
    mark = next(marks(milestone, frame, after=milestone.cursor), None)
    return planned(mark, milestone, frame) if mark and _may_hurry(milestone, mark) else None


def required(milestone: Milestone, frame: Frame) -> Require:
    """What quiets the stage that the milestone is in (P4). A decision that was made is not asked for again."""
    rungs = frame.rungs(milestone)
    if milestone.cursor is None or not rungs:
        return Require.ACKNOWLEDGEMENT
    require = rungs[rung_of(rungs, milestone.cursor)].stage.require
    return Require.ACKNOWLEDGEMENT if require is Require.DECISION and milestone.decision else require


def _together(due: list[Mark]) -> tuple[Audience, ...]:
    """Whom all of them ask, each once; what a repeat asks again is not looked at again."""
    if len(due) == 1:
        return due[0].asks
    asks = [mark.asks for mark in due]
    anew = [ask for ask, before in zip(asks, [None, *asks], strict=False) if ask is not before]
    return tuple(dict.fromkeys(audience for ask in anew for audience in ask))


def _coming(milestone: Milestone, frame: Frame, raised: Places) -> Iterator[Mark]:
    is_quiet = milestone.state is MilestoneState.ACKNOWLEDGED
    ahead = _beyond_stage(milestone, frame) if is_quiet else _ahead(milestone, frame)
    return (mark for mark in ahead if (mark.rung.key, mark.step, mark.repeat) not in raised) if raised else ahead


def _beyond_stage(milestone: Milestone, frame: Frame) -> Iterator[Mark]:
    cursor = milestone.cursor
    ahead = _ahead(milestone, frame)
    return (mark for mark in ahead if cursor is None or mark.rung.key != cursor.stage or mark.is_final)


def _ahead(milestone: Milestone, frame: Frame) -> Iterator[Mark]:
    """What follows the cursor; no last call on the day of the answer: who has just spoken is not asked whether."""
    ahead, taken_at = marks(milestone, frame, after=milestone.cursor), milestone.taken_at
    if taken_at is None:
        return ahead
    taken_on = taken_at.astimezone(frame.zone).date()
    return (mark for mark in ahead if mark.rung.stage is not LAST_CALL or mark.on > taken_on)


def _is_hurried(milestone: Milestone, mark: Mark, now: datetime) -> bool:
    asked_now = milestone.next_step_at is not None and milestone.next_step_at <= now
    return asked_now and milestone.state is MilestoneState.OPEN and _may_hurry(milestone, mark)


def _may_hurry(milestone: Milestone, mark: Mark) -> bool:
    """A repeat asks the same people again, so it helps nobody to bring it forward."""
    return milestone.cursor is not None and mark.rung.key == milestone.cursor.stage and not mark.repeat


def _look(milestone: Laddered, frame: Frame, mark: Mark | None, now: datetime) -> Look | None:
    if mark is not None:
        step = planned(mark, milestone, frame)
        return Look(step.at, step)
    at = _unstepped_at(milestone, frame, now)
    return None if at is None else Look(at, None)


def _unstepped_at(milestone: Laddered, frame: Frame, now: datetime) -> datetime | None:
    if not milestone.is_deadline:
        return None
    over_at = frame.at(milestone.over_on + timedelta(days=1)) if milestone.over_on else None
    return over_at if over_at and over_at > now else now + LOOK_AGAIN
