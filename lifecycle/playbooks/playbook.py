"""A playbook: which milestones it is for, and the stages and steps of their ladder.

A playbook is a value; how it is written is a matter of ``config.playbooks``, how a version is kept one of
``lifecycle.playbooks.canonical``. ``at`` counts from the last safe day, ``after`` and ``every`` count
business days, and ``buffer`` says how long before the last safe day the target day stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Final, NamedTuple

from lifecycle.audience import BACKUP, MANAGER, OWNER, Audience
from lifecycle.days.periods import Period
from lifecycle.errors import LifecycleError
from lifecycle.playbooks.matching import Match
from lifecycle.words import shown

MOST_DAYS: Final = 730  # P1: no stage is further from the last safe day
DAYS_A_BUSINESS_DAY: Final = 1.4  # seven days hold five business days
DEFAULT_BUFFER: Final = Period(business_days=5)
AT_PATTERN: Final = r"0d|([+-])([1-9][0-9]{0,2})(b?)d"

Via = str | tuple[str, ...]  # BEST: the first healthy channel; ALL: every channel; or these
BEST: Final = "best"
ALL: Final = "all"


class Urgency(StrEnum):
    """How loudly a step speaks."""

    DIGEST = "digest"  # with others, at the next digest
    INTERRUPT = "interrupt"
    CRITICAL = "critical"  # no quiet hours, silences, digests or caps


class Require(StrEnum):
    """What quiets the rest of a stage. Comparable: less comes first, in the alphabet too."""

    ACKNOWLEDGEMENT = "acknowledgement"
    DECISION = "decision"
    OUTCOME = "outcome"

    def is_met_by(self, act: Require) -> bool:
        """Whether *act* is as much as is required, or more; less is only noted (P4)."""
        return act >= self


class OffsetError(LifecycleError):
    """An ``at`` that is no distance from the last safe day."""

    code = "offset"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{shown(text)} is no distance from the last safe day.",
            remedy=f'Write "-30d", "-10bd", "0d", "+1d" or "+5bd", {MOST_DAYS} at most.',
        )


class Offset(NamedTuple):
    """A signed distance from the last safe day, in days or in business days."""

    number: int
    is_business: bool = False

    def __str__(self) -> str:
        return f"{self.number:+d}{'b' if self.is_business else ''}d" if self.number else "0d"

    @property
    def days(self) -> float:
        """The distance in days, of business days about: what puts stages in order."""
        return self.number * DAYS_A_BUSINESS_DAY if self.is_business else float(self.number)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The last step again: ``times`` times, every ``every`` business days."""

    every: int
    times: int


@dataclass(frozen=True, slots=True)
class Step:
    """A message of a stage: ``after`` business days from the stage's day, ask this audience."""

    ask: tuple[Audience, ...]
    after: int = 0
    via: Via = BEST
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """An early warning before (or after) the last safe day, and its escalations."""

    at: Offset
    steps: tuple[Step, ...]
    name: str = ""
    urgency: Urgency = Urgency.INTERRUPT
    require: Require = Require.ACKNOWLEDGEMENT

    @property
    def key(self) -> str:
        """What a cursor and a message call it."""
        return self.name or str(self.at)


@dataclass(frozen=True, slots=True)
class Quiet:
    """When messages wait, unless they are critical: from the first hour to the second, in the recipient's zone."""

    hours: tuple[time, time] | None = None
    weekends: bool = False
    holidays: bool = False


@dataclass(frozen=True, slots=True)
class Playbook:
    """The rules for the milestones that it matches; ``stages`` ascend."""

    name: str
    stages: tuple[Stage, ...]
    match: Match = field(default_factory=Match)
    buffer: Period = DEFAULT_BUFFER
    quiet: Quiet = field(default_factory=Quiet)
    priority: int = 0

    def __hash__(self) -> int:
        """By its name alone: each transaction looks frames up by their playbooks, and a ladder is long to hash."""
        return hash(self.name)

    def stage(self, key: str) -> Stage | None:
        """The stage that a cursor calls *key*."""
        return next((stage for stage in self.stages if stage.key == key), None)


#: Follows the last safe day of every deadline whose playbook says nothing about the days after it (DELIVERY.md L7).
AFTER_THE_DAY: Final = Stage(at=Offset(1), steps=(Step(ask=(OWNER, BACKUP, MANAGER)),), require=Require.OUTCOME)

#: Precedes the last safe day of a deadline that somebody took and did not end, where its playbook lets less than an
#: outcome quiet all that is left before the day (ADR 46).
LAST_CALL: Final = Stage(
    at=Offset(-1, is_business=True),
    steps=(Step(ask=(OWNER, BACKUP)), Step(ask=(OWNER, BACKUP, MANAGER), after=1)),
    require=Require.OUTCOME,
)


def parse_offset(text: str) -> Offset:
    """``-30d``, ``-10bd``, ``0d``, ``+1d``. Raises OffsetError."""
    found = re.fullmatch(AT_PATTERN, text.strip())
    if found is None:
        raise OffsetError(text)
    sign, number, business = found.groups()
    if number is None:
        return Offset(0)
    if int(number) > MOST_DAYS:
        raise OffsetError(text)
    return Offset(int(f"{sign}{number}"), bool(business))
