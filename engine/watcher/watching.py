"""What a process is handed so that it watches the house; one that has none of it (a command, a trial) does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from engine.backups.making import Plan
    from engine.monitor import Monitor


class Finding(NamedTuple):
    """Something that must not be: *check* names the rule, *text* is a sentence for the operator, with its remedy.

    No content of an agreement stands in it.
    """

    check: str
    number: int
    text: str


def nothing(now: datetime) -> Iterable[Finding]:  # noqa: ARG001 - the shape of a look around
    """Nobody looks around."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """How it looks around, to whom it says that it lives, and through which channels it tries itself."""

    surroundings: Callable[[datetime], Iterable[Finding]] = nothing  # disk and backups
    heartbeat: Callable[[str], bool] | None = None  # told "" or what is wrong; whether it was heard
    backups: Plan | None = None
    canaries: Mapping[str, str] = field(default_factory=dict)  # channel -> address of a daily message to ourselves


def watches(monitor: Monitor) -> Watching | None:
    """What this process watches with; None in a trial of the future, whose troubles are nobody's."""
    return monitor.watching if monitor.is_real else None
