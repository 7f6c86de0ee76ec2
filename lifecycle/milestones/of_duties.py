"""The milestones that follow from what an agreement obliges to, and from what outlives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from lifecycle.agreements.agreement import Agreement, first_day
from lifecycle.agreements.disclosures import days_given
from lifecycle.agreements.status import OVER, Status
from lifecycle.counting.derivation import Reading
from lifecycle.exits.plan import is_owed_after_end, outlives_any_end
from lifecycle.milestones.milestone import Derived, MilestoneKey, MilestoneKind
from lifecycle.milestones.of_terms import Basis
from lifecycle.obligations.duties import (
    Anchors,
    Obligation,
    ObligationKind,
    Once,
    Recurrence,
    obligation_occurrences,
)
from lifecycle.terms.provisions import RenewalKind, Terms
from lifecycle.terms.reckoning import targeted
from lifecycle.terms.renewals import last_number, term, term_on
from lifecycle.terms.survivals import restriction_ends, survival_ends

#: The kinds that come from obligations, and from nothing else.
OF_DUTIES: Final = frozenset(MilestoneKind(kind.value) for kind in ObligationKind)
_ONLY = "0"


def of_obligations(
    agreement: Agreement, obligations: Iterable[Obligation], terms: Terms | None, basis: Basis, *, from_on: date
) -> Iterator[Iterator[list[Derived]]]:
    """One series for each of these *obligations* of an agreement.

    Occurrences that were over before the registration are history.
    """
    anchors = anchors_of(agreement, terms, from_on)
    for obligation in obligations:
        if agreement.status is Status.ENDED and not _is_still_owed(agreement, obligation):
            continue
        yield _of_obligation(agreement, obligation, anchors, basis, from_on)


def of_survivals(agreement: Agreement, terms: Terms, *, today: date) -> Iterator[list[Derived]]:
    """One marker for the end of each duty that outlives the agreement and has an end."""
    for end in survival_ends(terms, days_given(agreement.disclosures), as_of=today):
        if end.reading is not None:
            name = _of_what(agreement, end.duty, end.disclosure)
            yield [_marker(agreement, end.subject, MilestoneKind.SURVIVAL_END, end.reading, name)]


def of_restrictions(agreement: Agreement, terms: Terms, *, today: date) -> Iterator[list[Derived]]:
    """One marker for the end of each restriction."""
    for end in restriction_ends(terms, days_given(agreement.disclosures), as_of=today):
        if end.reading is not None:
            name = _of_what(agreement, end.kind, end.disclosure)
            yield [_marker(agreement, end.subject, MilestoneKind.RESTRICTION_END, end.reading, name)]


def anchors_of(agreement: Agreement, terms: Terms | None, on: date) -> Anchors:
    """The turning points from which offsets are counted; the last day is that of the term that runs *on* a day."""
    last_on = None
    if terms is not None:
        last_on = terms.ended.last_on if terms.ended else _last_day(terms, on)
    exit_on = agreement.exit.exit_on if agreement.exit else None
    first_on = first_day(agreement)
    return Anchors(effective_on=first_on, signed_on=agreement.signed_on, last_on=last_on, exit_on=exit_on)


def _last_day(terms: Terms, on: date) -> date | None:
    running = term_on(terms, max(on, terms.effective_on))
    if running is not None:
        return running.last_on
    number = last_number(terms)
    return None if number is None else term(terms, number).last_on


def _is_still_owed(agreement: Agreement, obligation: Obligation) -> bool:
    """Of what is over: what outlives any end; payments and the like only where it was once in force."""
    if outlives_any_end(obligation) or not is_owed_after_end(obligation):
        return outlives_any_end(obligation)
    was_offered = agreement.signature_requested_on is not None or agreement.effective_on is None
    return agreement.signed_on is not None or not was_offered  # else nobody signed it, and it was abandoned


def _is_history(agreement: Agreement, obligation: Obligation, last_on: date | None, on: date) -> bool:
    """What was due before an agreement was registered that was over by then."""
    registered_on = agreement.registered_on
    if agreement.status is not Status.ENDED or registered_on is None or outlives_any_end(obligation):
        return False
    return last_on is not None and last_on < registered_on and on < registered_on


def _of_obligation(
    agreement: Agreement, obligation: Obligation, anchors: Anchors, basis: Basis, from_on: date
) -> Iterator[list[Derived]]:  # fmt: skip
    recurs = isinstance(obligation.due, Recurrence)
    kind = MilestoneKind(obligation.kind.value)
    by = basis.reckoning(kind)
    # What recurs goes on while the agreement renews, so it ends with the agreement and not with the running term.
    is_over = agreement.provisions.ended is not None or agreement.status in OVER
    lasting = anchors if is_over or not recurs else _without_last_day(agreement, anchors)
    since_on = from_on if recurs else date.min
    found = obligation_occurrences(obligation, anchors=lasting, from_on=since_on, rules=by.rules, calendar=by.calendar)
    for occurrence in found:
        if _is_history(agreement, obligation, anchors.last_on, occurrence.reading.safe_on):
            continue
        reading, target_on = targeted(occurrence.reading.assuming(*basis.assumptions), by)
        yield [
            Derived(
                key=MilestoneKey(agreement.id, obligation.id, kind, occurrence.cycle),
                is_deadline=True,
                reading=reading,
                target_on=target_on,
                name=obligation.name,
                opens_on=occurrence.announce_on,
                owner_id=obligation.owner_id,
                clause=obligation.clause,
            )
        ]
        if isinstance(obligation.due, Once):
            return


def _without_last_day(agreement: Agreement, anchors: Anchors) -> Anchors:
    if agreement.provisions.renewal.kind is RenewalKind.NEVER:
        return anchors
    return Anchors(effective_on=anchors.effective_on, signed_on=anchors.signed_on, exit_on=anchors.exit_on)


def _of_what(agreement: Agreement, duty: str, disclosure: int | None) -> str:
    """``confidentiality``; of a disclosure's own clock ``confidentiality: source code``."""
    return duty if disclosure is None else f"{duty}: {agreement.disclosures[disclosure].what}"


def _marker(agreement: Agreement, subject: str, kind: MilestoneKind, reading: Reading, name: str) -> Derived:
    key = MilestoneKey(agreement.id, subject, kind, _ONLY)
    return Derived(key=key, is_deadline=False, reading=reading, target_on=reading.safe_on, name=name)
