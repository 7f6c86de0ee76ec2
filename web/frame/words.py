"""How pages write instants and names: ``Mon 23 Nov 2026, 09:30 CET``, in the zone of whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from notifiers.wording import day

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

_HYPHENED: Final = {"know-how": "Know-how"}


def instant(at: datetime, zone: ZoneInfo) -> str:
    """``Mon 23 Nov 2026, 09:30 CET``."""
    there = at.astimezone(zone)
    return f"{day(there.date())}, {there:%H:%M %Z}"


def clock_time(at: datetime, zone: ZoneInfo) -> str:
    """``09:30``."""
    return f"{at.astimezone(zone):%H:%M}"


def grouped(number: int | str) -> str:
    """``10000`` as ``10,000``; what is words already stays so."""
    return number if isinstance(number, str) else f"{number:,}"


def readable(name: str) -> str:
    """``under_notice`` as ``Under notice``; what is written with a hyphen keeps it."""
    return _HYPHENED.get(name) or name.replace("_", " ").replace("-", " ").capitalize()
