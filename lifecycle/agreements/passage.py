"""What time alone has caused, and what an event makes of an agreement.

``passage`` says which events have come about by *today*, in their order; ``evolve`` applies one of them. Neither knows
what day it is, and neither may do what ``lifecycle.agreements.status.TRANSITIONS`` does not allow.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from lifecycle.agreements.agreement import Agreement, first_day, terms_of
from lifecycle.agreements.disclosures import days_given
from lifecycle.agreements.status import RUNNING, UNSIGNED, Status, landed
from lifecycle.events import CameIntoForce, SurvivalEnded, TermExpired, TermRenewed
from lifecycle.terms.provisions import Terms
from lifecycle.terms.renewals import last_number, last_term, term, term_on
from lifecycle.terms.survivals import survives_until

TimeEvent = CameIntoForce | TermRenewed | TermExpired | SurvivalEnded
_ONE_DAY: Final = timedelta(days=1)


def status_by_facts(agreement: Agreement, today: date) -> Status:
    """Where an agreement stands that is registered today (ARCHITECTURE.md 4b)."""
    first_on = first_day(agreement)
    if agreement.signed_on is None and agreement.effective_on is None:
        return Status.AWAITING_SIGNATURE if agreement.signature_requested_on else Status.DRAFT
    if agreement.signed_on is None and agreement.signature_requested_on is not None:
        return Status.AWAITING_SIGNATURE
    if first_on is None or first_on > today:
        return Status.PENDING
    terms = terms_of(agreement)
    if terms is None or term_on(terms, today) is not None:
        return Status.UNDER_NOTICE if terms and terms.ended else Status.IN_FORCE
    return _after_the_end(agreement, terms, today)


def running_number(agreement: Agreement, today: date) -> int | None:
    """The number of the term that runs today; of the last one where all are over; None before the first."""
    terms = terms_of(agreement)
    if terms is None or today < terms.effective_on:
        return None
    running = term_on(terms, today)
    return running.number if running else last_number(terms)


def passage(agreement: Agreement, today: date) -> tuple[TimeEvent, ...]:
    """The events that time alone has caused by *today* and that the agreement does not know of yet, in order."""
    events: list[TimeEvent] = []
    while (event := _next(agreement, today)) is not None:
        events.append(event)
        agreement = evolve(agreement, event, today)
    return tuple(events)


def as_at(agreement: Agreement, on: date) -> Agreement:
    """An agreement as time had left it by a day; a version is kept when facts change, not when time passes."""
    for event in passage(agreement, on):
        agreement = evolve(agreement, event, on)
    return agreement


def evolve(agreement: Agreement, event: TimeEvent, today: date) -> Agreement:
    """The agreement after an event that time has caused. Raises IllegalTransition where it is not possible."""
    status, number = _moved(agreement, event, today)
    status = landed(agreement.reference, agreement.status, type(event).__name__, status)
    return replace(agreement, status=status, term_number=number)


def _moved(agreement: Agreement, event: TimeEvent, today: date) -> tuple[Status, int | None]:
    """Its status and the number of its term after an event."""
    match event:
        case TermRenewed(number=number):
            return agreement.status, number
        case CameIntoForce():
            return Status.IN_FORCE, 0
        case TermExpired():
            terms = terms_of(agreement)
            return _after_the_end(agreement, terms, today) if terms else Status.ENDED, agreement.term_number
        case SurvivalEnded():
            return Status.ENDED, agreement.term_number


def next_change_on(agreement: Agreement, today: date) -> date | None:
    """The first day on which ``passage`` may have something to say; None if there is none.

    It is after *today*, but for what was recorded only when its day was over.
    """
    terms = terms_of(agreement)
    if terms is None or agreement.status in UNSIGNED or agreement.status is Status.ENDED:
        return None
    if agreement.status is Status.PENDING:
        return terms.effective_on
    if agreement.status is Status.SURVIVING:
        until_on = survives_until(terms, days_given(agreement.disclosures))
        return until_on and until_on + _ONE_DAY
    running = term_on(terms, today)
    if running is None:  # a notice, say, of a term that is over by now
        return today if _next(agreement, today) else None
    return running.expires_on


def _next(agreement: Agreement, today: date) -> TimeEvent | None:
    terms = terms_of(agreement)
    if terms is None:
        return None
    if agreement.status is Status.PENDING and terms.effective_on <= today:
        return CameIntoForce(agreement_id=agreement.id, on=terms.effective_on)
    if agreement.status in RUNNING:
        return _next_of_running(agreement, terms, today)
    if agreement.status is Status.SURVIVING:
        until_on = survives_until(terms, days_given(agreement.disclosures))
        if until_on is not None and until_on < today:
            return SurvivalEnded(agreement_id=agreement.id, on=until_on)
    return None


def _next_of_running(agreement: Agreement, terms: Terms, today: date) -> TimeEvent | None:
    running = term_on(terms, today)
    known = agreement.term_number or 0
    if running is None:
        final = last_term(terms)
        if final is not None and final.number > known and agreement.status is Status.IN_FORCE:
            return _renewed(agreement, terms, known + 1)
        if final is not None and final.last_on is not None and final.last_on < today:
            return TermExpired(agreement_id=agreement.id, last_on=final.last_on)
        return None
    if running.number > known and agreement.status is Status.IN_FORCE:
        return _renewed(agreement, terms, known + 1)
    return None


def _renewed(agreement: Agreement, terms: Terms, number: int) -> TermRenewed:
    begun = term(terms, number)
    return TermRenewed(agreement_id=agreement.id, number=number, first_on=begun.first_on, last_on=begun.last_on)


def _after_the_end(agreement: Agreement, terms: Terms, today: date) -> Status:
    """What is left of an agreement that has ended: it survives while any duty of it binds."""
    until_on = survives_until(terms, days_given(agreement.disclosures))
    return Status.SURVIVING if until_on is None or until_on >= today else Status.ENDED
