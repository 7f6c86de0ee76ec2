"""The days of an exit plan: backwards from the exit day, and forwards from the day on which it starts.

Backwards: a step has to be over on its own day, and early enough for each step that needs it; the first day on which
one of them must begin is the day by which the exit must start. Forwards: a step is over at the earliest when all that
it needs is over and the time that it takes has passed. Who starts late presses the steps together: each is then due on
its own day or, where that cannot be, on the earliest day; a step that comes so after its last day cannot be in time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import after, before
from lifecycle.exits.plan import PREFIX, ExitPlan, ExitStep, in_order
from lifecycle.obligations.duties import Direction, Due, Obligation, Offset, OffsetFrom, Once


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """The days of one step.

    *wanted_on* is its day by the plan, *latest_on* the day on which it has to be over so that all that needs it can be
    in time, *earliest_on* the first day on which it can be over, *due_on* when it is due. *limit_on* is the day after
    which it is too late: the exit day, for what comes after the exit its own day.
    """

    step: ExitStep
    wanted_on: date
    begin_by_on: date
    latest_on: date
    earliest_on: date
    due_on: date
    limit_on: date

    @property
    def is_pressed(self) -> bool:
        """Whether it is due later than the plan wants, because it cannot be earlier."""
        return self.due_on > self.wanted_on

    @property
    def begins_on(self) -> date:
        """When it has to begin; of one that is pressed, as long before it is due as it takes."""
        return self.due_on - (self.latest_on - self.begin_by_on) if self.is_pressed else self.begin_by_on

    @property
    def late_days(self) -> int:
        """By how many days it cannot be in time; 0 where it can."""
        return max((self.earliest_on - self.limit_on).days, 0)

    @property
    def slack_days(self) -> int:
        """How many days it may slip before something is late; negative where it already is."""
        return (self.latest_on - self.earliest_on).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All days of a plan; *critical* is the longest chain by days, first step first."""

    exit_on: date
    begins_on: date  # from when the steps are counted forwards
    start_by_on: date
    steps: tuple[Scheduled, ...]
    critical: tuple[str, ...]

    @property
    def length_days(self) -> int:
        """How long before the exit day it has to start."""
        return max((self.exit_on - self.start_by_on).days, 0)

    @property
    def late(self) -> tuple[Scheduled, ...]:
        """What cannot be in time."""
        return tuple(one for one in self.steps if one.late_days)


def schedule(
    steps: Sequence[ExitStep], exit_on: date, *, starts_on: date | None, calendar: BusinessCalendar
) -> Schedule:
    """The days of *steps*; *starts_on* None: it starts in time. Raises StepsInCircle, DayOutOfRange."""
    ordered = in_order(steps)
    wanted = {one.id: _wanted(one, exit_on, calendar) for one in ordered}
    latest = _backwards(ordered, wanted, calendar)
    begin_by = {one.id: before(latest[one.id], one.takes, calendar=calendar) for one in ordered}
    start_by_on = min(begin_by.values(), default=exit_on)
    begins_on = starts_on or start_by_on
    earliest, critical = _forwards(ordered, begins_on, calendar)
    found = tuple(
        Scheduled(
            step=one,
            wanted_on=wanted[one.id],
            begin_by_on=begin_by[one.id],
            latest_on=latest[one.id],
            earliest_on=earliest[one.id],
            due_on=max(wanted[one.id], earliest[one.id]) if starts_on else wanted[one.id],
            limit_on=wanted[one.id] if one.is_after_exit else max(exit_on, wanted[one.id]),
        )
        for one in steps
    )
    return Schedule(exit_on=exit_on, begins_on=begins_on, start_by_on=start_by_on, steps=found, critical=critical)


def duties(plan: ExitPlan, found: Schedule) -> tuple[Obligation, ...]:
    """The obligations that the steps become. What keeps its day is counted from the exit day and moves with it."""
    return tuple(
        Obligation(
            id=plan.subject(one.step),
            kind=one.step.kind,
            name=one.step.name,
            due=_due(one),
            owner_id=one.step.owner_id,
            checklist=plan.template,
            evidence=one.step.evidence,
            needs=tuple(f"{PREFIX}{key}" for key in one.step.needs),
        )
        for one in found.steps
    )


def _due(one: Scheduled) -> Due:
    if one.is_pressed:
        return Once(one.due_on)
    return Offset(one.step.period, one.step.direction, OffsetFrom.EXIT)


def _wanted(step: ExitStep, exit_on: date, calendar: BusinessCalendar) -> date:
    count = before if step.direction is Direction.BEFORE else after
    return count(exit_on, step.period, calendar=calendar)


def _backwards(
    ordered: Sequence[ExitStep], wanted: Mapping[str, date], calendar: BusinessCalendar
) -> dict[str, date]:  # fmt: skip
    """By when each step must be over: its own day, or the day on which the first that needs it must begin."""
    latest = dict(wanted)
    for step in reversed(ordered):
        begins_on = before(latest[step.id], step.takes, calendar=calendar)
        for needed in step.needs:
            if needed in latest:
                latest[needed] = min(latest[needed], begins_on)
    return latest


def _forwards(
    ordered: Sequence[ExitStep], begins_on: date, calendar: BusinessCalendar
) -> tuple[dict[str, date], tuple[str, ...]]:  # fmt: skip
    """When each step can be over at the earliest, and the chain that takes the most days."""
    over: dict[str, date] = {}
    chains: dict[str, tuple[str, ...]] = {}
    for step in ordered:
        needed = [one for one in step.needs if one in over]
        last = max(needed, key=lambda one: (over[one], len(chains[one])), default=None)
        free_on = over[last] if last else begins_on
        over[step.id] = calendar.next(after(free_on, step.takes, calendar=calendar))
        chains[step.id] = (*chains.get(last or "", ()), step.id)
    longest = max(chains, key=lambda one: (over[one], len(chains[one])), default="")
    return over, chains.get(longest, ())
