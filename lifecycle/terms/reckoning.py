"""Counting a notice back from the day before which it must be given.

``deadline_before`` says by which day it must count; the time on the way says when it must leave. Where the end itself
can be read in two ways, both are counted and the readings are joined by ``widest``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from lifecycle.counting.derivation import Clause, DerivationStep, Reading, Source, Telling, union, widest
from lifecycle.counting.rules import RuleSet, deadline_before
from lifecycle.counting.told import Told
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period
from lifecycle.terms.provisions import CountsAs, DeliveryMethod, ForConvenience, Notice
from lifecycle.terms.sending import on_the_way, send_by, working_back
from lifecycle.terms.term_steps import buffer_step, receipt_step

_ZERO = Period()
_ASSUMED = {  # whether it is not stated when notice counts, and how it is sent
    (False, False): (),
    (True, False): ("receipt-assumed",),
    (False, True): ("method-assumed",),
    (True, True): ("receipt-assumed", "method-assumed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """By what a deadline is reckoned, beside the terms.

    *buffer* is the playbook's; *method* the usual way of sending, for clauses that name none; *assumptions* are codes
    that every reading shall carry, because rules or calendar were not stated.
    """

    rules: RuleSet
    calendar: BusinessCalendar
    buffer: Period = _ZERO
    method: DeliveryMethod | None = None
    assumptions: tuple[str, ...] = ()


def counted_back(
    what: Notice | ForConvenience, ends: Sequence[tuple[date, Telling]], by: Reckoning, flags: tuple[str, ...] = ()
) -> tuple[Reading, date]:
    """The deadline of *what*, and our own target: before each of *ends* (a day and its step), the first one nominal.

    The safe day is the day on which the notice must leave.
    """
    readings = [_before(what, to_on, by) for to_on, _ in ends]
    reading = widest(*readings)
    count_by_on, sent_by = reading.safe_on, _takes_time(what, by)
    safe_on = send_by(count_by_on, sent_by, by.calendar, counts_as=what.counts_as) if sent_by else count_by_on
    doubts = by.calendar.doubts(safe_on, count_by_on) if sent_by else ()
    target_on = buffered(safe_on, by)

    def told() -> Iterator[DerivationStep]:
        yield from widest(*(_told_before(what, end, each) for (_, end), each in zip(ends, readings, strict=True))).steps
        if sent_by:
            yield receipt_step(count_by_on, safe_on, sent_by, what.counts_as, by.calendar)
        yield from buffer_steps(safe_on, target_on, by)

    assumptions = union(flags, by.assumptions, reading.assumptions, doubts, _assumed(what))
    return Reading(
        safe_on, reading.nominal_on, reading.latest_on, Told(told), assumptions, reading.calendars
    ), target_on


def buffered(safe_on: date, by: Reckoning) -> date:
    """The target day that the playbook's buffer leads to; without a buffer the safe day itself."""
    return safe_on if by.buffer.is_zero else working_back(safe_on, by.buffer, by.calendar)


def buffer_steps(safe_on: date, target_on: date, by: Reckoning) -> tuple[DerivationStep, ...]:
    """The step from *safe_on* to the target day, if there is a buffer."""
    return () if by.buffer.is_zero else (buffer_step(safe_on, target_on, by.buffer, by.calendar),)


def targeted(reading: Reading, by: Reckoning) -> tuple[Reading, date]:
    """The reading with the step of the playbook's buffer, and the target day that it leads to."""
    safe_on, nominal_on, latest_on, steps, assumptions, calendars = reading
    if by.buffer.is_zero:
        return reading, safe_on
    target_on = buffered(safe_on, by)
    told = Told(partial(_with_buffer, steps, safe_on, target_on, by))
    return Reading(safe_on, nominal_on, latest_on, told, assumptions, calendars), target_on


def _with_buffer(
    steps: Sequence[DerivationStep], safe_on: date, target_on: date, by: Reckoning
) -> tuple[DerivationStep, ...]:
    return (*steps, *buffer_steps(safe_on, target_on, by))


def _takes_time(what: Notice | ForConvenience, by: Reckoning) -> DeliveryMethod | None:
    """The way on which the notice is sent, if it counts on a later day than it leaves."""
    method = what.method or by.method
    return None if method is None or on_the_way(method, what.counts_as).is_zero else method


def _before(what: Notice | ForConvenience, to_on: date, by: Reckoning) -> Reading:
    return deadline_before(
        to_on,
        what.period,
        rules=by.rules,
        calendar=by.calendar,
        counting=what.counting,
        at_least=what.at_least,
    )


def _told_before(what: Notice | ForConvenience, end: Telling, reading: Reading) -> Reading:
    """A reading of the deadline with the step of the end that it is counted from."""
    return reading._replace(steps=(end(), *(_cited(each, what.clause) for each in reading.steps)))


def _cited(step: DerivationStep, clause: Clause | None) -> DerivationStep:
    """The step with the clause of the notice, where it rests on the agreement."""
    if clause is None or step.source is not Source.AGREEMENT or step.clause is not None:
        return step
    return step._replace(clause=clause)


def _assumed(what: Notice | ForConvenience) -> tuple[str, ...]:
    if what.counts_as is CountsAs.SENT:
        return ()
    return _ASSUMED[what.counts_as is None, what.method is None]
