"""What was handed over in confidence: recorded, also where no agreement protects it; withdrawn; asked back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine import returning
from lifecycle.agreements.disclosures import Disclosure
from lifecycle.assets.returning import WITHIN
from lifecycle.days.dates import after
from lifecycle.errors import LifecycleError
from lifecycle.events import DisclosureRecorded, DisclosureWithdrawn, ReturnRequested
from lifecycle.findings.of_assets import unprotected_why
from store.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


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


def disclose(  # noqa: PLR0913 - what a disclosure says
    work: Work, agreement: Agreement, *, given_on: date, what: str = "", to: str = "", asset_id: str | None = None
) -> Disclosed:
    """Record that something confidential was handed over. The same told twice is once.

    *asset_id* names an asset of the register; *what* may then be left out. It is recorded also where no agreement
    protects it: what happened, happened. Raises DisclosureRefused for one in the future or without a subject, NotFound
    for an asset that is not there.
    """
    if asset_id is not None:
        what = what or work.assets.get(asset_id).name
    if not what.strip():
        raise DisclosureRefused("It is not said what was disclosed.", remedy="Say it in a few words.")
    if given_on > work.today(agreement):
        raise DisclosureRefused(f"{given_on} has not come yet.", remedy="Record it when it was given.")
    number = len(agreement.disclosures) + 1
    told = Disclosure(id=f"d{number}", given_on=given_on, what=what.strip(), to=to.strip(), asset_id=asset_id)
    warning = unprotected_why(agreement, told) or ""
    for known in agreement.disclosures:
        if known.counts and replace(known, id=told.id, return_requested_on=None) == told:
            return Disclosed(agreement, known, warning, is_known=True)
    changed = _saved(work, agreement, (*agreement.disclosures, told))
    work.record(DisclosureRecorded(agreement_id=agreement.id, disclosure_id=told.id, given_on=given_on))
    return Disclosed(changed, told, warning)


def withdraw_disclosure(work: Work, agreement: Agreement, disclosure_id: str, *, because: str) -> Agreement:
    """A disclosure was recorded by mistake; it stays in its place and counts for nothing. Raises NotFound."""
    gone = replace(_given(agreement, disclosure_id), withdrawn_because=because)
    changed = _saved(work, agreement, _with(agreement, gone))
    work.record(DisclosureWithdrawn(agreement_id=agreement.id, disclosure_id=disclosure_id, because=because))
    return returning.not_owed(work, changed, gone, because)


def request_return(work: Work, agreement: Agreement, disclosure_id: str, *, by_on: date | None = None) -> Agreement:
    """We ask to have it back, or destroyed, by a day (30 days from now); asked again, the day moves.

    It is a deadline of its own, done with the certificate. Raises NotFound, DisclosureRefused for a day that is over.
    """
    today = work.today(agreement)
    known = _given(agreement, disclosure_id)
    due_on = by_on or after(today, WITHIN)
    if due_on < today:
        raise DisclosureRefused(f"{due_on} is over.", remedy="Give today, or a day to come.")
    requested = replace(known, return_requested_on=known.return_requested_on or today)
    if requested != known:
        agreement = _saved(work, agreement, _with(agreement, requested))
        work.record(ReturnRequested(agreement_id=agreement.id, disclosure_id=disclosure_id, due_on=due_on))
    return returning.ask_back(work, agreement, requested, due_on)


def _given(agreement: Agreement, disclosure_id: str) -> Disclosure:
    known = next((one for one in agreement.disclosures if one.id == disclosure_id and one.counts), None)
    if known is None:
        raise NotFound(
            "disclosure",
            disclosure_id,
            remedy="List those of the agreement.",
            command=f"longstop disclosure list {agreement.reference}",
        )
    return known


def _with(agreement: Agreement, changed: Disclosure) -> tuple[Disclosure, ...]:
    return tuple(changed if one.id == changed.id else one for one in agreement.disclosures)


def _saved(work: Work, agreement: Agreement, disclosures: tuple[Disclosure, ...]) -> Agreement:
    changed = replace(agreement, disclosures=disclosures, version=agreement.version + 1)
    work.agreements.save(changed)
    return changed
