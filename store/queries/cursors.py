"""Cursors: the place in a list behind which the next page begins, as text that means nothing to its reader."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date

from lifecycle.errors import LifecycleError


class CursorRefused(LifecycleError):
    """A place in a list that no list has given out."""

    code = "usage"

    def __init__(self) -> None:
        super().__init__("This place in the list is not known.", remedy="Begin at the first page.")


def cursor_of(on: date, key: str) -> str:
    """The cursor of the row with this day and, among those of the day, this *key*."""
    return urlsafe_b64encode(f"{on.isoformat()}\n{key}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> tuple[date, str]:
    """The day and the key of a cursor. Raises CursorRefused."""
    try:
        day, line, key = urlsafe_b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}").decode().partition("\n")
        on = date.fromisoformat(day)
    except ValueError:
        raise CursorRefused from None
    if not line:
        raise CursorRefused
    return on, key
