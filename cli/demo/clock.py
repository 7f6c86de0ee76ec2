"""The demo's clock: it goes as fast as any other, may stand on another day, and can be moved while everything waits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from engine.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

_FILE = "demo-clock"


class MovableClock:
    """The machine's clock, *ahead* by so much; ``travel_to`` stops it at an instant until ``go_on``."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self._machine = SystemClock()
        self._ahead = ahead
        self._stands_at: datetime | None = None

    @property
    def ahead(self) -> timedelta:
        """How far it is from the machine's clock."""
        return self.now() - self._machine.now() if self._stands_at else self._ahead

    def now(self) -> datetime:
        """The aware UTC instant that it shows."""
        return self._stands_at or self._machine.now() + self._ahead

    def elapsed(self) -> float:
        """Seconds since some fixed moment; moving the clock makes none pass."""
        return self._machine.elapsed()

    def travel_to(self, at: datetime) -> None:
        """Stand at *at*, an aware instant."""
        self._stands_at = at.astimezone(UTC)

    def go_on(self) -> None:
        """Go again, from where it stands."""
        self._ahead, self._stands_at = self.ahead, None

    def keep(self, folder: Path) -> None:
        """Let the next start in this folder go on from here: time never goes back in a register."""
        (folder / _FILE).write_text(str(self.ahead.total_seconds()), encoding="utf-8")


def clock_in(folder: Path, day: date | None, zone: ZoneInfo) -> MovableClock:
    """A clock whose day in *zone* is *day*, at the present time of day; None is where it was left, at first today."""
    if day is not None:
        here = SystemClock().now().astimezone(zone)
        return MovableClock(timedelta(days=(day - here.date()).days))
    kept = folder / _FILE
    return MovableClock(timedelta(seconds=float(kept.read_text(encoding="utf-8"))) if kept.exists() else timedelta())
