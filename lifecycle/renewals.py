"""The terms of an agreement: which day is the first, which the last, how many there are.

Every last day is counted from an anchor, never from the term before: ``initial + renewal * k`` from the first day
where the initial period is made of years and months, else ``renewal * k`` from the day after the initial last day. A
term whose last day was agreed by hand (an extension) is a new anchor. Terms tile: each begins the day after the last.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from lifecycle.bounds import Bound, bound, lasting
from lifecycle.dates import Period, last_day
from lifecycle.errors import CalendarRequired, DayOutOfRange, NoSuchTerm
from lifecycle.provisions import EarlierOf, End, EndConvention, Extension, Lasting, LaterOf, RenewalKind, Terms
from lifecycle.seeking import days_on, first_number, mean_days, months_long

_ONE_DAY = timedelta(days=1)
_FROM_FIRST_DAY = {None, EndConvention.ANNIVERSARY, EndConvention.DAY_BEFORE}


class Term(NamedTuple):
    """One run of the agreement, first and last day inside; *last_on* None: open-ended, or not known yet."""

    number: int
    first_on: date
    last_on: date | None

    @property
    def expires_on(self) -> date | None:
        """The day on which expiry takes effect: the day after the last."""
        return self.last_on and self.last_on + _ONE_DAY


class Course:
    """How the last days of the terms follow from one another, worked out once for each value of Terms.

    *other* is the course by the ANNIVERSARY reading where no convention is stated and that changes a day.
    """

    __slots__ = (
        "_days",
        "bound",
        "convention",
        "extensions",
        "from_on",
        "initial",
        "most",
        "other",
        "problems",
        "readings",
        "renewal",
    )

    def __init__(self, terms: Terms, convention: EndConvention | None) -> None:
        """Raises DayOutOfRange where the initial term leaves the years 1900 to 2200."""
        end = terms.end
        self.convention = convention
        self.bound: Bound = bound(terms, convention)
        self.from_on: date = (end.from_on if isinstance(end, Lasting) else None) or terms.effective_on
        self.initial: Period | None = _months_alone(end, convention)
        self.renewal: Period | None = _step(terms.renewal.period or _length(end))
        self.extensions: tuple[Extension, ...] = tuple(sorted(terms.extensions, key=lambda each: each.number))
        self.most: int | None = self._most(terms)
        self.other: Course | None = None
        self.problems: Any = None  # kept by ``lifecycle.problems``
        self.readings: dict[int, Any] = {}  # kept by ``lifecycle.term_readings``: each is asked for by several windows
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


def course(terms: Terms) -> Course:
    """The course of *terms*, kept beside them."""
    try:
        kept: Course = terms._kept  # noqa: SLF001 - the slot is made for it
    except AttributeError:
        kept = _course(terms)
        object.__setattr__(terms, "_kept", kept)
    return kept


def initial_end(terms: Terms) -> Bound:
    """What is known of the last day of term 0; facts that are awaited are named."""
    return course(terms).bound


def last_number(terms: Terms) -> int | None:
    """The number of the last term that is certain to come if nobody acts; None: there is no last one."""
    last = last_certain(terms)
    if terms.ended is None or initial_end(terms).last_on is None:
        return last
    return number_on(terms, terms.ended.last_on, last)


def most_terms(terms: Terms) -> int | None:
    """The number of the last term that may ever come, renewals that are still open included; None: no last one."""
    return course(terms).most


def last_certain(terms: Terms) -> int | None:
    """As ``most_terms``, less the renewals that somebody still has to bring about; no matter what ended early."""
    most = most_terms(terms)
    if terms.renewal.kind in {RenewalKind.AUTOMATIC, RenewalKind.NEVER}:
        return most
    certain = max(terms.renewed_to, max((each.number for each in terms.extensions), default=0))
    return certain if most is None else min(certain, most)


def may_renew(terms: Terms, number: int) -> bool:
    """Whether another term may follow term *number*, as it was agreed; only a term with a known end is followed."""
    if terms.renewal.kind is RenewalKind.NEVER:
        return False
    known = initial_end(terms)
    most = terms.renewal.most
    return (known.last_on or known.not_before_on) is not None and (most is None or number < most)


def term(terms: Terms, number: int) -> Term:
    """Term *number*, cut short by ``terms.ended``.

    Raises NoSuchTerm beyond the last renewal, or beyond one that is not yet certain; DayOutOfRange after 2200.
    """
    last = last_number(terms)
    if number < 0 or (last is not None and number > last):
        raise NoSuchTerm(number, last or 0)
    uncut = prospective(terms, number)
    if terms.ended is None or (uncut.last_on is not None and uncut.last_on <= terms.ended.last_on):
        return uncut
    return Term(number, uncut.first_on, terms.ended.last_on)


def prospective(terms: Terms, number: int) -> Term:
    """Term *number* as it was agreed, or as it would be if the agreement renewed so often.

    Neither an end that has come early nor a renewal that is not yet certain matters. Raises NoSuchTerm beyond the
    most renewals that are possible.
    """
    most = most_terms(terms)
    if number < 0 or (most is not None and number > most):
        raise NoSuchTerm(number, most or 0)
    counted = course(terms)
    if number == 0:
        return Term(0, terms.effective_on, counted.last_on(0) if counted.bound.last_on else None)
    return Term(number, counted.last_on(number - 1) + _ONE_DAY, counted.last_on(number))


def term_on(terms: Terms, day: date) -> Term | None:
    """The term that is running on *day*; None before the first, after the last, and after the end."""
    if day < terms.effective_on or (terms.ended is not None and day > terms.ended.last_on):
        return None
    if initial_end(terms).last_on is None:
        return term(terms, 0)
    last = last_certain(terms)
    number = number_on(terms, day, last)
    return None if last is not None and number == last and day > course(terms).last_on(last) else term(terms, number)


def number_near(terms: Terms, day: date) -> int:
    """A guess at the number of the term that runs on *day*, from the mean length of a renewal; for searches."""
    counted = course(terms)
    anchor = counted.extensions[-1] if counted.extensions else None
    anchor_on = anchor.last_on if anchor else counted.bound.last_on
    if anchor_on is None or counted.renewal is None or day <= anchor_on:
        return 0
    length = mean_days(counted.renewal) or 1.0
    return (anchor.number if anchor else 0) + 1 + int((day - anchor_on).days / length)


def count(terms: Terms, first_number: int = 0) -> Iterator[Term]:
    """The terms from *first_number* on, one at a time; the last is the last one, or the last that ends by 2200."""
    number = first_number
    while True:
        try:
            yield term(terms, number)
        except (NoSuchTerm, DayOutOfRange):
            return
        number += 1


def _course(terms: Terms) -> Course:
    counted = Course(terms, terms.convention)
    if terms.convention is None and _has_length(terms.end):
        other = Course(terms, EndConvention.ANNIVERSARY)
        counted.other = other
    return counted


def number_on(terms: Terms, day: date, last: int | None) -> int:
    """The number of the term that holds *day*; the *last* one for a day after it."""
    found = first_number(course(terms).last_on, day, guess=number_near(terms, day), high=last)
    return found if last is None else min(found, last)


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
