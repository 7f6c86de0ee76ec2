"""How the last days of the terms follow from one another.

Every last day is counted from an anchor, never from the term before: ``initial + renewal * k`` from the first day
where the initial period is made of years and months, else ``renewal * k`` from the day after the initial last day. A
term whose last day was agreed by hand (an extension) is a new anchor. Terms tile: each begins the day after the last.
"""

from datetime import date, timedelta
from typing import Any

from lifecycle.counting.seeking import days_on, months_long
from lifecycle.days.dates import Period, last_day
from lifecycle.errors import CalendarRequired, NoSuchTerm
from lifecycle.terms.bounds import Bound, bound, lasting
from lifecycle.terms.provisions import EarlierOf, End, EndConvention, Extension, Lasting, LaterOf, RenewalKind, Terms

_ONE_DAY = timedelta(days=1)
_FROM_FIRST_DAY = {None, EndConvention.ANNIVERSARY, EndConvention.DAY_BEFORE}


class Course:
    """How the last days of the terms follow from one another, worked out once for each value of Terms.

    *other* is the course by the ANNIVERSARY reading where no convention is stated and that changes a day.
    """

    __slots__ = (
        "_days",
        "bound",
        "convention",
        "end",
        "extensions",
        "from_on",
        "initial",
        "most",
        "other",
        "renewal",
        "renewed_by",
    )

    def __init__(self, terms: Terms, convention: EndConvention | None) -> None:
        """Raises DayOutOfRange where the initial term leaves the years 1900 to 2200."""
        end = terms.end
        self.end, self.renewed_by = end, terms.renewal.clause
        self.convention = convention
        self.bound: Bound = bound(terms, convention)
        self.from_on: date = (end.from_on if isinstance(end, Lasting) else None) or terms.effective_on
        self.initial: Period | None = _months_alone(end, convention)
        self.renewal: Period | None = _step(terms.renewal.period or _length(end))
        self.extensions: tuple[Extension, ...] = tuple(sorted(terms.extensions, key=lambda each: each.number))
        self.most: int | None = self._most(terms)
        self.other: Course | None = None
        self._days: dict[int, date] = {}

    def _most(self, terms: Terms) -> int | None:
        by_hand = max((each.number for each in terms.extensions), default=0)
        if terms.renewal.kind is RenewalKind.NEVER or self.renewal is None or self.bound.last_on is None:
            return by_hand
        return None if terms.renewal.most is None else max(terms.renewal.most, by_hand)

    def last_on(self, number: int) -> date:
        """The last day of term *number*, whether or not the agreement renews so often.

        Raises NoSuchTerm where the initial last day or the length of a renewal is not known.
        """
        if number not in self._days:
            self._days[number] = self._last_on(number)
        return self._days[number]

    def _last_on(self, number: int) -> date:
        if self.extensions and (stated := self.extension(number)):
            return self._counted(stated.last_on, number - stated.number)
        if self.initial is not None and number:
            return self._from_first_day(self.initial, number)
        return self._counted(self._initial_on(), number)

    def extension(self, number: int) -> Extension | None:
        if not self.extensions:
            return None
        return next((each for each in reversed(self.extensions) if each.number <= number), None)

    def _counted(self, anchor_on: date, times: int) -> date:
        """The last day of *times* renewals that begin the day after *anchor_on*."""
        if not times:
            return anchor_on
        step = self._step()
        last_on = last_day(anchor_on + _ONE_DAY, months_long(step.total_months * times))
        return days_on(last_on, step.total_days * times) if step.total_days else last_on

    def _from_first_day(self, initial: Period, times: int) -> date:
        step = self._step()
        months = months_long(initial.total_months + step.total_months * times)
        last_on = lasting(self.from_on, months, self.convention)
        return days_on(last_on, step.total_days * times) if step.total_days else last_on

    def _step(self) -> Period:
        if self.renewal is None:
            raise NoSuchTerm(1, 0)
        if self.renewal.business_days:
            raise CalendarRequired(str(self.renewal))
        return self.renewal

    def _initial_on(self) -> date:
        if self.bound.last_on is None:
            raise NoSuchTerm(1, 0)
        return self.bound.last_on


class Found:
    """What was found out of terms so far. Nothing in it may lead back to the terms, so that all goes with them."""

    __slots__ = ("chosen", "course", "problems", "readings", "windows")

    def __init__(self, course: Course) -> None:
        self.course = course
        self.problems: Any = None  # kept by ``problems``
        self.readings: dict[int, Any] = {}  # kept by ``term_readings``: each is asked for by several windows
        self.windows: dict[int, Any] = {}  # kept by ``windows``: of each term those that were found last
        self.chosen: dict[bool, Any] = {}  # kept by ``governing``: the notices of term 0, and of all others


def found(terms: Terms) -> Found:
    """What was found out of *terms*, kept beside them."""
    try:
        kept: Found = terms._kept  # noqa: SLF001 - the slot is made for it
    except AttributeError:
        kept = Found(_course(terms))
        object.__setattr__(terms, "_kept", kept)
    return kept


def course(terms: Terms) -> Course:
    """The course of *terms*, worked out once."""
    return found(terms).course


def _course(terms: Terms) -> Course:
    counted = Course(terms, terms.convention)
    if terms.convention is None and _has_length(terms.end):
        other = Course(terms, EndConvention.ANNIVERSARY)
        counted.other = other
    return counted


def _months_alone(end: End, convention: EndConvention | None) -> Period | None:
    """The initial period where later terms are counted from the first day (DATES.md T4)."""
    alone = isinstance(end, Lasting) and end.period.only_months and convention in _FROM_FIRST_DAY
    return end.period if alone and isinstance(end, Lasting) else None


def _step(length: Period | None) -> Period | None:
    """The length of a renewal; none where it would renew for ever on one day."""
    moves = length is not None and (length.total_months or length.total_days or length.business_days)
    return length if moves else None


def _length(end: End) -> Period | None:
    return end.period if isinstance(end, Lasting) and not end.period.is_zero else None


def _has_length(end: End) -> bool:
    match end:
        case Lasting():
            return True
        case EarlierOf() | LaterOf():
            return any(_has_length(each) for each in end.ends)
        case _:
            return False
