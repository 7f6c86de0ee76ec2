"""How days and lists are said, in English, whatever the locale of the machine."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import Final

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST: Final = 200  # letters of a word that is likely to be a slip of another one


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


def nearest(text: str, words: Iterable[str]) -> str:
    """The one of *words* that *text* was likely meant to be, whatever its case; "" where none is like it."""
    there = {word.casefold(): word for word in words}
    found = get_close_matches(text.strip().casefold()[:_LONGEST], there, n=1)
    return there[found[0]] if found else ""


def did_you_mean(text: str, words: Iterable[str]) -> str:
    """``Did you mean notice? ``, to stand before a remedy; "" where no word is like it."""
    meant = nearest(text, words)
    return f"Did you mean {meant}? " if meant else ""
