"""The ladder of a milestone: which message is planned at which instant.

A ladder is a pure function of milestone, playbook, calendar and zone; it is computed when it is needed and never
stored. Wall time is the truth: a step stands at SEND_AT of its day in the agreement's zone, and UTC follows. The
letters L1 to L7 are the rules of DELIVERY.md section 2:

L1 a stage's day that is no business day moves earlier, that of a ``+`` stage later; L2 a step stands business days
after it; L3 no step stands after the next stage's first, nor, before the day, after the last business day up to
``safe_on``; L5 of the stages that are past at birth only the latest stands; L7 a deadline is asked about until an
outcome. ``marks`` is lazy and says no more than the days, because most milestones are far away and only their first
step is wanted, and of those that slept long only the last; ``planned`` says the rest of a step.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import count, takewhile
from typing import Final, NamedTuple

from lifecycle.audience import Audience
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.milestones.milestone import Cursor
from lifecycle.playbooks.frame import SEND_AT, Frame, Laddered, Rung
from lifecycle.playbooks.playbook import OffsetError, Playbook, Require, Step, Urgency, Via, parse_offset

EVERY_AT_LAST: Final = 5  # business days between the last step's audience being asked again
SILENT_AFTER: Final = timedelta(days=30)  # born so long after its day, a milestone is not spoken of
SOON: Final = timedelta(days=14)  # born so close to its day, it does not wait for a digest
_MOST_KNOWN: Final = 1 << 12  # stands of one frame


class Mark(NamedTuple):
    """Where a step stands, and why there."""

    on: date  # in the agreement's zone
    rung: Rung
    step: int
    repeat: int
    is_clamped: bool = False  # pulled earlier by L3
    is_at_once: bool = False  # born late: as its day begins, not at SEND_AT
    is_new: bool = False  # born late, and not soon over
    is_final: bool = False  # asked again after the ladder's end, until an outcome

    @property
    def cursor(self) -> Cursor:
        """Where the cursor stands once this step was raised."""
        return Cursor(self.rung.key, self.step, self.repeat)

    @property
    def asks(self) -> tuple[Audience, ...]:
        """Whom the step asks."""
        return self.rung.stage.steps[self.step].ask

    def at(self, frame: Frame) -> datetime:
        """Its instant, UTC."""
        return frame.start_of(self.on) if self.is_at_once else frame.at(self.on)


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
    return (planned(mark, milestone, frame) for mark in marks(milestone, frame, after=after))


def is_silent(milestone: Laddered) -> bool:
    """Whether it was born, or reopened, so long after its day that nobody is told of it (L5)."""
    return milestone.armed_on - milestone.safe_on > SILENT_AFTER


def marks(milestone: Laddered, frame: Frame, *, after: Cursor | None = None) -> Iterator[Mark]:
    """As ``steps``, but no more of each than it takes to know whether it has come."""
    rungs = frame.rungs(milestone)
    if not rungs or is_silent(milestone):
        return
    stand = _stand(milestone, frame, rungs, is_followed=after is not None)
    first = stand.first if after is None else max(stand.first, rung_of(rungs, after))
    stage_marks, last = stand.marks if after is None else stand.known, None
    for index in range(first, len(rungs)):
        is_begun = after is not None and after.stage == rungs[index].key
        for last in stage_marks(index):
            if not is_begun or after is None or last[2:4] > after[1:]:
                yield last
    if last is not None and milestone.is_deadline and last.on > milestone.safe_on:
        yield from stand.finals(last, after)


def planned(mark: Mark, milestone: Laddered, frame: Frame) -> PlannedStep:
    """All that there is to say of a step."""
    on, rung, number, repeat, is_clamped, _, is_new, is_final = mark
    stage, step = rung.stage, rung.stage.steps[number]
    is_critical = milestone.is_deadline and milestone.target_on <= on <= milestone.safe_on
    urgency = Urgency.CRITICAL if is_critical else stage.urgency
    return PlannedStep(
        mark.at(frame), rung.key, number, repeat, step.ask, step.via, urgency, stage.require, on,
        is_clamped, is_new and urgency is not Urgency.CRITICAL, is_final,
    )  # fmt: skip


def rung_of(rungs: tuple[Rung, ...], cursor: Cursor) -> int:
    """Where the cursor's stage is or, where the playbook no longer has it, the first stage that comes after it."""
    for index, rung in enumerate(rungs):
        if rung.key == cursor.stage:
            return index
    try:
        gone = parse_offset(cursor.stage)
    except OffsetError:
        return 0
    return next((index for index, rung in enumerate(rungs) if rung.at.days > gone.days), len(rungs) - 1)


class _Days(NamedTuple):
    """As much of a milestone as its stand hangs on."""

    is_deadline: bool  # whose stages are others than a marker's
    safe_on: date
    target_on: date
    armed_on: date
    over_on: date | None
    is_taken: bool  # then a stage more may hold


def _stand(milestone: Laddered, frame: Frame, rungs: tuple[Rung, ...], *, is_followed: bool) -> _Stand:
    """Where a milestone stands; while it is followed it is found once in a frame, for all that have the same days."""
    one, is_taken = milestone, milestone.taken_at is not None
    days = (one.is_deadline, one.safe_on, one.target_on, one.armed_on, one.over_on, is_taken)
    if not is_followed:
        return _Stand(_Days(*days), frame, rungs)
    found: _Stand | None = frame.stands.get(days)
    if found is None:
        if len(frame.stands) >= _MOST_KNOWN:
            frame.stands.clear()
        found = frame.stands[days] = _Stand(_Days(*days), frame, rungs)
    return found


class _Stand:
    """How milestones with the same days stand on their stages: which of these hold, when, and the steps of each."""

    __slots__ = ("_again", "_days", "_first_on", "_frame", "_is_mixed", "_known", "_rungs", "first", "is_late")

    def __init__(self, days: _Days, frame: Frame, rungs: tuple[Rung, ...]) -> None:
        """Find the first stage that holds: the latest of those past at birth, else the first there is (L5)."""
        self._days, self._frame, self._rungs = days, frame, rungs
        self._is_mixed = len({rung.at.is_business for rung in rungs if rung.at.number}) > 1
        self._first_on: dict[int, date] = {}
        self._known: dict[int, tuple[Mark, ...]] = {}
        self._again: dict[date, dict[int, date]] = {}
        self.first, self.is_late = 0, False
        if days.armed_on > days.safe_on:
            self.first = next((index for index, rung in enumerate(rungs) if rung.at.number > 0), len(rungs))
        for index in range(self.first, len(rungs)):
            if self._day(index) > days.armed_on:
                break
            self.first, self.is_late = index, True

    def marks(self, index: int) -> Iterator[Mark]:
        """The steps of one stage, pulled before the next (L3); a repeat that would have to be pulled is dropped."""
        rung = self._rungs[index]
        is_born = self.is_late and index == self.first
        start_on = self._born_on() if is_born else self._day(index)
        limit_on, until_on, shift = self._limit(index), self._until(rung), self._frame.calendar.shift
        for number, step in enumerate(rung.stage.steps):
            for repeat in range(1 + (step.repeat.times if step.repeat else 0)):
                on = shift(start_on, _distance(step, repeat))
                if on > until_on or (repeat and on > limit_on):
                    return
                mark = Mark(min(on, limit_on), rung, number, repeat, on > limit_on)
                yield self._born(mark, self._day(index)) if is_born else mark

    def known(self, index: int) -> tuple[Mark, ...]:
        """As ``marks``, found once."""
        if index not in self._known:
            self._known[index] = tuple(self.marks(index))
        return self._known[index]

    def finals(self, last: Mark, after: Cursor | None) -> Iterator[Mark]:
        """The last step again, every five business days, until the subject is over (L7)."""
        done = max(after.repeat - last.repeat, 0) if after and after[:2] == last.cursor[:2] else 0
        over_on = self._days.over_on
        for number in count(done + 1):
            day = self._asked_again(last.on, number)
            if over_on and day > over_on:
                return
            yield Mark(day, last.rung, last.step, last.repeat + number, is_final=True)

    def _asked_again(self, last_on: date, number: int) -> date:
        """The day of this *number* of repetitions; each is found once, from the one before."""
        days = self._again.setdefault(last_on, {0: last_on})
        for next_one in range(len(days), number + 1):
            days[next_one] = self._frame.calendar.shift(days[next_one - 1], EVERY_AT_LAST)
        return days[number]

    def _day(self, index: int) -> date:
        """The first day of a stage: its own (L1), or that of the next where it is earlier (L3)."""
        day = self._first_on.get(index)
        if day is None:
            day = self._frame.day(self._rungs[index].at, self._days.safe_on)
            # Stages of one unit keep their order through every calendar; only days beside business days may cross.
            if self._is_mixed and index + 1 < len(self._rungs):
                day = min(day, self._day(index + 1))
            self._first_on[index] = day
        return day

    def _limit(self, index: int) -> date:
        limit_on = self._day(index + 1) if index + 1 < len(self._rungs) else date.max
        if self._rungs[index].at.number > 0:
            return limit_on
        return min(limit_on, self._frame.calendar.previous(self._days.safe_on))

    def _until(self, rung: Rung) -> date:
        """After the day, nothing is asked once the subject is over."""
        over_on = self._days.over_on
        is_over = over_on is not None and rung.at.number > 0 and over_on >= self._days.safe_on
        return over_on if is_over and over_on is not None else date.max

    def _born_on(self) -> date:
        """From which day the steps of a stage past at birth are counted: at once from the target day on."""
        armed_on = self._days.armed_on
        return armed_on if armed_on >= self._days.target_on else self._frame.calendar.next(armed_on)

    def _born(self, mark: Mark, stage_on: date) -> Mark:
        """No step before the birth; the first at once from the target day on, else told with all that is new."""
        days, armed_on, is_first = self._days, self._days.armed_on, mark[2:4] == (0, 0)
        if mark.on < armed_on or (is_first and armed_on >= days.target_on):
            mark = mark._replace(on=armed_on, is_at_once=True)
        return mark._replace(is_new=is_first and stage_on < armed_on and days.safe_on - armed_on > SOON)


def _distance(step: Step, repeat: int) -> int:
    """In business days, from the stage's day."""
    return step.after + step.repeat.every * repeat if step.repeat else step.after
