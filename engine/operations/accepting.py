"""What came is looked at, and accepted for a while; what is accepted begins the next cycle."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.operations.auditing import begin_next_round
from engine.operations.evidence import add_own_duty, answered_row
from engine.operations.tested import Result, done, must_have_result
from lifecycle.events import EvidenceAccepted, EvidenceReviewed, EvidenceWithdrawn
from lifecycle.obligations.evidence import (
    NEXT,
    EvidenceAct,
    EvidenceRefused,
    EvidenceRequest,
    EvidenceState,
    holds_until,
    must_be_orderly,
    must_be_possible,
    own_subject,
)

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.audits import AuditRight


def review_evidence(work: Work, request_id: str) -> EvidenceRequest:
    """Somebody looks at it now; said twice is once. Raises NotFound, EvidenceRefused."""
    request = work.evidence.get(request_id)
    if request.state is EvidenceState.UNDER_REVIEW:
        return request
    must_be_possible(request, EvidenceAct.REVIEW)
    changed = replace(request, state=EvidenceState.UNDER_REVIEW)
    work.evidence.save(changed)
    work.record(EvidenceReviewed(agreement_id=request.agreement_id, request_id=request.id))
    return changed


def accept_evidence(
    work: Work,
    request_id: str,
    *,
    until_on: date | None = None,
    covers_from: date | None = None,
    covers_until: date | None = None,
) -> EvidenceRequest:
    """What came is good, until a day: said, or reckoned from what it covers.

    1. The deadline that it answers is done, and the link is dead.
    2. The next cycle begins: an audit right is due again on that day, what has a deadline of its own gets the next one.

    Raises NotFound, EvidenceRefused.
    """
    request = work.evidence.get(request_id)
    must_be_possible(request, EvidenceAct.ACCEPT)
    must_be_orderly(covers_from or request.covers_from, covers_until or request.covers_until)
    agreement = work.agreements.get(request.agreement_id)
    today = work.today(agreement)
    if until_on is not None and until_on < today:
        raise EvidenceRefused(f"It would be good until {until_on}, which is over.", remedy="Give a day ahead.")
    request = replace(
        request, covers_from=covers_from or request.covers_from, covers_until=covers_until or request.covers_until
    )
    right = next((one for one in agreement.audit_rights if one.subject == request.subject), None)
    until_on = until_on or holds_until(request, today, right.every if right else None)
    _close(work, agreement, request)
    _begin_next(work, agreement, request, right, until_on)
    changed = replace(request, state=EvidenceState.ACCEPTED, accepted_on=today, accepted_until=until_on)
    work.evidence.save(changed)
    work.record(EvidenceAccepted(agreement_id=agreement.id, request_id=request.id, until_on=until_on))
    return changed


def withdraw_request(work: Work, request_id: str, *, because: str) -> EvidenceRequest:
    """Nobody wants it any more: its link is dead, a deadline of its own is withdrawn. Raises EvidenceRefused."""
    request = work.evidence.get(request_id)
    must_be_possible(request, EvidenceAct.WITHDRAW)
    if not because.strip():
        raise EvidenceRefused("It is not said why.", remedy="Say why.", command="--because TEXT")
    agreement = work.agreements.get(request.agreement_id)
    if request.subject == own_subject(request.id):
        others = tuple(one for one in agreement.obligations if one.id != request.subject)
        work.agreements.save(replace(agreement, obligations=others, version=agreement.version + 1))
    changed = replace(request, state=EvidenceState.WITHDRAWN)
    work.evidence.save(changed)
    work.record(EvidenceWithdrawn(agreement_id=agreement.id, request_id=request.id, because=because.strip()))
    return changed


def _close(work: Work, agreement: Agreement, request: EvidenceRequest) -> None:
    row = answered_row(work, request)
    if row is not None and request.documents:
        proof = work.documents.get(request.documents[-1]).said
        passed = Result(is_passed=True) if must_have_result(row) else None
        done(work, row.id, evidence=proof, on=request.received_on or work.today(agreement), result=passed)


def _begin_next(
    work: Work, agreement: Agreement, request: EvidenceRequest, right: AuditRight | None, until_on: date | None
) -> None:
    """What recurs by itself does so; a right is counted anew, and what has its own deadline gets the next one."""
    if until_on is None:
        return
    agreement = work.agreements.get(agreement.id)
    if right is not None:
        begin_next_round(work, agreement, right, until_on)
    elif request.has_own_duty:
        add_own_duty(work, agreement, f"{own_subject(request.id)}{NEXT}", request.what, until_on)
