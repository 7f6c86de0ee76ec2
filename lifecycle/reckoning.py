"""Counting a notice back from the day before which it must be given.

``deadline_before`` says by which day it must count; the time on the way says when it must leave. Where the end itself
can be read in two ways, both are counted and the readings are joined by ``widest``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lifecycle.calendars import BusinessCalendar
from lifecycle.dates import Counting, Period
from lifecycle.derivation import Clause, DerivationStep, Reading, Source, union, widest
from lifecycle.provisions import CountsAs, DeliveryMethod, ForConvenience, Notice
from lifecycle.rules import RuleSet, deadline_before
from lifecycle.sending import on_the_way, send_by, working_back
from lifecycle.term_steps import buffer_step, receipt_step

_ZERO = Period()


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
    what: Notice | ForConvenience,
    ends: Sequence[tuple[date, DerivationStep]],
    by: Reckoning,
    flags: tuple[str, ...] = (),
) -> tuple[Reading, date]:
    """The deadline of *what*, and our own target: before each of *ends* (a day and its step), the first one nominal.

    The safe day is the day on which the notice must leave.
    """
    first, *others = [_before(what, to_on, step, by) for to_on, step in ends]
    reading = widest(first, *others) if others else first
    safe_on, sending, doubts = _sent_by(what, reading.safe_on, by)
    target_on, buffer = buffered(safe_on, by)
    return Reading(
        safe_on,
        reading.nominal_on,
        reading.latest_on,
        (*reading.steps, *sending, *buffer),
        union(flags, by.assumptions, reading.assumptions, doubts, _assumed(what)),
        reading.calendars,
    ), target_on


def buffered(safe_on: date, by: Reckoning) -> tuple[date, tuple[DerivationStep, ...]]:
    """The target day that the playbook's buffer leads to, and its step; without a buffer the safe day itself."""
    if by.buffer.is_zero:
        return safe_on, ()
    target_on = working_back(safe_on, by.buffer, by.calendar)
    return target_on, (buffer_step(safe_on, target_on, by.buffer, by.calendar),)


def targeted(reading: Reading, by: Reckoning) -> tuple[Reading, date]:
    """The reading with the step of the playbook's buffer, and the target day that it leads to."""
    target_on, steps = buffered(reading.safe_on, by)
    return (reading._replace(steps=(*reading.steps, *steps)) if steps else reading), target_on


def _sent_by(
    what: Notice | ForConvenience, count_by_on: date, by: Reckoning
) -> tuple[date, tuple[DerivationStep, ...], tuple[str, ...]]:
    """The day on which it must leave, the step, and what is doubtful about the days on the way."""
    method = what.method or by.method
    if method is None or on_the_way(method, what.counts_as).is_zero:
        return count_by_on, (), ()
    safe_on = send_by(count_by_on, method, by.calendar, counts_as=what.counts_as)
    step = receipt_step(count_by_on, safe_on, method, what.counts_as, by.calendar)
    return safe_on, (step,), by.calendar.doubts(safe_on, count_by_on)


def _before(what: Notice | ForConvenience, to_on: date, step: DerivationStep, by: Reckoning) -> Reading:
    counting, at_least = _stated(what)
    reading = deadline_before(
        to_on, what.period, rules=by.rules, calendar=by.calendar, counting=counting, at_least=at_least
    )
    steps = (step, *(_cited(each, what.clause) for each in reading.steps))
    days = (reading.safe_on, reading.nominal_on, reading.latest_on)
    return Reading(*days, steps, reading.assumptions, reading.calendars)


def _stated(what: Notice | ForConvenience) -> tuple[Counting | None, bool]:
    return (what.counting, what.at_least) if isinstance(what, Notice) else (None, False)


def _cited(step: DerivationStep, clause: Clause | None) -> DerivationStep:
    """The step with the clause of the notice, where it rests on the agreement."""
    if clause is None or step.source is not Source.AGREEMENT or step.clause is not None:
        return step
    return step._replace(clause=clause)


def _assumed(what: Notice | ForConvenience) -> tuple[str, ...]:
    if what.counts_as is CountsAs.SENT:
        return ()
    unstated = (("receipt-assumed", what.counts_as is None), ("method-assumed", what.method is None))
    return tuple(code for code, is_unstated in unstated if is_unstated)
