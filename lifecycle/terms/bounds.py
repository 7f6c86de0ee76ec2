"""The last day of the initial term, as far as it is known.

An end is a span from the earliest to the latest day on which it may be; where both are the same day, that is the last
day. A fact that is awaited leaves the span open on one side: ``EarlierOf`` still has a latest day, and it is used;
``LaterOf`` still has an earliest one, and it is not.
"""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import NamedTuple, assert_never

from lifecycle.days.dates import Period, after, last_day, month_end, year_end
from lifecycle.terms.provisions import (
    EarlierOf,
    End,
    EndConvention,
    Lasting,
    LaterOf,
    OpenEnded,
    Terms,
    Until,
    Upon,
)

_NEVER = date.max  # the end of what has no end


@dataclass(frozen=True, slots=True)
class Bound:
    """What is known of the last day.

    *last_on* is the day to work with. While facts are awaited (*waiting_for*), *not_after_on* is its latest day
    (``EarlierOf``) or *not_before_on* its earliest one (``LaterOf``; then there is no *last_on* yet).
    """

    last_on: date | None = None
    not_before_on: date | None = None
    not_after_on: date | None = None
    waiting_for: tuple[str, ...] = ()


class _Span(NamedTuple):
    low: date | None
    high: date | None
    waiting_for: tuple[str, ...] = ()


def bound(terms: Terms, convention: EndConvention | None) -> Bound:
    """The end of the initial term of *terms*, read by *convention*; None is read as DAY_BEFORE."""
    low, high, waiting_for = _span(terms.end, terms.effective_on, convention)
    if low == high and low is not None:
        return Bound(last_on=None if low == _NEVER else low)
    known = None if high in {None, _NEVER} else high
    return Bound(known, low, known, waiting_for)


def stated_end(effective_on: date, length: Lasting, day: date) -> tuple[Until | Lasting, EndConvention]:
    """The end of a paper that states a length and a last day.

    Where the day is the day before the anniversary or the anniversary itself, it only states the convention; else it
    beats the length, which stays beside it and is told as the problem ``two-ends``.
    """
    for convention in (EndConvention.DAY_BEFORE, EndConvention.ANNIVERSARY):
        if lasting(length.from_on or effective_on, length.period, convention) == day:
            return length, convention
    return Until(day, beside=length, clause=length.clause), EndConvention.EXPLICIT


def lasting(first_on: date, period: Period, convention: EndConvention | None) -> date:
    """The last day of *period* from *first_on* (DATES.md T2); with a zero period the end of its month or year."""
    match convention:
        case EndConvention.ANNIVERSARY:
            return after(first_on, period)
        case EndConvention.MONTH_END:
            return month_end(_day_inside(first_on, period))
        case EndConvention.YEAR_END:
            return year_end(_day_inside(first_on, period))
        case _:
            return last_day(first_on, period)


def _day_inside(first_on: date, period: Period) -> date:
    return first_on if period.is_zero else last_day(first_on, period)


def _span(end: End, effective_on: date, convention: EndConvention | None) -> _Span:
    match end:
        case Lasting():
            last_on = lasting(end.from_on or effective_on, end.period, convention)
            return _Span(last_on, last_on)
        case Until():
            return _Span(end.day, end.day)
        case OpenEnded():
            return _Span(_NEVER, _NEVER)
        case Upon():
            return _Span(end.on, end.on, () if end.on else (end.what,))
        case EarlierOf():
            return reduce(_earlier, [_span(each, effective_on, convention) for each in end.ends])
        case LaterOf():
            return reduce(_later, [_span(each, effective_on, convention) for each in end.ends])
        case _:
            assert_never(end)


def _earlier(one: _Span, other: _Span) -> _Span:
    lows, highs = _known(one.low, other.low), _known(one.high, other.high)
    return _span_of(min(lows) if len(lows) == 2 else None, min(highs, default=None), one, other)


def _later(one: _Span, other: _Span) -> _Span:
    lows, highs = _known(one.low, other.low), _known(one.high, other.high)
    low = max(lows, default=None)
    return _span_of(low, max(highs) if len(highs) == 2 or low == _NEVER else None, one, other)


def _span_of(low: date | None, high: date | None, one: _Span, other: _Span) -> _Span:
    if low is not None and low == high:  # settled, whatever is still awaited
        return _Span(low, high)
    return _Span(low, high, tuple(dict.fromkeys(one.waiting_for + other.waiting_for)))


def _known(*days: date | None) -> list[date]:
    return [day for day in days if day is not None]
