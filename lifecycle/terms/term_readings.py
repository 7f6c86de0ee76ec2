"""The last day of a term as it can be read: the facts, the convention, what is still awaited.

Both end conventions are admissible where none is stated (DATES.md T3); then the day before is nominal. Markers never
roll, so the reading of a term's end is its last day, open or closed.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date
from functools import partial

from lifecycle.counting.derivation import DerivationStep, Reading, Telling, union
from lifecycle.counting.steps import roll_step
from lifecycle.counting.told import Told
from lifecycle.days.dates import Roll
from lifecycle.errors import NoSuchTerm
from lifecycle.terms.course import Course, course, found
from lifecycle.terms.provisions import Terms
from lifecycle.terms.reckoning import Reckoning, buffer_steps, buffered
from lifecycle.terms.renewals import Term
from lifecycle.terms.term_steps import awaited_step, ended_step, term_end_step

Ends = tuple[tuple[date, Telling], ...]


def ends_of(terms: Terms, number: int) -> tuple[Ends, tuple[str, ...]]:
    """The days on which term *number* may end, each with how to tell it, the nominal one first; and what was assumed.

    While only its earliest day is known, it is that day. Raises NoSuchTerm where not even that is known.
    """
    beside = found(terms)
    if number not in beside.readings:
        beside.readings[number] = _ends(beside.course, number)
    ends: tuple[Ends, tuple[str, ...]] = beside.readings[number]
    return ends


def end_reading(terms: Terms, number: int) -> Reading:
    """The last day of term *number* as a marker: three days, with the steps that led to them."""
    ends, flags = ends_of(terms, number)
    days = [on for on, _ in ends]
    return Reading(min(days), days[0], max(days), Told(lambda: [tell() for _, tell in ends]), flags)


def settled_end(terms: Terms, run: Term) -> Reading:
    """The last day of a term of what somebody has ended: one day, with the step that led to it."""
    on = run.last_on or run.first_on
    return Reading(on, on, on, Told(lambda: [_settled_step(terms, run.number, on)]))


def signing(terms: Terms, number: int, by: Reckoning) -> tuple[Reading, date]:
    """By when the next term must be signed: on a business day in term *number*; and our own target."""
    reading = end_reading(terms, number)
    safe_on = by.calendar.previous(reading.safe_on)
    target_on = buffered(safe_on, by)
    flags = union(reading.assumptions, by.assumptions, by.calendar.doubts(safe_on, reading.latest_on))

    def told() -> tuple[DerivationStep, ...]:
        rolled = roll_step(reading.safe_on, safe_on, Roll.PRECEDING, by.calendar)
        return (*reading.steps, rolled, *buffer_steps(safe_on, target_on, by))

    days = (safe_on, reading.nominal_on, reading.latest_on)
    return Reading(*days, Told(told), flags, by.calendar.provenance), target_on


def _ends(counted: Course, number: int) -> tuple[Ends, tuple[str, ...]]:
    known = counted.bound
    if known.last_on is None:
        if known.not_before_on is None or number:
            raise NoSuchTerm(number, 0)
        awaited = partial(awaited_step, counted.end, known, known.not_before_on)
        return ((known.not_before_on, awaited),), ("awaits-fact",)
    last_on = counted.last_on(number)
    ends: Ends = ((last_on, partial(term_end_step, counted, number)),)
    flags: tuple[str, ...] = ("awaits-fact",) if known.waiting_for else ()
    if counted.other is not None and (other_on := counted.other.last_on(number)) != last_on:
        ends += ((other_on, partial(term_end_step, counted.other, number)),)
        flags += ("end-convention-unstated",)
    return ends, (*flags, "leap-day-anchor") if _leaps(counted, last_on) else flags


def _settled_step(terms: Terms, number: int, on: date) -> DerivationStep:
    """As the term was agreed, or else why it is cut short."""
    counted = course(terms)
    as_agreed = counted.bound.last_on is not None and counted.last_on(number) == on
    if as_agreed or terms.ended is None:
        return term_end_step(counted, number)
    return ended_step(terms.ended)


def _leaps(counted: Course, last_on: date) -> bool:
    """Whether a 29 February that does not exist was to be the corresponding day."""
    from_on = counted.from_on
    clipped = (last_on.month, last_on.day) == (2, 28) and not isleap(last_on.year)
    return clipped and (from_on.month, from_on.day) == (2, 29) and counted.initial is not None
