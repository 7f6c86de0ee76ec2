"""Time zones by name; the standard library keeps each of them once."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from lifecycle.days.instants import hour_at


def zone(name: str) -> ZoneInfo:
    """The time zone of a name, ``Europe/Berlin``."""
    return ZoneInfo(name)


@lru_cache(maxsize=1 << 10)  # all that is done in a transaction is done at one instant, mostly in a few zones
def day_at(at: datetime, name: str) -> date:
    """The day that it is at an instant in a zone."""
    return at.astimezone(zone(name)).date()


@lru_cache(maxsize=1 << 10)
def instant(day: date, at: time, name: str) -> datetime:
    """An hour of a day in a zone, in UTC: of two equal local times the first, in a gap by the offset before it."""
    return hour_at(day, at, zone(name))


def midnight(day: date, name: str) -> datetime:
    """The first instant of a day in a zone, in UTC."""
    return instant(day, time.min, name)


@cache
def names() -> tuple[str, ...]:
    """The zones that people choose from: places, by name."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))
