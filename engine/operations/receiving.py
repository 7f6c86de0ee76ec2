"""Evidence comes: by an upload link, or handed in by one of us.

What comes is kept whole, as another version beside those that are here; the same file is here already, and what is
said with it for the first time is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from engine.digests import digest_of
from engine.file_types import media_type_of
from engine.operations.documents import Given, keep_document
from engine.operations.evidence import answered_row, evidence_of, new_request
from lifecycle.agreements.documents import Purpose
from lifecycle.errors import LifecycleError
from lifecycle.events import EvidenceReceived
from lifecycle.obligations.evidence import (
    EvidenceAct,
    EvidenceKind,
    EvidenceRefused,
    EvidenceRequest,
    EvidenceState,
    must_be_orderly,
    must_be_possible,
)

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.agreements.documents import Document


class UnknownUpload(LifecycleError):
    """A link to upload that nobody here has given out, or that another one has replaced."""

    code = "unknown-link"

    def __init__(self) -> None:
        super().__init__(
            "This link is not known here.",
            remedy="Open it from the newest message again; an older link may have been replaced, or cut off. "
            "If that does not help, ask whoever wrote to you for a new one.",
        )


class UploadOver(LifecycleError):
    """A link to upload that no longer works."""

    code = "link-over"


class Came(StrEnum):
    """What became of a file that came."""

    FIRST = "first"
    VERSION = "version"  # another file for the same request: the one before stays
    ALREADY = "already"  # the same file: it is here
    SPAN = "span"  # the same file, and now it is said which days it covers


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


def open_upload(work: Work, token: str) -> EvidenceRequest:
    """The request of an upload link that works. Raises UnknownUpload, UploadOver."""
    request = work.evidence.by_link(digest_of(token))
    if request is None:
        raise UnknownUpload
    if not request.is_open:
        raise UploadOver(
            f"The request is closed: {request.what} is {request.state.value} already.",
            remedy="You need not do more. What comes now is not kept: if it has to replace what you have sent, "
            "write to whoever asked you.",
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
    request = new_request(work, agreement, kind, what="", row=None, due_on=None)
    work.evidence.add(request)
    return _taken(work, request, sent)


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
        return _again(work, replace(request, covers_from=covers_from, covers_until=covers_until), document, request)
    changed = replace(
        request,
        state=EvidenceState.RECEIVED,
        received_on=work.today(agreement),
        covers_from=covers_from,
        covers_until=covers_until,
        documents=(*request.documents, document.id),
    )
    number = len(changed.documents)
    _keep(work, changed, document.id, number)
    return Taken(changed, document, Came.FIRST if number == 1 else Came.VERSION, number)


def _again(work: Work, request: EvidenceRequest, document: Document, before: EvidenceRequest) -> Taken:
    """The same file came again: often to say the days that were forgotten the first time."""
    number = request.documents.index(document.id) + 1
    if request == before:
        return Taken(request, document, Came.ALREADY, number)
    _keep(work, request, document.id, number)
    return Taken(request, document, Came.SPAN, number)


def _keep(work: Work, request: EvidenceRequest, document_id: str, number: int) -> None:
    work.evidence.save(request)
    work.record(
        EvidenceReceived(
            agreement_id=request.agreement_id, request_id=request.id, document_id=document_id, number=number
        )
    )
