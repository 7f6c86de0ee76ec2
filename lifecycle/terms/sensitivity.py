"""What the last safe day hangs on: the window derived again with one fact changed.

Facts that were only assumed lead; then the largest move. A move is in calendar days, negative is earlier.
"""

from collections.abc import Iterator
from dataclasses import replace

from lifecycle.counting.derivation import Sensitivity
from lifecycle.days.calendars import SAT_SUN
from lifecycle.days.dates import Counting
from lifecycle.terms.course import Course, course
from lifecycle.terms.provisions import CountsAs, EndConvention, Notice, Terms
from lifecycle.terms.reckoning import Reckoning
from lifecycle.terms.windows import Window, window_of

_CONVENTIONS = (EndConvention.DAY_BEFORE, EndConvention.ANNIVERSARY)


def sensitivity(terms: Terms, window: Window, by: Reckoning) -> tuple[Sensitivity, ...]:
    """How far ``window.safe_on`` moves if another fact held. *by* must be what the window was derived by."""
    assumed: list[Sensitivity] = []
    stated: list[Sensitivity] = []
    for fact, instead, is_assumed, variant, reckoning in _variants(terms, window, by):
        other = window_of(variant, window.term.number, window.index, reckoning, side=window.side)
        found = Sensitivity(fact, instead, (other.safe_on - window.safe_on).days)
        (assumed if is_assumed else stated).append(found)
    return (*sorted(assumed, key=_size), *sorted(stated, key=_size))


def _size(found: Sensitivity) -> int:
    return -abs(found.moves_safe_by)


def _variants(terms: Terms, window: Window, by: Reckoning) -> Iterator[tuple[str, str, bool, Terms, Reckoning]]:
    """Fact, its other value, whether it is assumed, and what to derive from."""
    if window.notice is not None and window.index is not None:
        for fact, instead, is_assumed, notice in _notices(window.notice, by):
            yield fact, instead, is_assumed, _with_notice(terms, window.index, notice), by
    for convention in _conventions(terms, course(terms)):
        variant = replace(terms, convention=convention)
        yield "convention", convention.value, terms.convention is None, variant, by
    if by.calendar != SAT_SUN:
        assumed = "national-calendar" in window.reading.assumptions
        yield "calendar", SAT_SUN.code, assumed, terms, replace(by, calendar=SAT_SUN)


def _notices(notice: Notice, by: Reckoning) -> Iterator[tuple[str, str, bool, Notice]]:
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
