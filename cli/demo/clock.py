"""The demo's clock: it goes as fast as any other, may stand on another day, and can be moved while everything waits."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from engine.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

_FILE = "demo-clock"
_MORNING = time(9, 30)  # what leaves at 8:30 has left


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
    """A clock that goes on from where it was left, at first from now; of a *day* in *zone* from that morning on.

    So what is shown of a day does not hang on the hour at which it is asked for.
    """
    kept = folder / _FILE
    left = MovableClock(timedelta(seconds=float(kept.read_text(encoding="utf-8"))) if kept.exists() else timedelta())
    if day is None or (kept.exists() and left.now().astimezone(zone).date() == day):
        return left
    return MovableClock(datetime.combine(day, _MORNING, zone) - SystemClock().now())
