"""What happens on the way out of an agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lifecycle.events.basics import AgreementEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPlanned(AgreementEvent):
    """It is said how the agreement will be left; ``exit_on`` None follows its last day, which nobody knows yet."""

    kind: str
    template: str
    exit_on: date | None
    start_by_on: date | None
    steps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitStarted(AgreementEvent):
    """The steps of the plan are deadlines now; ``late`` are the ids of those that cannot be in time."""

    because: str
    exit_on: date
    steps: int
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitStopped(AgreementEvent):
    """It is not left after all: the steps that were open are withdrawn, the plan stays."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitTestPlanned(AgreementEvent):
    """The plan will be rehearsed at a table by ``due_on``."""

    test_id: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitTested(AgreementEvent):
    """The plan was rehearsed on ``held_on``."""

    test_id: str
    held_on: date
    is_passed: bool
    result: str


OfExits = ExitPlanned | ExitStarted | ExitStopped | ExitTestPlanned | ExitTested
