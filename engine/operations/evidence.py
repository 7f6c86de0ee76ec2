"""Evidence is asked for, and comes.

The other side uploads through a link that is good for one request and a while; the house keeps only the SHA-256 of its
token. A request answers a deadline: one that is there, or one of its own, so that a ladder follows it either way.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.delivery.asking import ask_contact
from engine.file_types import media_type_of
from engine.operations.documents import Given, keep_document
from engine.operations.duties import add_obligation
from engine.zones import midnight
from lifecycle.contacts import contact_for
from lifecycle.documents import Purpose
from lifecycle.errors import LifecycleError
from lifecycle.events import EvidenceReceived, EvidenceRequested
from lifecycle.evidence import (
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
from lifecycle.obligations import Obligation, ObligationKind, Once
from store.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreement import Agreement
    from lifecycle.documents import Document
    from lifecycle.milestones import Milestone

_BYTES: Final = 32  # of a token: 43 characters in an address
_TIME_TO_ANSWER: Final = 15  # business days, where nobody says by when
_STILL_OPEN: Final = timedelta(days=14)  # a link goes on so long after the day due
_WHAT_MOST: Final = 200


class UnknownUpload(LifecycleError):
    """A link to upload that nobody here has given out, or that another one has replaced."""

    code = "unknown-link"

    def __init__(self) -> None:
        super().__init__(
            "This link is not known here.",
            remedy="Open it from the newest message again; an older link may have been replaced, or cut off.",
        )


class UploadOver(LifecycleError):
    """A link to upload that no longer works."""

    code = "link-over"


class AskedToday(LifecycleError):
    """Somebody outside is written to once a day."""

    code = "refused"


class Came(StrEnum):
    """What became of a file that came."""

    FIRST = "first"
    VERSION = "version"  # another file for the same request: the one before stays
    ALREADY = "already"  # the same file: it is here


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What comes for a request: a file, or where it lies; the span that it covers, as far as its giver says."""

    given: Given
    covers_from: date | None = None
    covers_until: date | None = None


class Taken(NamedTuple):
    """What is there now; *number* is how many versions there are."""

    request: EvidenceRequest
    document: Document
    came: Came
    number: int


def request_evidence(work: Work, agreement: Agreement, wanted: Wanted) -> Asked:
    """Ask the other side for a report, with a link to upload it. Raises EvidenceRefused, NotFound."""
    must_be_orderly(wanted.covers_from, wanted.covers_until)
    row = _answered(work, agreement, wanted.milestone_id)
    request = _new(work, agreement, wanted.kind, what=wanted.what, row=row, due_on=wanted.due_on)
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
            remedy="Give their address, or name a contact: `longstop contact add`.",
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


def open_upload(work: Work, token: str) -> EvidenceRequest:
    """The request of an upload link that works. Raises UnknownUpload, UploadOver."""
    request = work.evidence.by_link(_digest(token))
    if request is None:
        raise UnknownUpload
    if not request.is_open:
        raise UploadOver(
            f"The request is closed: {request.what} is {request.state.value} already.", remedy="You need not do more."
        )
    if not request.is_reachable(work.now):
        raise UploadOver("This link has expired.", remedy="Ask whoever wrote to you for a new one.")
    return request


def take_upload(work: Work, token: str, sent: Sent) -> Taken:
    """A file came by a link. Raises UnknownUpload, UploadOver, FileEmpty, FileRefused, EvidenceRefused, OSError."""
    return _taken(work, open_upload(work, token), sent)


def receive_evidence(
    work: Work, agreement: Agreement, sent: Sent, *, kind: EvidenceKind | None = None, request_id: str | None = None
) -> Taken:
    """One of us hands in what came another way: for a request, or of a *kind* that nobody has asked for.

    Raises NotFound, EvidenceRefused, FileEmpty, FileRefused, NothingToKeep, OSError.
    """
    if request_id is not None:
        return _taken(work, evidence_of(work, agreement, request_id), sent)
    if kind is None:
        raise EvidenceRefused("It is not said what it is.", remedy="Name the request that it answers, or its kind.")
    request = _new(work, agreement, kind, what="", row=None, due_on=None)
    work.evidence.add(request)
    return _taken(work, request, sent)


def evidence_of(work: Work, agreement: Agreement, request_id: str) -> EvidenceRequest:
    """A request of this agreement. Raises NotFound, also for one of another agreement."""
    request = work.evidence.get(request_id)
    if request.agreement_id != agreement.id:
        raise NotFound("evidence request", request_id, remedy=f"See `longstop audit show {agreement.reference}`.")
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


def _new(  # noqa: PLR0913 - what a request is made of
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
    token = secrets.token_urlsafe(_BYTES)
    today = work.today(agreement)
    ends_on = max(request.due_on, today) + _STILL_OPEN
    request = replace(
        request,
        asked_on=today,
        link_sha256=_digest(token),
        link_until=midnight(ends_on + timedelta(days=1), agreement.time_zone),
    )
    url = f"{work.house.base_url.rstrip('/')}/evidence-upload/{token}"
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


def _taken(work: Work, request: EvidenceRequest, sent: Sent) -> Taken:
    must_be_possible(request, EvidenceAct.RECEIVE)
    covers_from, covers_until = sent.covers_from or request.covers_from, sent.covers_until or request.covers_until
    must_be_orderly(covers_from, covers_until)
    agreement, row = work.agreements.get(request.agreement_id), answered_row(work, request)
    given = replace(sent.given, purpose=Purpose.REPORT, milestone_id=row.id if row else None)
    if given.content is not None:
        given = replace(given, media_type=media_type_of(given.content))
    document = keep_document(work, agreement, given)
    if document.id in request.documents:
        return Taken(request, document, Came.ALREADY, len(request.documents))
    changed = replace(
        request,
        state=EvidenceState.RECEIVED,
        received_on=work.today(agreement),
        covers_from=covers_from,
        covers_until=covers_until,
        documents=(*request.documents, document.id),
    )
    work.evidence.save(changed)
    number = len(changed.documents)
    work.record(
        EvidenceReceived(agreement_id=agreement.id, request_id=request.id, document_id=document.id, number=number)
    )
    return Taken(changed, document, Came.FIRST if number == 1 else Came.VERSION, number)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
