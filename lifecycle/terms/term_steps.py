"""The steps of a derivation that come from the terms: the end of a term, the way of a notice, the buffer."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from lifecycle.counting.derivation import Clause, DerivationStep, Source
from lifecycle.counting.seeking import days_on, months_long
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period, after
from lifecycle.terms.bounds import Bound
from lifecycle.terms.course import Course
from lifecycle.terms.provisions import (
    CountsAs,
    DeliveryMethod,
    End,
    EndConvention,
    Ended,
    EndedHow,
    Lasting,
    Until,
    Upon,
)
from lifecycle.terms.sending import on_the_way
from lifecycle.words import listed, spoken, weekday

Inputs = tuple[tuple[str, str], ...]

TERM_END = "term-end"
RECEIPT = "receipt"
BUFFER = "buffer"

ENDED: Final[Mapping[EndedHow, str]] = {
    EndedHow.NOTICE_GIVEN: "notice was given",
    EndedHow.TERMINATED: "it was terminated",
    EndedHow.LAPSED: "it lapsed",
    EndedHow.FULFILLED: "what it awaited has happened",
}
_ENDINGS = {
    EndConvention.ANNIVERSARY: "",
    EndConvention.MONTH_END: ", on to the end of the month",
    EndConvention.YEAR_END: ", on to 31 December",
}


def term_end_step(counted: Course, number: int) -> DerivationStep:
    """How the last day of term *number* follows from the facts."""
    on = counted.last_on(number)
    stated = counted.extension(number)
    if stated and stated.number == number:
        stated_day = (("day", on.isoformat()),)
        return DerivationStep(
            TERM_END, on, on, stated_day, "the last day agreed for this term", *_agreed(stated.clause)
        )
    was_on, inputs, text = _reckoned(counted, number)
    clause = (counted.renewed_by if number else None) or clause_of(counted.end)
    return DerivationStep(TERM_END, was_on, on, inputs, text, *_agreed(clause))


def awaited_step(end: End, known: Bound, on: date) -> DerivationStep:
    """The day that a term ends at the earliest, while facts are awaited."""
    text = f"not before {spoken(on)}; {listed(known.waiting_for)} is awaited"
    inputs = (("not_before", on.isoformat()),)
    return DerivationStep(TERM_END, on, on, inputs, text, *_agreed(clause_of(end)))


def ended_step(ended: Ended) -> DerivationStep:
    """Why it ends on a day that its terms alone do not lead to."""
    inputs = (("day", ended.last_on.isoformat()),)
    return DerivationStep(TERM_END, ended.last_on, ended.last_on, inputs, ENDED[ended.how], Source.AGREEMENT)


def receipt_step(
    was_on: date, on: date, method: DeliveryMethod, counts_as: CountsAs | None, calendar: BusinessCalendar
) -> DerivationStep:
    """From the day on which it must count to the day on which it must leave."""
    time = on_the_way(method, counts_as)
    deemed = counts_as is CountsAs.DEEMED and method.deemed is not None
    took = (
        "the same day"
        if time.is_zero
        else "the next business day"
        if time == _ONE_BUSINESS_DAY
        else f"after {worded(time)[1]}"
    )
    text = f"{method.name}: {'deemed received' if deemed else 'received'} {took}; sent {weekday(on)}, {spoken(on)}"
    inputs = (("period", worded(time)[0]), ("method", method.name))
    source = Source.AGREEMENT if method.clause else Source.ASSUMED
    return DerivationStep(RECEIPT, was_on, on, inputs, text, source, method.clause, calendar.provenance)


def buffer_step(was_on: date, on: date, buffer: Period, calendar: BusinessCalendar) -> DerivationStep:
    """From the last safe day to our own target."""
    code, words = worded(buffer)
    return DerivationStep(BUFFER, was_on, on, (("period", code),), words, Source.PLAYBOOK, None, calendar.provenance)


def clause_of(end: End) -> Clause | None:
    """Where the end is written, if it is one clause."""
    return end.clause if isinstance(end, Lasting | Until | Upon) else None


_ONE_BUSINESS_DAY = Period(business_days=1)
_ZERO = Period()
_ONE_DAY = timedelta(days=1)


def _agreed(clause: Clause | None) -> tuple[Source, Clause | None]:
    return Source.AGREEMENT, clause


def _reckoned(counted: Course, number: int) -> tuple[date, Inputs, str]:
    """The day from which a term's end is counted, the inputs and the words."""
    whole = number == 0 or counted.initial is not None
    before = counted.extension(number)
    if before is None and whole and isinstance(counted.end, Lasting):
        return _from_first_day(counted, counted.end.period, number)
    if number == 0:
        on = counted.last_on(0)
        return (
            on,
            (("day", on.isoformat()),),
            "the last day, as stated" if isinstance(counted.end, Until) else "the end",
        )
    anchor_on, times = (before.last_on, number - before.number) if before else (counted.last_on(0), number)
    inputs = (*_renewal_inputs(counted, times), ("from", "next-day"))
    return anchor_on, inputs, _from_next_day(anchor_on, counted.renewal or _ZERO, times, counted.last_on(number))


def _from_first_day(counted: Course, period: Period, number: int) -> tuple[date, Inputs, str]:
    convention = counted.convention or EndConvention.DAY_BEFORE
    code, words = worded(period)
    inputs: Inputs = (("period", code), ("convention", convention.value))
    text = f"{spoken(counted.from_on)} + {words}"
    if number:
        inputs += _renewal_inputs(counted, number)
        text += f" + {_times(counted.renewal, number)}"
    if convention in _ENDINGS:
        return counted.from_on, inputs, text + _ENDINGS[convention]
    return counted.from_on, inputs, text + _day_before(counted.from_on, period, counted.renewal or _ZERO, number)


def _from_next_day(anchor_on: date, renewal: Period, times: int, on: date) -> str:
    """In the words that lead to *on*: from 28 February two months are counted as from 1 March."""
    months = months_long(renewal.total_months * times)
    length = _times(renewal, times)
    if days_on(after(anchor_on, months), renewal.total_days * times) == on:
        return f"{spoken(anchor_on)} + {length}"
    first_on = anchor_on + _ONE_DAY
    return f"{spoken(first_on)} + {length}{_day_before(first_on, _ZERO, renewal, times)}"


def _day_before(first_on: date, period: Period, renewal: Period, times: int) -> str:
    """The day before the corresponding day; where its month has none, no day is taken off (DATES.md P5)."""
    months = period.total_months + renewal.total_months * times
    if after(first_on, months_long(months)).day == first_on.day:
        return " - 1 day"
    return "" if period.total_days or (times and renewal.total_days) else ", the last day of that month"


def _renewal_inputs(counted: Course, times: int) -> Inputs:
    return ("renewal", worded(counted.renewal or _ZERO)[0]), ("times", str(times))


def _times(renewal: Period | None, times: int) -> str:
    words = worded(renewal or _ZERO)[1]
    return words if times == 1 else f"{times} x {words}"


@lru_cache(maxsize=1024)
def worded(period: Period) -> tuple[str, str]:
    """The code and the words of *period*: few are ever used, and each in thousands of steps."""
    return period.code, str(period)
