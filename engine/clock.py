"""The only module that reads a clock. Everybody else is told what time it is."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """An instant for rows, and seconds for leases that no change of the wall clock moves."""

    def now(self) -> datetime:
        """The aware UTC instant."""

    def elapsed(self) -> float:
        """Seconds since some fixed moment, sleep of the machine included."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The aware UTC instant."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Seconds since the machine was started, its sleep included where the system can say so."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class VirtualClock:
    """A clock that moves only when told: for rehearsals, stories and simulations."""

    def __init__(self, now: datetime) -> None:
        """Stand at *now*, an aware instant."""
        self._now = now.astimezone(UTC)
        self._origin = self._now

    def now(self) -> datetime:
        """The instant at which it stands."""
        return self._now

    def elapsed(self) -> float:
        """Seconds since it was made."""
        return (self._now - self._origin).total_seconds()

    def travel_to(self, at: datetime) -> None:
        """Stand at *at*."""
        self._now = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Go on by a span."""
        self._now += by
