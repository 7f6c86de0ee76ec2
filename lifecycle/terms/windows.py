"""Windows: from which day to which a renewal can be stopped, asked for or signed.

The act follows from the renewal: AUTOMATIC, notice that it shall not renew; BY_OPTION, the holder's notice that it
shall; BY_AGREEMENT, two signatures by the last day. A window belongs to the term that it ends; a term after which no
other may come has none. Windows are found by division and made one at a time.
"""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from enum import StrEnum
from heapq import merge
from itertools import count, takewhile
from typing import NamedTuple

from lifecycle.counting.derivation import Clause, DerivationStep, Reading, Source
from lifecycle.counting.rules import RuleSet, deadline_before
from lifecycle.counting.seeking import first_number, mean_days
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period, before
from lifecycle.errors import DayOutOfRange, NoSuchTerm
from lifecycle.terms.course import course, found
from lifecycle.terms.governing import chosen, chosen_notices, sides_of
from lifecycle.terms.provisions import Notice, RenewalKind, Side, Terms
from lifecycle.terms.reckoning import Reckoning, counted_back
from lifecycle.terms.renewals import Term, initial_end, last_certain, may_renew, number_near, prospective
from lifecycle.terms.term_readings import ends_of, signing

_ONE_DAY = timedelta(days=1)
_ZERO = Period()


class Act(StrEnum):
    """What has to be done in a window."""

    NOT_RENEW = "not-renew"
    RENEW = "renew"
    SIGN = "sign"


class WindowState(StrEnum):
    """Where a day lies beside a window."""

    NOT_OPEN = "not-open"
    OPEN = "open"
    ARGUABLE = "arguable"  # the last safe day is over, the latest arguable one is not
    MISSED = "missed"


ACTS = {
    RenewalKind.AUTOMATIC: Act.NOT_RENEW,
    RenewalKind.BY_OPTION: Act.RENEW,
    RenewalKind.BY_AGREEMENT: Act.SIGN,
}


class _Reach(NamedTuple):
    """The terms that a notice governs: the initial one, the renewals (no *high*), or all."""

    low: int
    high: int | None


class Window(NamedTuple):
    """When *side* may act on the renewal of *term*; ours is a deadline, theirs a marker.

    It opens on *opens_on* (None: it is open from the first) and closes on ``reading.safe_on``; *cutoff* stands beside
    that day, in the agreement's zone. *index* is the place of *notice* among the notices of the terms. A notice that
    counts before *void_before_on* is too early by every reading.
    """

    term: Term
    side: Side
    act: Act
    opens_on: date | None
    reading: Reading
    target_on: date
    cutoff: time | None = None
    notice: Notice | None = None
    index: int | None = None  # type: ignore[assignment]  # not the method of tuples
    void_before_on: date | None = None

    @property
    def safe_on(self) -> date:
        """The last day on which it is safe to act."""
        return self.reading.safe_on

    @property
    def subject(self) -> str:
        """``n1`` for the first notice, ``term`` for a signature."""
        return "term" if self.index is None else f"n{self.index + 1}"

    @property
    def clause(self) -> Clause | None:
        """Where the notice is written."""
        return self.notice.clause if self.notice else None

    def state(self, today: date) -> WindowState:
        """Where *today* lies."""
        if self.opens_on is not None and today < self.opens_on:
            return WindowState.NOT_OPEN
        if today <= self.reading.safe_on:
            return WindowState.OPEN
        return WindowState.ARGUABLE if today <= self.reading.latest_on else WindowState.MISSED


def windows(  # noqa: PLR0913 - a span and a reckoning, each part by its name
    terms: Terms,
    side: Side,
    *,
    from_on: date,
    until_on: date,
    rules: RuleSet,
    calendar: BusinessCalendar,
    buffer: Period = _ZERO,
) -> tuple[Window, ...]:
    """The windows of *side* whose last safe day lies in [*from_on*, *until_on*], in order."""
    by = Reckoning(rules=rules, calendar=calendar, buffer=buffer)
    return tuple(takewhile(lambda window: window.safe_on <= until_on, windows_from(terms, side, from_on, by)))


def next_window(  # noqa: PLR0913 - a day and a reckoning, each part by its name
    terms: Terms, side: Side, today: date, *, rules: RuleSet, calendar: BusinessCalendar, buffer: Period = _ZERO
) -> Window | None:
    """The first window of *side* that does not close before *today*."""
    return next(windows_from(terms, side, today, Reckoning(rules=rules, calendar=calendar, buffer=buffer)), None)


def windows_from(terms: Terms, side: Side, from_on: date, by: Reckoning) -> Iterator[Window]:
    """The windows of *side* that close on *from_on* or later, one at a time, in the order in which they close."""
    sides = (Side.OURS, Side.THEIRS) if side is Side.EITHER else (side,)
    lanes = [lane for each in sides for lane in _lanes(terms, each, from_on, by)]
    open_lanes = [(window for window in lane if window.safe_on >= from_on) for lane in lanes]
    return open_lanes[0] if len(open_lanes) == 1 else merge(*open_lanes, key=lambda window: window.safe_on)


def windows_of(terms: Terms, number: int, side: Side, by: Reckoning) -> tuple[Window, ...]:
    """The windows of *side* in term *number*, whether or not it has ended meanwhile; none if no other may follow."""
    if not may_renew(terms, number):
        return ()
    return tuple(window_of(terms, number, index, by, side=side) for index in chosen(terms, side, number))


def windows_in(terms: Terms, term: Term, by: Reckoning) -> tuple[Window, ...]:
    """The windows in a term as it was agreed, ours and those that are theirs alone; none if no other may follow.

    Kept beside the terms: agreements that share their terms share their windows.
    """
    if not may_renew(terms, term.number):
        return ()
    kept = found(terms).windows
    known: tuple[Term, Reckoning, tuple[Window, ...]] | None = kept.get(term.number)
    if known is None or known[:2] != (term, by):
        made = tuple([window_of(terms, term, index, by, side=side) for index, side in sides_of(terms, term.number)])
        known = kept[term.number] = (term, by, made)
    return known[2]


def window_of(
    terms: Terms, term: Term | int, notice_index: int | None, by: Reckoning, *, side: Side = Side.OURS
) -> Window:
    """The window of one notice (None: of the signature) in one term, whether or not it still matters.

    Raises NoSuchTerm for a term beyond the last possible one, and where nothing is known of its last day.
    """
    run = prospective(terms, term) if isinstance(term, int) else term
    if notice_index is None:
        reading, target_on = signing(terms, run.number, by)
        return Window(run, side, Act.SIGN, None, reading, target_on)
    notice = terms.notices[notice_index]
    ends, flags = ends_of(terms, run.number)
    reading, target_on = counted_back(notice, ends, by, flags)
    act = ACTS.get(terms.renewal.kind, Act.NOT_RENEW)
    void_before_on, opens_on = _opening(notice, [on for on, _ in ends], by) if notice.opens else (None, None)
    if opens_on is not None:
        opens_on = min(opens_on, reading.safe_on)
    method = notice.method or by.method
    cutoff = method.cutoff if method else None
    return Window(run, side, act, opens_on, reading, target_on, cutoff, notice, notice_index, void_before_on)


def opening_steps(window: Window) -> tuple[DerivationStep, ...]:
    """How the first day on which notice may be given follows from the last day in force; none where it is open."""
    notice, last_on = window.notice, window.term.last_on
    if window.opens_on is None or last_on is None or notice is None or notice.opens is None:
        return ()
    inputs = (("period", notice.opens.code), ("void_before", str(window.void_before_on)))
    text = f"at most {notice.opens} before, a business day by every reading; earlier notice is void"
    return (DerivationStep("opens", last_on, window.opens_on, inputs, text, Source.AGREEMENT, notice.clause),)


def _opening(notice: Notice, ends: list[date], by: Reckoning) -> tuple[date, date]:
    """The earliest reading of the opening edge, before which a notice is void, and the latest, on a business day.

    Between the two somebody may say that it came too early.
    """
    period = notice.opens or _ZERO
    readings = [
        deadline_before(end, period, rules=by.rules, calendar=by.calendar, counting=notice.counting) for end in ends
    ]
    earliest_on = min(reading.safe_on for reading in readings)
    return earliest_on, by.calendar.next(max(reading.latest_on for reading in readings))


def _lanes(terms: Terms, side: Side, from_on: date, by: Reckoning) -> list[Iterator[Window]]:
    """One series of windows for each notice; within a series safe days only grow.

    The initial term is a series of its own, as its notice may be another. An option or a signature is about the one
    next term; nobody knows yet whether it comes.
    """
    if terms.renewal.kind is not RenewalKind.AUTOMATIC:
        number = last_certain(terms) or 0
        return [_lane(terms, side, index, (number,), by) for index in chosen(terms, side, number)]
    initial, later = chosen_notices(terms, side, 0), chosen_notices(terms, side, 1)
    return [
        _lane(terms, side, index, _numbers_from(terms, index, from_on, by, reach), by)
        for index in dict.fromkeys(initial + later)
        for reach in [_Reach(0 if index in initial else 1, None if index in later else 0)]
    ]


def _lane(terms: Terms, side: Side, index: int | None, numbers: Iterable[int], by: Reckoning) -> Iterator[Window]:
    for number in numbers:
        if not _is_followed(terms, number):
            return
        try:
            yield window_of(terms, number, index, by, side=side)
        except (NoSuchTerm, DayOutOfRange):
            return


def _is_followed(terms: Terms, number: int) -> bool:
    """Whether the renewal after term *number* may still come: no end has come before it."""
    if not may_renew(terms, number):
        return False
    if terms.ended is None:
        return True
    return initial_end(terms).last_on is not None and course(terms).last_on(number) < terms.ended.last_on


def _numbers_from(terms: Terms, index: int, from_on: date, by: Reckoning, reach: _Reach) -> Iterable[int]:
    """The terms that a notice reaches, from the first whose window may close on *from_on* or later.

    No window closes more than a day after the plain difference: only an INCLUSIVE count is later.
    """
    if initial_end(terms).last_on is None:
        return range(reach.low, 1)
    last_on, period = course(terms).last_on, terms.notices[index].period
    near = number_near(terms, from_on + timedelta(days=int(mean_days(period))))

    def closes_by(number: int) -> date:
        return before(last_on(number), period, calendar=by.calendar) + _ONE_DAY

    first = first_number(closes_by, from_on, guess=near, low=reach.low, high=reach.high)
    return count(first) if reach.high is None else range(first, reach.high + 1)
