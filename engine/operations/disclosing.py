"""What was handed over in confidence is recorded with the agreement that protects it, also where none does yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lifecycle.agreement import first_day, terms_of
from lifecycle.disclosures import Disclosure, unprotected
from lifecycle.errors import LifecycleError
from lifecycle.events import DisclosureRecorded, DisclosureWithdrawn
from lifecycle.renewals import last_number, term
from store.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreement import Agreement


class DisclosureRefused(LifecycleError):
    """A disclosure that cannot be as it is told."""

    code = "refused"


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What was recorded; *warning* says why it is not protected, "" where it is; *is_known*: it was there already."""

    agreement: Agreement
    disclosure: Disclosure
    warning: str = ""
    is_known: bool = False


def disclose(work: Work, agreement: Agreement, *, given_on: date, what: str, to: str = "") -> Disclosed:
    """Record that something confidential was handed over. The same told twice is once.

    It is recorded also where no agreement protects it: what happened, happened. Raises DisclosureRefused for one in
    the future or without a subject.
    """
    if not what.strip():
        raise DisclosureRefused("It is not said what was disclosed.", remedy="Say it in a few words.")
    if given_on > work.today(agreement):
        raise DisclosureRefused(f"{given_on} has not come yet.", remedy="Record it when it was given.")
    number = len(agreement.disclosures) + 1
    told = Disclosure(id=f"d{number}", given_on=given_on, what=what.strip(), to=to.strip())
    warning = unprotected(
        given_on,
        signed_on=agreement.signed_on,
        effective_on=first_day(agreement) if agreement.effective_on else None,
        last_on=_last_on(agreement),
    )
    for known in agreement.disclosures:
        if known.counts and replace(known, id=told.id) == told:
            return Disclosed(agreement, known, warning or "", is_known=True)
    changed = _saved(work, agreement, (*agreement.disclosures, told))
    work.record(DisclosureRecorded(agreement_id=agreement.id, disclosure_id=told.id, given_on=given_on))
    return Disclosed(changed, told, warning or "")


def withdraw_disclosure(work: Work, agreement: Agreement, disclosure_id: str, *, because: str) -> Agreement:
    """A disclosure was recorded by mistake; it stays in its place and counts for nothing. Raises NotFound."""
    if all(one.id != disclosure_id or not one.counts for one in agreement.disclosures):
        raise NotFound("disclosure", disclosure_id, remedy=f"See `longstop disclosure list {agreement.reference}`.")
    kept = tuple(
        replace(one, withdrawn_because=because) if one.id == disclosure_id else one for one in agreement.disclosures
    )
    changed = _saved(work, agreement, kept)
    work.record(DisclosureWithdrawn(agreement_id=agreement.id, disclosure_id=disclosure_id, because=because))
    return changed


def _saved(work: Work, agreement: Agreement, disclosures: tuple[Disclosure, ...]) -> Agreement:
    changed = replace(agreement, disclosures=disclosures, version=agreement.version + 1)
    work.agreements.save(changed)
    return changed


def _last_on(agreement: Agreement) -> date | None:
    """The last day on which it is in force, where that is certain."""
    terms = terms_of(agreement)
    if terms is None:
        return None
    if terms.ended is not None:
        return terms.ended.last_on
    number = last_number(terms)
    return None if number is None else term(terms, number).last_on
