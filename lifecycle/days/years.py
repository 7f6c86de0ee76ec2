"""The years of every calendar, 1900 to 2200: nothing can be counted from a day outside them.

Who writes 9999-12-31 means: without end.
"""

from datetime import date

from lifecycle.errors import FIRST_YEAR, LAST_YEAR, DayOutOfRange

FIRST_DAY = date(FIRST_YEAR, 1, 1)
LAST_DAY = date(LAST_YEAR, 12, 31)


def is_within(day: date) -> bool:
    """Whether *day* lies in these years."""
    return FIRST_DAY <= day <= LAST_DAY


def nearest(day: date) -> date:
    """*day*; the first or last day of these years where it lies outside them."""
    return min(max(day, FIRST_DAY), LAST_DAY)


def must_be_within(*days: date | None) -> None:
    """Raises DayOutOfRange for the first of *days* that lies outside these years; None is no day."""
    for day in days:
        if day is not None and not is_within(day):
            raise DayOutOfRange(day)
