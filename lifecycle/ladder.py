"""The ladder of a milestone: which message is planned at which instant.

A ladder is a pure function of milestone, playbook, calendar and zone; it is computed when it is needed and never
stored. Wall time is the truth: a step stands at SEND_AT of its day in the agreement's zone, and UTC follows. The
letters L1 to L7 are the rules of DELIVERY.md section 2:

L1 a stage's day that is no business day moves earlier, that of a ``+`` stage later; L2 a step stands business days
after it; L3 no step stands after the next stage's first, nor, before the day, after the last business day up to
``safe_on``; L5 of the stages that are past at birth only the latest stands; L7 a deadline is asked about until an
outcome. ``steps`` is lazy, because most milestones are far away and only their first instant is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import count, takewhile
from typing import Final, NamedTuple

from lifecycle.audience import Audience
from lifecycle.calendars import BusinessCalendar
from lifecycle.frame import SEND_AT, Frame, Laddered, Rung
from lifecycle.milestones import Cursor
from lifecycle.playbook import OffsetError, Playbook, Require, Step, Urgency, Via, parse_offset

EVERY_AT_LAST: Final = 5  # business days between the last step's audience being asked again
SILENT_AFTER: Final = timedelta(days=30)  # born so long after its day, a milestone is not spoken of
SOON: Final = timedelta(days=14)  # born so close to its day, it does not wait for a digest


class PlannedStep(NamedTuple):
    """One step of a ladder; order: ``at``, stage, step, repeat."""

    at: datetime  # UTC
    stage: str
    step: int
    repeat: int
    audience: tuple[Audience, ...]
    channels: Via
    urgency: Urgency  # critical from target_on to safe_on, whatever the stage says (P3)
    require: Require
    on: date  # the civil day of ``at`` in the agreement's zone
    is_clamped: bool = False  # pulled earlier by L3
    is_new: bool = False  # born late: joins the digest "new in your register"
    is_final: bool = False  # asked again after the ladder's end, until an outcome

    @property
    def place(self) -> str:
        """``-30d.1.0``: the stage, the step, the repeat."""
        return f"{self.stage}.{self.step}.{self.repeat}"

    @property
    def cursor(self) -> Cursor:
        """Where the cursor stands once this step was raised."""
        return Cursor(self.stage, self.step, self.repeat)


def ladder(
    milestone: Laddered, playbook: Playbook, calendar: BusinessCalendar, zone: tzinfo, *, send_at: time = SEND_AT
) -> tuple[PlannedStep, ...]:
    """The whole ladder, from its first step on, without the endless asking that follows that of a deadline."""
    whole = steps(milestone, Frame(playbook, calendar, zone, send_at))
    return tuple(takewhile(lambda step: not step.is_final, whole))


def steps(milestone: Laddered, frame: Frame, *, after: Cursor | None = None) -> Iterator[PlannedStep]:
    """The steps after *after* in order, computed as they are asked for; endless for a deadline.

    Raises DayOutOfRange where a step would stand outside 1900 to 2200.
    """
    rungs = frame.rungs(milestone)
    if not rungs or milestone.armed_on - milestone.safe_on > SILENT_AFTER:
        return
    stand = _Stand(milestone, frame, rungs)
    first = stand.first if after is None else max(stand.first, rung_of(rungs, after))
    last = None
    for index in range(first, len(rungs)):
        for planned in stand.steps(index):
            last = planned
            if after is None or after.stage != planned.stage or planned[2:4] > after[1:]:
                yield planned
    if last is not None and milestone.is_deadline and last.on > milestone.safe_on:
        yield from _finals(milestone, frame, last, after)


def rung_of(rungs: tuple[Rung, ...], cursor: Cursor) -> int:
    """Where the cursor's stage is or, where the playbook no longer has it, the first stage that comes after it."""
    keys = [rung.key for rung in rungs]
    if cursor.stage in keys:
        return keys.index(cursor.stage)
    try:
        gone = parse_offset(cursor.stage)
    except OffsetError:
        return 0
    return next((index for index, rung in enumerate(rungs) if rung.at.days > gone.days), len(rungs) - 1)


def _finals(milestone: Laddered, frame: Frame, last: PlannedStep, after: Cursor | None) -> Iterator[PlannedStep]:
    """The last step again, every five business days, until the subject is over (L7)."""
    done = after.repeat - last.repeat if after and after[:2] == last[1:3] else 0
    again = last._replace(is_final=True, is_clamped=False, is_new=False)
    day = frame.calendar.shift(last.on, EVERY_AT_LAST * max(done, 0))
    for number in count(max(done, 0) + 1):
        day = frame.calendar.shift(day, EVERY_AT_LAST)
        if milestone.over_on and day > milestone.over_on:
            return
        yield again._replace(at=frame.at(day), on=day, repeat=last.repeat + number)


class _Stand:
    """How one milestone stands on its stages: which of them hold, on which days, and the steps of each."""

    __slots__ = ("_days", "_frame", "_milestone", "_rungs", "first", "is_late")

    def __init__(self, milestone: Laddered, frame: Frame, rungs: tuple[Rung, ...]) -> None:
        """Find the first stage that holds: the latest of those past at birth, else the first there is (L5)."""
        self._milestone, self._frame, self._rungs = milestone, frame, rungs
        self._days: dict[int, date] = {}
        self.first, self.is_late = 0, False
        armed_on = milestone.armed_on
        if armed_on > milestone.safe_on:
            self.first = next((index for index, rung in enumerate(rungs) if rung.at.number > 0), len(rungs))
        for index in range(self.first, len(rungs)):
            if self._day(index) > armed_on:
                break
            self.first, self.is_late = index, True

    def steps(self, index: int) -> Iterator[PlannedStep]:
        """The steps of one stage, pulled before the next (L3); a repeat that would have to be pulled is dropped."""
        rung = self._rungs[index]
        is_born = self.is_late and index == self.first
        start_on = self._born_on() if is_born else self._day(index)
        calendar, limit_on = self._frame.calendar, self._limit(index)
        for number, step in enumerate(rung.stage.steps):
            for repeat in range(1 + (step.repeat.times if step.repeat else 0)):
                wanted_on = calendar.shift(start_on, _distance(step, repeat))
                if (repeat and wanted_on > limit_on) or self._is_over(rung, wanted_on):
                    return
                planned = self._planned(rung, min(wanted_on, limit_on), (number, repeat))
                if wanted_on > limit_on:
                    planned = planned._replace(is_clamped=True)
                yield self._born(planned, self._day(index)) if is_born else planned

    def _day(self, index: int) -> date:
        """The first day of a stage: its own (L1), or that of the next where it is earlier (L3)."""
        day = self._days.get(index)
        if day is None:
            day = self._frame.day(self._rungs[index].at, self._milestone.safe_on)
            # Stages of one unit keep their order through every calendar; only days beside business days may cross.
            if self._frame.is_mixed and index + 1 < len(self._rungs):
                day = min(day, self._day(index + 1))
            self._days[index] = day
        return day

    def _limit(self, index: int) -> date:
        limit_on = self._day(index + 1) if index + 1 < len(self._rungs) else date.max
        if self._rungs[index].at.number > 0:
            return limit_on
        return min(limit_on, self._frame.calendar.previous(self._milestone.safe_on))

    def _is_over(self, rung: Rung, day: date) -> bool:
        over_on = self._milestone.over_on
        return over_on is not None and rung.at.number > 0 and day > over_on >= self._milestone.safe_on

    def _planned(self, rung: Rung, day: date, place: tuple[int, int]) -> PlannedStep:
        milestone, stage, (number, repeat) = self._milestone, rung.stage, place
        step = stage.steps[number]
        is_critical = milestone.is_deadline and milestone.target_on <= day <= milestone.safe_on
        urgency = Urgency.CRITICAL if is_critical else stage.urgency
        at = self._frame.at(day)
        return PlannedStep(at, rung.key, number, repeat, step.ask, step.via, urgency, stage.require, day)

    def _born_on(self) -> date:
        """From which day the steps of a stage past at birth are counted: at once from the target day on."""
        armed_on = self._milestone.armed_on
        return armed_on if armed_on >= self._milestone.target_on else self._frame.calendar.next(armed_on)

    def _born(self, planned: PlannedStep, stage_on: date) -> PlannedStep:
        """No step before the birth; the first at once from the target day on, else told with all that is new."""
        milestone, armed_on, is_first = self._milestone, self._milestone.armed_on, planned[2:4] == (0, 0)
        if planned.on < armed_on or (is_first and armed_on >= milestone.target_on):
            planned = planned._replace(at=self._frame.start_of(armed_on), on=armed_on)
        is_new = is_first and stage_on < armed_on and milestone.safe_on - armed_on > SOON
        return planned._replace(is_new=is_new and planned.urgency is not Urgency.CRITICAL)


def _distance(step: Step, repeat: int) -> int:
    """In business days, from the stage's day."""
    return step.after + step.repeat.every * repeat if step.repeat else step.after
