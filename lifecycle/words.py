"""How days and lists are said, in English, whatever the locale of the machine."""

from collections.abc import Iterable
from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def spoken(day: date) -> str:
    """``31 Jan 2027``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def weekday(day: date) -> str:
    """``Sunday``."""
    return WEEKDAYS[day.weekday()]


def listed(words: Iterable[str]) -> str:
    """``a, b or c``; one word is itself, none is ``nothing``."""
    *most, last = tuple(words) or ("nothing",)
    return f"{', '.join(most)} or {last}" if most else last


def shown(text: str, limit: int = 60) -> str:
    """What somebody wrote, quoted, cut after *limit* characters and on one line."""
    line = " ".join(text.split())
    return f'"{line[: limit - 1]}…"' if len(line) > limit else f'"{line}"'
