"""What somebody says has happened is no day to come: a slip in the year would end a deadline years too early."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from lifecycle.errors import LifecycleError
from lifecycle.words import spoken

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work

_EASTERNMOST: Final = timedelta(hours=14)  # a day begins first on Kiritimati, UTC+14


class NotYet(LifecycleError):
    """Something is said to have happened on a day that is still ahead."""

    code = "not-yet"

    def __init__(self, what: str, on: date) -> None:
        super().__init__(
            f"{what} on {spoken(on)}: that day is still ahead.",
            remedy="Check the year, or record it once it has happened.",
        )


def check_begun(work: Work, on: date, what: str) -> None:
    """Raises NotYet for a day that has begun nowhere on earth."""
    if on > (work.now + _EASTERNMOST).date():
        raise NotYet(what, on)
