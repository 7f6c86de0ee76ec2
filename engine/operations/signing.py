"""Agreements on their way to a signature."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.closing import close_as_done
from engine.operations.begun import check_begun
from engine.operations.duties import add_obligation
from engine.operations.registering import record_end
from lifecycle.agreements.passage import running_number, status_by_facts
from lifecycle.agreements.status import Status, check, landed
from lifecycle.events import AgreementAbandoned, AgreementSigned, SignatureRequested
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.obligations.duties import Obligation, ObligationKind, Recurrence
from lifecycle.words import spoken

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.days.dates import Period

_REVIEW: Final = "review"  # the id of the duty to read it again


def request_signature(
    work: Work, agreement: Agreement, *, on: date, sign_by_on: date | None = None
) -> Agreement:  # fmt: skip
    """It was sent out for signature. Raises IllegalTransition unless it is a draft."""
    check(agreement.reference, agreement.status, "SignatureRequested")
    known = replace(
        agreement,
        status=Status.AWAITING_SIGNATURE,
        signature_requested_on=on,
        sign_by_on=sign_by_on or agreement.sign_by_on,
        version=agreement.version + 1,
    )
    work.agreements.save(known)
    work.record(SignatureRequested(agreement_id=known.id, requested_on=on, sign_by_on=known.sign_by_on))
    return known


def sign(
    work: Work, agreement: Agreement, *, on: date, document: str = "", review_every: Period | None = None
) -> Agreement:
    """Both sides have signed; *review_every* makes it read again so often, counted from that day.

    Raises IllegalTransition unless a signature is awaited, NotYet for a day to come, RecurrenceError for a length that
    never comes again.
    """
    check(agreement.reference, agreement.status, "AgreementSigned")
    check_begun(work, on, "Signed")
    signed = replace(
        agreement,
        signed_on=on,
        document=document or agreement.document,
        signature_requested_on=None,
        assumed=_assumed(agreement),
    )
    today = work.today(agreement)
    known = replace(
        signed,
        status=landed(agreement.reference, agreement.status, "AgreementSigned", status_by_facts(signed, today)),
        term_number=running_number(signed, today),
        signature_requested_on=agreement.signature_requested_on,
        version=agreement.version + 1,
    )
    close_as_done(work, known, {MilestoneKind.SIGNATURE}, on=on, evidence=document or f"signed on {spoken(on)}")
    work.agreements.save(known)
    work.record(AgreementSigned(agreement_id=known.id, signed_on=on, document=document))
    record_end(work, known, was=agreement.status)
    return _reviewed(work, known, on, review_every) if review_every else known


def _assumed(agreement: Agreement) -> tuple[str, ...]:
    """What nobody stated: where no effective day is known, the day of signing is taken."""
    unstated = {"effective_on"} if agreement.effective_on is None else set()
    return tuple(sorted({*agreement.assumed} | unstated))


def _reviewed(work: Work, agreement: Agreement, signed_on: date, every: Period) -> Agreement:
    if any(one.id == _REVIEW for one in agreement.obligations):
        return agreement
    name = f"Review {agreement.title or agreement.reference}: does it still fit?"
    duty = Obligation(id=_REVIEW, kind=ObligationKind.REVIEW, name=name[:200], due=Recurrence(every, signed_on))
    return add_obligation(work, agreement, duty)


def abandon(work: Work, agreement: Agreement, *, because: str) -> Agreement:
    """It will never be signed. Raises IllegalTransition unless it is unsigned."""
    check(agreement.reference, agreement.status, "AgreementAbandoned")
    known = replace(agreement, status=Status.ENDED, version=agreement.version + 1)
    work.agreements.save(known)
    work.record(AgreementAbandoned(agreement_id=known.id, because=because))
    return known
