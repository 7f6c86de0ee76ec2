"""Evidence is asked for: a mail to the other side, with a link that is good for one request and a while.

The house keeps only the SHA-256 of the link's token. A request answers a deadline: one that is there, or one of its
own, so that a ladder follows it either way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.delivery.asking import ask_contact
from engine.delivery.upload_links import newly_linked
from engine.operations.duties import add_obligation
from lifecycle.contacts import contact_for
from lifecycle.days.years import must_be_within
from lifecycle.errors import LifecycleError
from lifecycle.events import EvidenceRequested
from lifecycle.obligations.duties import Obligation, ObligationKind, Once
from lifecycle.obligations.evidence import (
    NAMES,
    Contact,
    EvidenceAct,
    EvidenceKind,
    EvidenceRefused,
    EvidenceRequest,
    EvidenceState,
    must_be_orderly,
    must_be_possible,
    own_subject,
)
from store.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone

_TIME_TO_ANSWER: Final = 15  # business days, where nobody says by when
_WHAT_MOST: Final = 200


class AskedToday(LifecycleError):
    """Somebody outside is written to once a day."""

    code = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for. *milestone_id* is the deadline that it answers; None: it gets one of its own."""

    kind: EvidenceKind
    contact: Contact
    what: str = ""  # in words; else the kind's
    due_on: date | None = None  # None: the deadline's day, else fifteen business days from today
    milestone_id: str | None = None
    covers_from: date | None = None
    covers_until: date | None = None
    note: str = ""


class Asked(NamedTuple):
    """A request, and the address of its link, which is never to be had again."""

    request: EvidenceRequest
    url: str


def request_evidence(work: Work, agreement: Agreement, wanted: Wanted) -> Asked:
    """Ask the other side for a report, with a link to upload it. Raises EvidenceRefused, NotFound, DayOutOfRange."""
    must_be_orderly(wanted.covers_from, wanted.covers_until)
    row = _answered(work, agreement, wanted.milestone_id)
    request = new_request(work, agreement, wanted.kind, what=wanted.what, row=row, due_on=wanted.due_on)
    must_be_within(request.due_on)
    if request.due_on < work.today(agreement):
        raise EvidenceRefused(f"{request.due_on} is over.", remedy="Give a day by which they can answer.")
    request = replace(
        request,
        contact=wanted.contact,
        covers_from=wanted.covers_from,
        covers_until=wanted.covers_until,
        note=wanted.note.strip(),
    )
    work.evidence.add(request)
    return _asked(work, agreement, request, is_again=False)


def contact_named(work: Work, agreement: Agreement, text: str, name: str = "") -> Contact:
    """Whom we ask there: an address, or somebody who is known by a name. Raises EvidenceRefused."""
    known = work.contacts.of(agreement.counterparty_id)
    found = contact_for(text.strip(), known, agreement.counterparty_id) if text.strip() else None
    if found is None:
        raise EvidenceRefused(
            "It is not known whom to ask there.",
            remedy="Give their address, or name a contact.",
            command="longstop contact add",
        )
    return Contact(found.email, " ".join(name.split()) or found.person)


def ask_again(work: Work, request_id: str) -> Asked:
    """The same once more, with a new link; the old one is dead.

    Raises NotFound, EvidenceRefused, AskedToday.
    """
    request = work.evidence.get(request_id)
    must_be_possible(request, EvidenceAct.ASK)
    agreement = work.agreements.get(request.agreement_id)
    if request.contact is None:
        raise EvidenceRefused("It came by itself: nobody was asked.", remedy="Ask anew, and say whom.")
    if request.asked_on == work.today(agreement):
        raise AskedToday(
            f"{request.contact.label} was asked for it today already.", remedy="Ask again tomorrow, or call them."
        )
    return _asked(work, agreement, request, is_again=True)


def evidence_of(work: Work, agreement: Agreement, request_id: str) -> EvidenceRequest:
    """A request of this agreement. Raises NotFound, also for one of another agreement."""
    request = work.evidence.get(request_id)
    if request.agreement_id != agreement.id:
        raise NotFound(
            "evidence request",
            request_id,
            remedy="Look at its audits.",
            command=f"longstop audit show {agreement.reference}",
        )
    return request


def answered_row(work: Work, request: EvidenceRequest) -> Milestone | None:
    """The deadline that a request answers, as long as it is open."""
    for row in work.milestones.of(request.agreement_id):
        if (row.key.subject, row.key.cycle) == (request.subject, request.cycle) and row.is_live:
            return row
    return None


def add_own_duty(work: Work, agreement: Agreement, subject: str, name: str, due_on: date) -> None:
    """A deadline for evidence that answers no other one."""
    duty = Obligation(id=subject, kind=ObligationKind.EVIDENCE, name=name, due=Once(due_on), evidence=name)
    add_obligation(work, work.agreements.get(agreement.id), duty)


def _answered(work: Work, agreement: Agreement, milestone_id: str | None) -> Milestone | None:
    if milestone_id is None:
        return None
    row = work.milestones.get(milestone_id)
    if row.key.holder != agreement.id or not row.is_live or not row.is_deadline:
        raise EvidenceRefused("That is no open deadline of this agreement.", remedy="Name one that is, or none.")
    return row


def new_request(  # noqa: PLR0913 - what a request is made of
    work: Work, agreement: Agreement, kind: EvidenceKind, *, what: str, row: Milestone | None, due_on: date | None
) -> EvidenceRequest:
    """A request as it begins; one that answers no deadline gets its own."""
    new_id = work.new_id()
    name = " ".join(what.split())[:_WHAT_MOST] or NAMES[kind]
    today = work.today(agreement)
    due = due_on or (row.safe_on if row else work.calendar(agreement.calendar).shift(today, _TIME_TO_ANSWER))
    subject, cycle = (row.key.subject, row.key.cycle) if row else (own_subject(new_id), "1")
    if row is None:
        add_own_duty(work, agreement, subject, name, due)
    return EvidenceRequest(
        id=new_id,
        agreement_id=agreement.id,
        kind=kind,
        what=name,
        state=EvidenceState.ASKED,
        subject=subject,
        cycle=cycle,
        due_on=due,
        asked_by=work.actor.name,
    )


def _asked(work: Work, agreement: Agreement, request: EvidenceRequest, *, is_again: bool) -> Asked:
    """A new link, and the mail that brings it."""
    request, url = newly_linked(work, agreement, request)
    request = replace(request, mailed_at=ask_contact(work, agreement, request, url))
    work.evidence.save(request)
    work.record(
        EvidenceRequested(
            agreement_id=agreement.id,
            request_id=request.id,
            kind=request.kind.value,
            due_on=request.due_on,
            is_again=is_again,
        )
    )
    return Asked(request, url)
