"""What everybody has to know about the house: that messages are paused, and which channel is down (INTERFACE.md P1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.access.setup import next_step
from engine.delivery.announcing import CHANNEL_REFUSED
from engine.watcher.canary import MISSING
from store.queries.health import last_runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from engine.monitor import Work

_INTERVALS: Final = 2  # a job that was not asked for so many intervals has stopped
_DOWN: Final = frozenset({CHANNEL_REFUSED, MISSING})


@dataclass(frozen=True, slots=True)
class Told:
    """*paused_since*: nothing has left since then; *down*: channels that do not take messages.

    *setup_step*: what the first run has left to do.
    """

    paused_since: datetime | None = None
    down: frozenset[str] = frozenset()
    setup_step: str = ""


def told(work: Work, intervals: Mapping[str, timedelta]) -> Told:
    """How the house is. *intervals* are how long each job may go without being asked."""
    ran = {run.job: run.at for run in last_runs(work.connection)}
    stopped = [
        at for job, at in ran.items() if job in intervals and at < work.now - _INTERVALS * intervals[job]
    ]  # fmt: skip
    down = frozenset(one.subject for one in work.keeping.incidents() if one.kind in _DOWN)
    return Told(min(stopped, default=None), down, next_step(work) or "")
