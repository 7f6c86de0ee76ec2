"""When a duty is due, in words: so long before or after a turning point, or after each month, quarter or year.

"30 days after last-day"; "30 days after the end of each calendar quarter". Periods are those of the calendar, so they
never drift, as days counted from a day would: 30 days after February and after March are no month apart.
"""

import re
from datetime import date
from typing import ClassVar, Final

from lifecycle.days.dates import Period, parse_period
from lifecycle.errors import LifecycleError
from lifecycle.obligations.duties import Basis, Direction, Due, Offset, OffsetFrom, Recurrence
from lifecycle.words import listed, shown

_PARTS: Final = re.compile(r"(?P<length>.+?)\s+(?P<direction>before|after)\s+(?P<what>.+)", re.IGNORECASE)
_OF_CALENDAR: Final = re.compile(
    r"(?:the\s+)?(?:(?:end|last\s+day)\s+of\s+)?(?:(?:each|every|any|a|the)\s+)?(?:calendar\s+)?(?P<period>month|quarter|year)"
    r"(?:[\s-]end)?",
    re.IGNORECASE,
)
_PERIODS: Final = {
    "month": (Basis.MONTH, Period(months=1)),
    "quarter": (Basis.QUARTER, Period(months=3)),
    "year": (Basis.YEAR, Period(years=1)),
}


class DueNotUnderstood(LifecycleError):
    """Words that name no turning point and no period of the calendar."""

    code: ClassVar[str] = "due-not-understood"

    def __init__(self, text: str) -> None:
        points = listed([*OffsetFrom, *(f"each {name}" for name in _PERIODS)])
        super().__init__(
            f"{shown(text)} does not say when it is due.", remedy=f'Write "30 days after last-day"; it knows {points}.'
        )


def due_in_words(text: str, begins_on: date) -> Due:
    """When a duty of an agreement that begins on *begins_on* is due.

    Raises DueNotUnderstood, PeriodError for its length.
    """
    found = _PARTS.fullmatch(" ".join(text.split()))
    if found is None:
        raise DueNotUnderstood(text)
    what, direction = found["what"].casefold(), Direction(found["direction"].casefold())
    period = parse_period(found["length"]).period
    calendar = _OF_CALENDAR.fullmatch(what)
    if period is None or (what not in set(OffsetFrom) and (calendar is None or direction is Direction.BEFORE)):
        raise DueNotUnderstood(text)
    if calendar is None:
        return Offset(period, direction, OffsetFrom(what))
    basis, every = _PERIODS[calendar["period"].casefold()]
    return Recurrence(every, begins_on, basis, due_after=period)
