"""What the last safe day hangs on: the deadline of a notice derived again with one fact changed.

Facts that were only assumed lead; then the largest move. A move is in calendar days, negative is earlier.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from lifecycle.counting.derivation import Sensitivity
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Counting
from lifecycle.terms.course import Course, course
from lifecycle.terms.leaving_days import WayOut, way_out
from lifecycle.terms.provisions import CountsAs, EndConvention, ForConvenience, Notice, Terms
from lifecycle.terms.reckoning import Reckoning
from lifecycle.terms.windows import Window, window_of

_CONVENTIONS = (EndConvention.DAY_BEFORE, EndConvention.ANNIVERSARY)
_Clause = TypeVar("_Clause", Notice, ForConvenience)


def sensitivity(terms: Terms, window: Window, by: Reckoning) -> tuple[Sensitivity, ...]:
    """How far ``window.safe_on`` moves if another fact held. *by* must be what the window was derived by."""
    found = []
    for fact, instead, is_assumed, variant, reckoning in _variants(terms, window, by):
        other = window_of(variant, window.term.number, window.index, reckoning, side=window.side)
        found.append((is_assumed, Sensitivity(fact, instead, (other.safe_on - window.safe_on).days)))
    return _in_order(found)


def sensitivity_of_leaving(leave: ForConvenience, way: WayOut, by: Reckoning) -> tuple[Sensitivity, ...]:
    """The same of a right to leave to set days, whose ends are days of the calendar and hang on nothing."""

    def moved(changed: ForConvenience, reckoning: Reckoning) -> int:
        return (way_out(changed, way.last_on, reckoning).reading.safe_on - way.reading.safe_on).days

    found = [
        (is_assumed, Sensitivity(fact, instead, moved(changed, by)))
        for fact, instead, is_assumed, changed in _notices(leave, by)
    ]
    found += [
        (is_assumed, Sensitivity(fact, instead, moved(leave, reckoning)))
        for fact, instead, is_assumed, reckoning in _calendars(way.reading.assumptions, by)
    ]
    return _in_order(found)


def _in_order(found: list[tuple[bool, Sensitivity]]) -> tuple[Sensitivity, ...]:
    """What is assumed first, then by the size of the move."""
    return tuple(one for _, one in sorted(found, key=lambda each: (not each[0], -abs(each[1].moves_safe_by))))


def _variants(terms: Terms, window: Window, by: Reckoning) -> Iterator[tuple[str, str, bool, Terms, Reckoning]]:
    """Fact, its other value, whether it is assumed, and what to derive from."""
    if window.notice is not None and window.index is not None:
        for fact, instead, is_assumed, notice in _notices(window.notice, by):
            yield fact, instead, is_assumed, _with_notice(terms, window.index, notice), by
    for convention in _conventions(terms, course(terms)):
        variant = replace(terms, convention=convention)
        yield "convention", convention.value, terms.convention is None, variant, by
    for fact, instead, is_assumed, reckoning in _calendars(window.reading.assumptions, by):
        yield fact, instead, is_assumed, terms, reckoning


def _calendars(assumptions: tuple[str, ...], by: Reckoning) -> Iterator[tuple[str, str, bool, Reckoning]]:
    if by.calendar != SAT_SUN:
        yield "calendar", SAT_SUN.code, "national-calendar" in assumptions, replace(by, calendar=SAT_SUN)


def _notices(notice: _Clause, by: Reckoning) -> Iterator[tuple[str, str, bool, _Clause]]:
    assumed = notice.counts_as is None
    now = notice.counts_as or CountsAs.RECEIVED
    others = [CountsAs.RECEIVED] if now is CountsAs.SENT else [CountsAs.SENT]
    for counts_as in others:
        yield "counts_as", counts_as.value, assumed, replace(notice, counts_as=counts_as)
    usual = by.rules.counting_at_least if notice.at_least else by.rules.counting
    counting = notice.counting or usual
    for other in (Counting.PLAIN, Counting.CLEAR):
        if other is not counting:
            yield "counting", other.value, False, replace(notice, counting=other)


def _conventions(terms: Terms, counted: Course) -> Iterator[EndConvention]:
    """The conventions that are not the one in use, if the end is counted and not stated."""
    if terms.convention not in {None, *_CONVENTIONS} or counted.bound.waiting_for:
        return
    if terms.convention is None and counted.other is None:
        return
    for convention in _CONVENTIONS:
        if convention is not terms.convention:
            yield convention


def _with_notice(terms: Terms, index: int, notice: Notice) -> Terms:
    notices = (*terms.notices[:index], notice, *terms.notices[index + 1 :])
    return replace(terms, notices=notices)
