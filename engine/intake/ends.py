"""The end of an agreement, from what a row says of last day, term and end convention.

A stated day beats a length. Where it is the length's DAY_BEFORE or ANNIVERSARY day it states the convention, and the
length is kept, so that later terms are counted from the first day. Where it is neither, both facts are kept and the
contradiction (``two-ends``) is for ``problems`` to say.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from engine.intake.complaints import Complaint, remark, wrong
from engine.intake.days import NoEnd
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Period, StatedPeriod
from lifecycle.errors import LifecycleError
from lifecycle.terms.bounds import lasting
from lifecycle.terms.terms import End, EndConvention, Lasting, OpenEnded, Until

END_FIELDS: Final = ("last_on", "term", "end_convention")
_CONVENTIONS: Final = (EndConvention.DAY_BEFORE, EndConvention.ANNIVERSARY)
ASSUMED_END: Final = "end"  # in Agreement.assumed: nobody has said when or whether it ends


class SaidEnd(NamedTuple):
    """An end, its convention, what nobody stated, and what is wrong with it."""

    end: End
    convention: EndConvention | None = None
    assumed: tuple[str, ...] = ()
    complaints: tuple[Complaint, ...] = ()


class FirstDays(NamedTuple):
    """The days from which a term may be counted, as far as they are known."""

    effective_on: date | None
    signed_on: date | None

    @property
    def first_on(self) -> date | None:
        return self.effective_on or self.signed_on


def end_of(said: Mapping[str, Any], days: FirstDays, clauses: Mapping[str, Clause]) -> SaidEnd:
    """The end that *said* (last_on, term, end_convention) comes to."""
    stated: StatedPeriod | None = said.get("term")
    last_on = said.get("last_on")
    convention: EndConvention | None = said.get("end_convention")
    term = Lasting(stated.period, None, clauses.get("term")) if stated and stated.period else None
    complaints = tuple(_of_term(stated))
    if last_on is NoEnd.PERPETUAL or (stated and stated.perpetual and last_on is None):
        conflict = () if term is None else (_perpetual_beside(term.period),)
        return SaidEnd(OpenEnded(clauses.get("last_on") or clauses.get("term")), None, (), conflict + complaints)
    if isinstance(last_on, date):
        until = Until(last_on, term, clauses.get("last_on"))
        found = _both(until, term, convention, days) if term and days.first_on else SaidEnd(until, convention)
        return found._replace(complaints=found.complaints + complaints)
    if term is not None:
        return SaidEnd(term, convention, (), complaints)
    return SaidEnd(OpenEnded(), convention, (ASSUMED_END,), complaints)


def said_of_end(end: End, convention: EndConvention | None, *, is_assumed: bool) -> dict[str, Any]:
    """What a row would say so that ``end_of`` gives *end*; nothing for ends that columns cannot say."""
    said: dict[str, Any] = {} if convention is None else {"end_convention": convention}
    match end:
        case Lasting():
            return said | {"term": StatedPeriod(end.period)}
        case Until():
            beside = {"term": StatedPeriod(end.beside.period)} if end.beside else {}
            return said | beside | {"last_on": end.day}
        case OpenEnded() if not is_assumed:
            return said | {"last_on": NoEnd.PERPETUAL}
        case _:
            return said


def _both(until: Until, term: Lasting, convention: EndConvention | None, days: FirstDays) -> SaidEnd:
    if convention is EndConvention.EXPLICIT or days.first_on is None:
        return SaidEnd(until, convention)
    for first_on in dict.fromkeys(day for day in (days.first_on, days.signed_on) if day):
        for reading in (convention,) if convention else _CONVENTIONS:
            if _end_by(first_on, term.period, reading) == until.day:
                return _matched(until, term, reading, None if first_on == days.first_on else first_on)
    return SaidEnd(until, EndConvention.EXPLICIT)


def _matched(until: Until, term: Lasting, reading: EndConvention, from_on: date | None) -> SaidEnd:
    end = Lasting(term.period, from_on, term.clause or until.clause)
    if from_on is None:
        return SaidEnd(end, reading)
    message = f"{term.period} end on this day if they are counted from the signing, not from the effective day."
    return SaidEnd(end, reading, (), (remark("term", "counted_from_signing", message, "Check the effective day."),))


def _end_by(first_on: date, period: Period, reading: EndConvention) -> date | None:
    try:
        return lasting(first_on, period, reading)
    except LifecycleError:  # business days without a calendar, or out of range: no match, and problems() says why
        return None


def _of_term(stated: StatedPeriod | None) -> Iterator[Complaint]:
    if stated and (stated.times or stated.successive):
        message = "A term says the length of the first run alone."
        yield wrong("term", "term_repeats", message, "Write how it goes on under renewal and renewal_term.")


def _perpetual_beside(period: Period) -> Complaint:
    message = f"A term of {period} ends, but the last day says perpetual."
    remedy = "Keep one. Where it lasts at least so long, clear the term and write its last day under earliest_end_on."
    return wrong("last_on", "term_beside_perpetual", message, remedy)
