"""How often an address may be fetched, and how often somebody may guess (CALENDAR.md F13).

Both are kept in this process alone: they spare the machine, they guard no secret. 256 random bits do that.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

_MANY: Final = 10_000  # keys, after which those that hold nobody back are forgotten


class Allowance:
    """So many in an hour, evenly, and a burst at the beginning (a leaky bucket without a drop to count)."""

    def __init__(self, an_hour: int = 120, burst: int = 20) -> None:
        """*an_hour* in the long run, *burst* at once."""
        self._each = timedelta(hours=1) / an_hour
        self._slack = self._each * (burst - 1)
        self._free_at: dict[str, datetime] = {}
        self._lock = Lock()

    def take(self, key: str, now: datetime) -> timedelta:
        """Take one; the answer is how long to wait instead, zero where it may be."""
        with self._lock:
            free_at = max(self._free_at.get(key, now), now)
            if free_at - now > self._slack:
                return free_at - now - self._slack
            if len(self._free_at) >= _MANY:
                self._free_at = {one: at for one, at in self._free_at.items() if at > now}
            self._free_at[key] = free_at + self._each
            return timedelta()


class Strangers:
    """Who asks for what is not there: so many times within a while, then no more until the first of them is over."""

    def __init__(self, most: int = 20, within: timedelta = timedelta(minutes=10)) -> None:
        """*most* within *within*."""
        self._most, self._within = most, within
        self._came: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def take(self, address: str, now: datetime) -> timedelta:
        """Count one; the answer is how long to wait instead, zero where it may be."""
        with self._lock:
            came = self._came.setdefault(address, deque())
            while came and came[0] <= now - self._within:
                came.popleft()
            if len(came) >= self._most:
                return came[0] + self._within - now
            came.append(now)
            if len(self._came) > _MANY:
                self._came = {one: at for one, at in self._came.items() if at and at[-1] > now - self._within}
            return timedelta()
