"""Time zones by name; the standard library keeps each of them once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def zone(name: str) -> ZoneInfo:
    """The time zone of a name, ``Europe/Berlin``."""
    return ZoneInfo(name)


def midnight(day: date, name: str) -> datetime:
    """The first instant of a day in a zone, in UTC."""
    return datetime.combine(day, time.min, zone(name)).astimezone(UTC)
