"""Audit rights, and what audits have found: recorded with the agreement, owed like everything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.operations.evidence import evidence_of
from engine.operations.outcomes import done
from lifecycle.events import AuditFindingRecorded, AuditFindingRetested, AuditRightAdded, AuditRightEnded
from lifecycle.obligations.audits import (
    AuditFinding,
    AuditRefused,
    AuditRight,
    Severity,
    failed,
    laid,
    must_be_possible,
    renewed,
)
from lifecycle.obligations.evidence import EvidenceAct, EvidenceState
from lifecycle.obligations.evidence import must_be_possible as must_be_allowed
from lifecycle.words import spoken
from store.errors import AlreadyThere, NotFound

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an audit or a report has shown, as somebody tells it."""

    text: str
    severity: Severity
    remedy_by_on: date
    retest_by_on: date | None = None
    owner_id: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retested:
    """What a re-test has shown; where it failed, by when it is remedied and tested again."""

    on: date
    is_passed: bool
    result: str
    remedy_by_on: date | None = None
    retest_by_on: date | None = None


def add_audit_right(work: Work, agreement: Agreement, right: AuditRight) -> Agreement:
    """We may audit; its id is found here.

    Raises RecurrenceError, AuditRefused for a day that is over, AlreadyThere for the same right said again.
    """
    if right.due_on < work.today(agreement):
        raise AuditRefused(
            f"The first audit would be due on {right.due_on}, which is over.", remedy="Give a day ahead."
        )
    if any(one.ended_on is None and replace(one, id=right.id) == right for one in agreement.audit_rights):
        name = right.scope or f"due on {spoken(right.due_on)}"
        raise AlreadyThere("audit right", name, remedy="Give another scope or day, if it is another one.")
    known = replace(right, id=f"a{len(agreement.audit_rights) + 1}")
    changed = _kept(work, replace(agreement, audit_rights=(*agreement.audit_rights, known)))
    work.record(AuditRightAdded(agreement_id=agreement.id, right_id=known.id, due_on=known.due_on))
    return changed


def end_audit_right(work: Work, agreement: Agreement, right_id: str, *, on: date, because: str) -> Agreement:
    """No audit under a right is due after *on*. Raises NotFound."""
    ended = replace(right_of(agreement, right_id), ended_on=on)
    changed = _kept(work, _with_right(agreement, ended))
    work.record(AuditRightEnded(agreement_id=agreement.id, right_id=right_id, on=on, because=because))
    return changed


def begin_next_round(work: Work, agreement: Agreement, right: AuditRight, due_on: date) -> Agreement:
    """The result of a right's cycle was accepted: the next is due on *due_on*, and from then on as often as ever."""
    return _kept(work, _with_right(agreement, renewed(right, due_on)))


def record_finding(work: Work, agreement: Agreement, told: Found) -> tuple[Agreement, AuditFinding]:
    """What was found has to be remedied, and tested again if that is said. The same words of the same report are once.

    Raises AuditRefused, EvidenceRefused for a report that nobody has yet, NotFound.
    """
    text = " ".join(told.text.split())
    for one in agreement.audit_findings:
        if (one.text, one.request_id) == (text, told.request_id) and one.is_passed is not True:
            return agreement, one
    finding = AuditFinding(
        id=f"f{len(agreement.audit_findings) + 1}",
        text=text,
        severity=told.severity,
        found_on=work.today(agreement),
        remedy_by_on=told.remedy_by_on,
        retest_by_on=told.retest_by_on,
        owner_id=told.owner_id,
        request_id=told.request_id,
    )
    must_be_possible(finding)
    if told.request_id is not None:
        _found_in(work, agreement, told.request_id)
    changed = _kept(work, replace(agreement, audit_findings=(*agreement.audit_findings, finding)))
    work.record(
        AuditFindingRecorded(
            agreement_id=agreement.id,
            finding_id=finding.id,
            severity=finding.severity.value,
            remedy_by_on=finding.remedy_by_on,
            request_id=finding.request_id,
        )
    )
    return changed, finding


def retest(work: Work, agreement: Agreement, finding_id: str, told: Retested) -> Agreement:
    """What was remedied was tested again.

    1. The deadline of the test is done; where it has passed, that of the finding as well.
    2. Where it has failed, both are owed anew by the days that are told.

    Raises NotFound, AuditRefused for a finding that is over, a day to come, or no word of what was seen.
    """
    finding = _finding_of(agreement, finding_id)
    _must_be_testable(work, agreement, finding, told)
    verdict = f"re-test {'passed' if told.is_passed else 'not passed'}: {told.result.strip()}"
    subjects = [finding.retest_subject, *([finding.subject] if told.is_passed else [])]
    for row in work.milestones.of(agreement.id):
        if row.key.subject in subjects and row.is_live:
            done(work, row.id, evidence=verdict, on=told.on)
    tested = replace(finding, retested_on=told.on, is_passed=told.is_passed, result=told.result.strip())
    if not told.is_passed:
        if told.remedy_by_on is None or told.retest_by_on is None:
            raise AuditRefused(
                "It has failed, and nobody knows by when it is remedied.",
                remedy="Say by when it is remedied, and by when it is tested once more.",
            )
        tested = failed(tested, remedy_by_on=told.remedy_by_on, retest_by_on=told.retest_by_on)
    findings = tuple(tested if one.id == finding.id else one for one in agreement.audit_findings)
    changed = _kept(work, replace(work.agreements.get(agreement.id), audit_findings=findings))
    work.record(
        AuditFindingRetested(agreement_id=agreement.id, finding_id=finding.id, on=told.on, is_passed=told.is_passed)
    )
    return changed


def right_of(agreement: Agreement, right_id: str) -> AuditRight:
    """An audit right of an agreement. Raises NotFound."""
    for one in agreement.audit_rights:
        if one.id == right_id:
            return one
    raise NotFound(
        "audit right", right_id, remedy="Look at its audits.", command=f"longstop audit show {agreement.reference}"
    )


def _finding_of(agreement: Agreement, finding_id: str) -> AuditFinding:
    for one in agreement.audit_findings:
        if one.id == finding_id:
            return one
    raise NotFound(
        "finding", finding_id, remedy="Look at its audits.", command=f"longstop audit show {agreement.reference}"
    )


def _must_be_testable(work: Work, agreement: Agreement, finding: AuditFinding, told: Retested) -> None:
    if finding.is_passed:
        raise AuditRefused(f"Finding {finding.id} is over: its re-test passed.", remedy="Record a new finding.")
    if told.on > work.today(agreement):
        raise AuditRefused(f"{told.on} has not come yet.", remedy="Record the test when it was made.")
    if not told.result.strip():
        raise AuditRefused("A re-test needs a result.", remedy="Say in a sentence what was seen, or where it stands.")


def _found_in(work: Work, agreement: Agreement, request_id: str) -> None:
    """The report waits for what was found in it; one that was accepted stays accepted."""
    request = evidence_of(work, agreement, request_id)
    if request.state is not EvidenceState.ACCEPTED:
        must_be_allowed(request, EvidenceAct.FIND)
        work.evidence.save(replace(request, state=EvidenceState.FINDINGS))


def _with_right(agreement: Agreement, right: AuditRight) -> Agreement:
    rights = tuple(right if one.id == right.id else one for one in agreement.audit_rights)
    return replace(agreement, audit_rights=rights)


def _kept(work: Work, agreement: Agreement) -> Agreement:
    """Saved with its rights and findings as they are owed now."""
    obligations = laid(agreement.obligations, agreement.audit_rights, agreement.audit_findings)
    changed = replace(agreement, obligations=obligations, version=agreement.version + 1)
    work.agreements.save(changed)
    return changed
