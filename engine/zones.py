"""Time zones by name; the standard library keeps each of them once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def zone(name: str) -> ZoneInfo:
    """The time zone of a name, ``Europe/Berlin``."""
    return ZoneInfo(name)


def midnight(day: date, name: str) -> datetime:
    """The first instant of a day in a zone, in UTC."""
    return datetime.combine(day, time.min, zone(name)).astimezone(UTC)


@cache
def names() -> tuple[str, ...]:
    """The zones that people choose from: places, by name."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))
