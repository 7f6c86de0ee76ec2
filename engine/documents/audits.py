"""Audits as scripts and people read them: rights with their next days, evidence, findings, and what is covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.documents.deadlines import person_document
from engine.documents.plain import clause_document
from lifecycle.days.dates import Period, before
from lifecycle.obligations.coverage import strip, strips
from lifecycle.obligations.evidence import NAMES
from store.queries.audits import Place, rows_of, rows_of_audits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.agreements.documents import Document
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.obligations.audits import AuditFinding, AuditRight
    from lifecycle.obligations.evidence import EvidenceRequest

_BACK: Final = Period(months=12)
_ONLY: Final = "1"  # the cycle of what is due once


def audit_document(work: Work, agreement: Agreement) -> dict[str, Any]:
    """What ``audit show`` tells of one agreement."""
    rows = rows_of_audits(work, agreement.id)
    found = work.evidence.of(agreement.id)
    owners = {agreement.owner_id, *(one.owner_id for one in agreement.audit_rights)}
    owners |= {one.owner_id for one in agreement.audit_findings}
    work.people.read(owners)
    people = {key: person_document(work.people.get(key)) for key in owners if key}
    return {
        "id": agreement.id,
        "reference": agreement.reference,
        "title": agreement.title,
        "counterparty": agreement.counterparty,
        "rights": [_right(agreement, one, rows, people) for one in agreement.audit_rights],
        "evidence": evidence_documents(work, [(one, agreement) for one in found]),
        "findings": [_finding(agreement, one, rows, people) for one in agreement.audit_findings],
        "coverage": coverage_document(found, work.today(agreement)),
    }


def evidence_documents(work: Work, found: Sequence[tuple[EvidenceRequest, Agreement]]) -> list[dict[str, Any]]:
    """What ``audit list`` tells."""
    rows = rows_of(work, (request for request, _ in found))
    files = work.documents.many(one for request, _ in found for one in request.documents)
    return [_evidence(request, agreement, rows, files) for request, agreement in found]


def _evidence(
    one: EvidenceRequest, agreement: Agreement, rows: Mapping[Place, Milestone], files: Mapping[str, Document]
) -> dict[str, Any]:
    """One report, from the request to its acceptance."""
    row = rows.get(Place(agreement.id, one.subject, one.cycle))
    return {
        "id": one.id,
        "agreement_id": agreement.id,
        "reference": agreement.reference,
        "counterparty": agreement.counterparty,
        "kind": one.kind,
        "kind_name": NAMES[one.kind],
        "what": one.what,
        "state": one.state,
        "due_on": one.due_on,
        "contact": {"email": one.contact.email, "name": one.contact.name or None} if one.contact else None,
        "asked_on": one.asked_on,
        "asked_by": one.asked_by or None,
        "link_until": one.link_until if one.is_open else None,
        "covers_from": one.covers_from,
        "covers_until": one.covers_until,
        "received_on": one.received_on,
        "accepted_on": one.accepted_on,
        "accepted_until": one.accepted_until,
        "documents": [_file(files[key]) for key in one.documents],
        "deadline": row.id if row else None,
    }


def coverage_document(found: Sequence[EvidenceRequest], today: date) -> list[dict[str, Any]]:
    """Twelve months up to *today*, a strip for each sort of report."""
    from_on = before(today, _BACK)
    return [
        {
            "name": name,
            "from_on": from_on,
            "until_on": today,
            "stretches": [
                {"first_on": one.first_on, "last_on": one.last_on, "cover": one.cover}
                for one in strip(spans, from_on=from_on, until_on=today)
            ],
        }
        for name, spans in strips(found).items()
    ]


def _right(
    agreement: Agreement, one: AuditRight, rows: Mapping[Place, Milestone], people: Mapping[str, Any]
) -> dict[str, Any]:
    mine = [row for place, row in rows.items() if place.subject == one.subject and row.is_live]
    following = min(mine, key=lambda row: row.safe_on, default=None)
    return {
        "id": one.id,
        "every": one.every,
        "notice": one.notice,
        "scope": one.scope or None,
        "clause": clause_document(one.clause),
        "owner": people.get(one.owner_id or agreement.owner_id or ""),
        "next_on": following.safe_on if following else None,
        "announce_by_on": following.opens_on if following else None,
        "deadline": following.id if following else None,
        "ended_on": one.ended_on,
    }


def _finding(
    agreement: Agreement, one: AuditFinding, rows: Mapping[Place, Milestone], people: Mapping[str, Any]
) -> dict[str, Any]:
    row = rows.get(Place(agreement.id, one.subject, _ONLY))
    remedied_on = row.outcome.on if row and row.outcome else None
    is_over = one.is_passed is True or (remedied_on is not None and one.retest_by_on is None)
    return {
        "id": one.id,
        "text": one.text,
        "severity": one.severity,
        "state": "closed" if is_over else "to test" if remedied_on else "open",
        "found_on": one.found_on,
        "remedy_by_on": one.remedy_by_on,
        "remedied_on": remedied_on,
        "retest_by_on": one.retest_by_on,
        "retested_on": one.retested_on,
        "is_passed": one.is_passed,
        "result": one.result or None,
        "owner": people.get(one.owner_id or agreement.owner_id or ""),
        "evidence": one.request_id,
        "deadline": row.id if row else None,
    }


def _file(one: Document) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "sha256": one.sha256,
        "size": one.size,
        "link": one.link or None,
        "added_at": one.added_at,
        "added_by": one.added_by,
    }
