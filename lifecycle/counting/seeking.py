"""The first of numbered days that reaches a day, found by division and not by walking.

*value* of a number is a day that never goes back as the number grows. A good guess costs two looks, a bad one the
logarithm of its error. Days that are out of range, or that do not exist, count as reached.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from lifecycle.days.calendars import FIRST_DAY, LAST_DAY
from lifecycle.days.dates import Period
from lifecycle.errors import DayOutOfRange, NoSuchTerm

_FIRST, _LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
_DAYS_A_MONTH = 30.436875  # of the Gregorian calendar, on average
_DAYS_A_BUSINESS_DAY = 1.4


def days_on(day: date, days: int) -> date:
    """*days* after *day*; a period holds a century of days at most, a series may be longer. Raises DayOutOfRange."""
    ordinal = day.toordinal() + days
    if not _FIRST <= ordinal <= _LAST:
        raise DayOutOfRange(f"{days} days from {day.isoformat()}")
    return date.fromordinal(ordinal)


@lru_cache(maxsize=1024)
def months_long(number: int) -> Period:
    """*number* months; series ask for the same few over and over."""
    return Period(months=number)


def mean_days(period: Period) -> float:
    """About how many days *period* has; good for guesses alone."""
    return period.total_months * _DAYS_A_MONTH + period.total_days + period.business_days * _DAYS_A_BUSINESS_DAY


def first_number(value: Callable[[int], date], day: date, *, guess: int, low: int = 0, high: int | None = None) -> int:
    """The smallest number from *low* on whose value is *day* or later; *high* + 1 where none up to *high* is."""

    def reached(number: int) -> bool:
        if high is not None and number > high:
            return True
        try:
            return value(number) >= day
        except (DayOutOfRange, NoSuchTerm):
            return True

    below, at = _bracket(reached, max(guess, low), low)
    while at - below > 1:
        middle = (below + at) // 2
        below, at = (below, middle) if reached(middle) else (middle, at)
    return at


def _bracket(reached: Callable[[int], bool], guess: int, low: int) -> tuple[int, int]:
    """A number that does not reach (or *low* - 1) and one above it that does, in steps that double."""
    width, at = 1, guess
    if reached(at):
        while at > low and reached(max(low, at - width)):
            at = max(low, at - width)
            width *= 2
        return max(low - 1, at - width), at
    while not reached(at + width):
        at += width
        width *= 2
    return at, at + width
