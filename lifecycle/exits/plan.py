"""Exit plans: how a relationship is left in good order, step by step, towards the exit day.

A plan is a value on its agreement. A step is due so long before or after the exit day, takes a while, and may need
other steps before it; once the exit has started its steps are obligations of the agreement like any other. The exit day
is the one given, else the agreement's last day: where that moves, the steps move with it. The days that follow from a
plan are computed in ``lifecycle.exits.schedule``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from lifecycle.audience import OWNER, Audience
from lifecycle.days.periods import Period
from lifecycle.errors import LifecycleError
from lifecycle.obligations.audits import is_found
from lifecycle.obligations.checklist import At, Checklist, Counted, circle_among
from lifecycle.obligations.duties import Direction, Obligation, ObligationKind, Offset, OffsetFrom, Recurrence
from lifecycle.obligations.evidence import is_asked_for

PREFIX: Final = "exit."  # of the ids of the obligations that steps become
_ZERO: Final = Period()
_LEAST: Final = Period(business_days=1)  # what a step takes of which nobody said how long
_ANCHORS: Final = frozenset({Counted.EXIT, Counted.LAST_DAY})
_OF_TESTS: Final = "exit-test."


class StepsInCircle(LifecycleError):
    """Steps that wait for one another."""

    code = "steps-in-circle"

    def __init__(self, way: Sequence[str]) -> None:
        super().__init__(
            f"These steps wait for one another: {' needs '.join(way)}.", remedy="Take one of the needs away."
        )


class NoExitTemplate(LifecycleError):
    """A checklist without a step that is counted from the exit."""

    code = "no-exit-template"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Nothing in the checklist {name} is counted from the exit day.",
            remedy='Take one such as exit-bpo, or write items such as "due: 6m before exit".',
        )


class ExitKind(StrEnum):
    """How one leaves."""

    PLANNED = "planned"  # at the end of a term, in the time that it takes
    STRESSED = "stressed"  # at once: the other side fails, or the agreement is terminated


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitStep:
    """One step; *period* before or after the exit day is when it is due, *takes* how long it takes at least."""

    id: str
    name: str
    period: Period = _ZERO
    direction: Direction = Direction.BEFORE
    takes: Period = _LEAST
    needs: tuple[str, ...] = ()
    kind: ObligationKind = ObligationKind.EXIT_STEP
    owner_id: str | None = None  # None: the agreement's owner
    evidence: str = ""  # what proves that it was done

    @property
    def is_after_exit(self) -> bool:
        """Whether it is due only when the exit is over."""
        return self.direction is Direction.AFTER and not self.period.is_zero


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitTest:
    """A tabletop rehearsal of the exit: planned for a day, then held with a result."""

    id: str  # t1, t2 ...
    due_on: date
    held_on: date | None = None
    is_passed: bool | None = None
    result: str = ""

    @property
    def subject(self) -> str:
        """The id of the obligation that it is until it was held."""
        return f"{_OF_TESTS}{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPlan:
    """How an agreement is left. *length* is how long before the exit day it has to begin, in days."""

    template: str
    steps: tuple[ExitStep, ...]
    kind: ExitKind = ExitKind.PLANNED
    exit_on: date | None = None  # None: the agreement's last day
    length: Period = _ZERO
    tests: tuple[ExitTest, ...] = ()
    started_on: date | None = None
    because: str = ""  # why it was started

    @property
    def is_started(self) -> bool:
        """Whether its steps are deadlines now."""
        return self.started_on is not None

    def subject(self, step: ExitStep) -> str:
        """The id of the obligation that a step becomes."""
        return f"{PREFIX}{step.id}"


def is_of_exit(obligation: Obligation) -> bool:
    """Whether an obligation is a step of an exit plan."""
    return obligation.id.startswith(PREFIX)


def outlives_any_end(obligation: Obligation) -> bool:
    """Whether it is owed however it ended: steps of the exit, what has to come back, what was asked for or found."""
    is_named = is_asked_for(obligation.id) or is_found(obligation.id)
    return is_named or is_of_exit(obligation) or obligation.kind is ObligationKind.RETURN


def is_owed_after_end(obligation: Obligation) -> bool:
    """Whether it is still owed when the agreement is over and nothing survives it.

    Beside what outlives any end that is a payment, what is counted from the end to a later day, and what is said to
    continue after it.
    """
    if outlives_any_end(obligation):
        return True
    if obligation.kind is ObligationKind.FEE or not obligation.continues.is_zero:
        return True
    match obligation.due:
        case Offset(anchor=OffsetFrom.LAST_DAY | OffsetFrom.EXIT, direction=Direction.AFTER):
            return True
        case Recurrence(continues=continues):
            return not continues.is_zero
        case _:
            return False


def steps_of(checklist: Checklist, owner_of: Callable[[Audience], str | None]) -> tuple[ExitStep, ...]:
    """The steps of a template: its items that are counted from the exit day or the last day.

    Raises NoExitTemplate where there is none, StepsInCircle.
    """
    found = [one for one in checklist.templates if isinstance(one.timing, At) and one.timing.anchor in _ANCHORS]
    if not found:
        raise NoExitTemplate(checklist.name)
    known = {one.key for one in found}
    steps = tuple(
        ExitStep(
            id=one.key,
            name=one.name,
            period=one.timing.period,
            direction=one.timing.direction,
            takes=_LEAST if one.takes.is_zero else one.takes,
            needs=tuple(key for key in one.needs if key in known),
            kind=one.kind,
            owner_id=None if one.owner == OWNER else owner_of(one.owner),
            evidence=one.evidence,
        )
        for one in found
        if isinstance(one.timing, At)
    )
    must_be_orderly(steps)
    return steps


def must_be_orderly(steps: Sequence[ExitStep]) -> None:
    """Raises StepsInCircle, which names the circle."""
    if way := circle_among({step.id: step.needs for step in steps}):
        raise StepsInCircle(way)


def in_order(steps: Sequence[ExitStep]) -> tuple[ExitStep, ...]:
    """The steps so that each comes after all that it needs, else as they stand. Raises StepsInCircle."""
    must_be_orderly(steps)
    by_id = {step.id: step for step in steps}
    placed: dict[str, ExitStep] = {}

    def place(step: ExitStep) -> None:
        for needed in step.needs:
            if needed in by_id and needed not in placed:
                place(by_id[needed])
        placed.setdefault(step.id, step)

    for step in steps:
        place(step)
    return tuple(placed.values())


def joined(steps: Sequence[ExitStep], more: Sequence[ExitStep]) -> tuple[ExitStep, ...]:
    """The steps with those of *more* that are not there yet; what is there stays as somebody may have made it."""
    there = {step.id for step in steps}
    return (*steps, *(step for step in more if step.id not in there))


def open_needs(plan: ExitPlan, step: ExitStep, ended: Mapping[str, object]) -> tuple[ExitStep, ...]:
    """What *step* waits for; *ended* knows the ids of the steps that are over."""
    return tuple(one for one in plan.steps if one.id in step.needs and one.id not in ended)


def held(plan: ExitPlan, test: ExitTest) -> ExitPlan:
    """The plan with a test as it is now, or as a new one."""
    if any(one.id == test.id for one in plan.tests):
        return replace(plan, tests=tuple(test if one.id == test.id else one for one in plan.tests))
    return replace(plan, tests=(*plan.tests, test))


def is_template(checklist: Checklist) -> bool:
    """Whether something in it is counted from an exit."""
    return any(isinstance(one.timing, At) and one.timing.anchor is Counted.EXIT for one in checklist.templates)
