"""Who fetched an address last: remembered after the answer, every ten minutes at most (CALENDAR.md F11).

Fetches in between are counted in memory and written with the next; those that a process has not written when it ends
are forgotten.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

import structlog

from engine.monitor import place_of
from notifiers.wording import clean

if TYPE_CHECKING:
    from engine.monitor import Monitor

log = structlog.get_logger(__name__)
_EVERY: Final = timedelta(minutes=10)
_LONGEST: Final = 200  # characters of a program's name


class Fetches:
    """The fetches of this process."""

    def __init__(self, monitor: Monitor) -> None:
        """Write to the register of *monitor*."""
        self._monitor = monitor
        self._unwritten: Counter[str] = Counter()
        self._written_at: dict[str, datetime] = {}
        self._lock = Lock()

    def is_due(self, token_sha256: str, now: datetime) -> bool:
        """Count one; whether it is time to write."""
        with self._lock:
            self._unwritten[token_sha256] += 1
            at = self._written_at.get(token_sha256)
            if at is not None and now - at < _EVERY:
                return False
            self._written_at[token_sha256] = now
            return True

    def write(self, token_sha256: str, *, at: datetime, by: str) -> None:
        """Keep the last fetch. A database that cannot is told of, and asked again at the next time."""
        with self._lock:
            count = self._unwritten.pop(token_sha256, 0)
        try:
            with self._monitor.work() as work:
                work.feeds.note_fetches(token_sha256, at=at, by=clean(by, _LONGEST), count=count)
        except Exception as error:  # noqa: BLE001 - the reader has the calendar; nothing else may fail for it
            log.warning("a fetch was not kept", why=f"{type(error).__name__} in {place_of(error)}")
            with self._lock:
                self._unwritten[token_sha256] += count
