"""``audits``: rights, reports and findings of agreements; the audits of an agreement have its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response

from engine import operations as ops
from engine.documents.audits import audit_document, evidence_documents
from engine.documents.changes import outcome
from engine.operations.evidence import evidence_of
from lifecycle.counting.derivation import Clause
from lifecycle.obligations.audits import AuditRight
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from store.queries.audits import evidence_listed
from web.agreements.acts import standing_of
from web.agreements.said import FormRefused
from web.api.answers import changed, item, items
from web.api.audit_bodies import (
    Accept,
    AddRight,
    EndRight,
    Listing,
    NewFinding,
    Receive,
    RequestEvidence,
    Retest,
    Review,
    Withdraw,
)
from web.api.bodies import file_content
from web.api.caller import Caller, Reads, Registers
from web.api.routing import get, post
from web.audits.doing import length

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.evidence import EvidenceRequest


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/audits", _listed, "Evidence", many=True)
    get(made, "/audits/{agreement_id}", _one, "Audit")
    post(made, "/audits/{agreement_id}/add-right", _add_right, "Audit")
    post(made, "/audits/{agreement_id}/end-right", _end_right, "Audit")
    post(made, "/audits/{agreement_id}/request-evidence", _request, "EvidenceChanged")
    post(made, "/audits/{agreement_id}/receive", _receive, "EvidenceChanged")
    post(made, "/audits/{agreement_id}/review", _review, "EvidenceChanged")
    post(made, "/audits/{agreement_id}/accept", _accept, "EvidenceChanged")
    post(made, "/audits/{agreement_id}/withdraw", _withdraw, "EvidenceChanged")
    post(made, "/audits/{agreement_id}/finding", _finding, "Audit")
    post(made, "/audits/{agreement_id}/retest", _retest, "Audit")


def _listed(caller: Reads, asked: Annotated[Listing, Query()]) -> Response:
    """Every report: asked for, received, under review, accepted."""
    with caller.look() as work:
        page, following = evidence_listed(
            work, caller.person, is_open=asked.is_open, after=asked.cursor, limit=asked.limit
        )
        return items(caller, "audits", evidence_documents(work, page), following)


def _one(caller: Reads, agreement_id: str) -> Response:
    """The rights, reports and findings of an agreement, and what no report covers."""
    with caller.look() as work:
        known = agreement_by_id(work, agreement_id, caller.person)
        told = {**audit_document(work, known), "result": None, "is_dry_run": False, "deadlines": None}
        return item(caller, "audit", told)


def _add_right(caller: Registers, agreement_id: str, said: AddRight) -> Response:
    """We may audit: a recurring deadline, and one to announce it in time."""
    every = length(said.every)
    if every is None:
        raise FormRefused({"every": "It is not said how often."})
    right = AuditRight(
        id="",
        every=every,
        due_on=said.due_on,
        notice=length(said.notice),
        scope=said.scope,
        clause=Clause(said.clause) if said.clause else None,
    )
    return _audited(caller, agreement_id, lambda work, known: ops.add_audit_right(work, known, right))


def _end_right(caller: Registers, agreement_id: str, said: EndRight) -> Response:
    """No audit under a right is due any more."""

    def change(work: Work, known: Agreement) -> Agreement:
        on = said.on or work.today(known)
        return ops.end_audit_right(work, known, said.right, on=on, because=said.because)

    return _audited(caller, agreement_id, change)


def _request(caller: Registers, agreement_id: str, said: RequestEvidence) -> Response:
    """A mail with an upload link that is good for this report alone; ``url`` is told once."""
    links: list[str] = []

    def change(work: Work, known: Agreement) -> EvidenceRequest:
        if said.again:
            asked = ops.ask_again(work, evidence_of(work, known, said.again).id)
        else:
            wanted = ops.Wanted(
                kind=said.kind,
                contact=ops.contact_named(work, known, said.to, said.name),
                what=said.what,
                due_on=said.due_on,
                milestone_id=said.deadline or None,
                covers_from=said.covers_from,
                covers_until=said.covers_until,
                note=said.note,
            )
            asked = ops.request_evidence(work, known, wanted)
        links.append(asked.url)
        return asked.request

    return _changed(caller, agreement_id, change, links=links)


def _receive(caller: Registers, agreement_id: str, said: Receive) -> Response:
    """Keep what came another way, for a request or of a kind that nobody has asked for."""

    def change(work: Work, known: Agreement) -> EvidenceRequest:
        given = ops.Given(name=said.name, content=file_content(said.content), link=said.link)
        sent = ops.Sent(given=given, covers_from=said.covers_from, covers_until=said.covers_until)
        return ops.receive_evidence(work, known, sent, kind=said.kind, request_id=said.request or None).request

    return _changed(caller, agreement_id, change)


def _review(caller: Registers, agreement_id: str, said: Review) -> Response:
    """Somebody looks at it now."""
    return _changed(
        caller,
        agreement_id,
        lambda work, known: ops.review_evidence(work, evidence_of(work, known, said.request).id),
    )


def _accept(caller: Registers, agreement_id: str, said: Accept) -> Response:
    """It is good until a day, on which the next one is due."""

    def change(work: Work, known: Agreement) -> EvidenceRequest:
        found = evidence_of(work, known, said.request)
        return ops.accept_evidence(
            work, found.id, until_on=said.until_on, covers_from=said.covers_from, covers_until=said.covers_until
        )

    return _changed(caller, agreement_id, change)


def _withdraw(caller: Registers, agreement_id: str, said: Withdraw) -> Response:
    """Nobody wants it any more: its link is dead."""

    def change(work: Work, known: Agreement) -> EvidenceRequest:
        found = evidence_of(work, known, said.request)
        return ops.withdraw_request(work, found.id, because=said.because)

    return _changed(caller, agreement_id, change)


def _finding(caller: Registers, agreement_id: str, said: NewFinding) -> Response:
    """Record what was found: it has to be remedied, and is tested again where that is said."""
    found = ops.Found(
        text=said.text,
        severity=said.severity,
        remedy_by_on=said.remedy_by_on,
        retest_by_on=said.retest_by_on,
        request_id=said.request or None,
    )
    return _audited(caller, agreement_id, lambda work, known: ops.record_finding(work, known, found)[0])


def _retest(caller: Registers, agreement_id: str, said: Retest) -> Response:
    """What was remedied was tested again: it is over, or owed anew."""

    def change(work: Work, known: Agreement) -> Agreement:
        told = ops.Retested(
            on=said.on or work.today(known),
            is_passed=said.passed,
            result=said.result,
            remedy_by_on=said.remedy_by_on,
            retest_by_on=said.retest_by_on,
        )
        return ops.retest(work, known, said.finding, told)

    return _audited(caller, agreement_id, change)


def _audited(caller: Caller, agreement_id: str, change: Callable[[Work, Agreement], Agreement]) -> Response:
    def act(work: Work) -> dict[str, Any]:
        now = change(work, _known(caller, work, agreement_id))
        counts = outcome(work)
        document = audit_document(work, work.agreements.get(now.id))
        return {**document, "result": "done", "is_dry_run": caller.is_dry_run, "deadlines": counts}

    return changed(caller, "audit", act)


def _changed(
    caller: Caller,
    agreement_id: str,
    change: Callable[[Work, Agreement], EvidenceRequest],
    *,
    links: list[str] | None = None,
) -> Response:
    def act(work: Work) -> dict[str, Any]:
        known = _known(caller, work, agreement_id)
        request = change(work, known)
        counts = outcome(work)
        (document,) = evidence_documents(work, [(request, known)])
        url = links[-1] if links and not caller.is_dry_run else None
        return {**document, "url": url, "result": "done", "is_dry_run": caller.is_dry_run, "deadlines": counts}

    return changed(caller, "evidence", act, once=("url",))


def _known(caller: Caller, work: Work, agreement_id: str) -> Agreement:
    known = agreement_by_id(work, agreement_id, caller.person)
    caller.require(Act.REGISTER, standing_of(caller.person, known))
    return known
