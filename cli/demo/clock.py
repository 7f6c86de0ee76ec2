"""The demo's clock: it goes as fast as any other, but it may stand on another day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from engine.clock import SystemClock

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class ShiftedClock:
    """The machine's clock, *by* so much."""

    def __init__(self, by: timedelta = timedelta()) -> None:
        self._machine, self._by = SystemClock(), by

    def now(self) -> datetime:
        """The aware UTC instant, shifted."""
        return self._machine.now() + self._by

    def elapsed(self) -> float:
        """Seconds since some fixed moment."""
        return self._machine.elapsed()


def on_day(day: date | None, zone: ZoneInfo) -> ShiftedClock:
    """A clock whose day in *zone* is *day*, at the present time of day; None is today."""
    if day is None:
        return ShiftedClock()
    here = SystemClock().now().astimezone(zone)
    return ShiftedClock(timedelta(days=(day - here.date()).days))
