"""Documents are kept with an agreement: a file on the shelf, or a note of where it lies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lifecycle.agreements.documents import Document, Purpose
from lifecycle.errors import LifecycleError
from lifecycle.events import DocumentAdded

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement

_NAME_MOST = 200


class NothingToKeep(LifecycleError):
    """A document without a file and without a place."""

    code = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody hands in. *content* None: it is kept elsewhere, at *link*, or as paper by *held_by*."""

    name: str
    content: bytes | None = None
    media_type: str = ""
    link: str = ""
    held_by: str = ""
    purpose: Purpose = Purpose.OTHER
    milestone_id: str | None = None


def keep_document(work: Work, agreement: Agreement, given: Given) -> Document:
    """Keep a document; the same file, or the same note of where it lies, for the same purpose is kept once.

    Raises NothingToKeep, OSError.
    """
    shelf = work.monitor.shelf
    kept = shelf.put(given.content) if given.content and shelf else None
    if kept is None and not given.link and not given.held_by:
        raise NothingToKeep("There is no file and no place where it lies.", remedy="Give a file, a link or who has it.")
    told = Document(
        id=work.new_id(),
        agreement_id=agreement.id,
        purpose=given.purpose,
        name=_name(given.name) or given.link,
        added_at=work.now,
        added_by=work.actor.name,
        milestone_id=given.milestone_id,
        sha256=kept.sha256 if kept else None,
        size=kept.size if kept else None,
        media_type=given.media_type[:100],
        link=given.link,
        held_by=given.held_by,
    )
    known = work.documents.same(told) if kept else _noted(work, told)
    if known is not None:
        return known
    work.documents.add(told)
    work.record(
        DocumentAdded(agreement_id=agreement.id, document_id=told.id, purpose=told.purpose.value, sha256=told.sha256)
    )
    return told


def _noted(work: Work, told: Document) -> Document | None:
    """The same note without a file; None where there is none."""
    for one in work.documents.of(told.agreement_id):
        if replace(one, id=told.id, added_at=told.added_at, added_by=told.added_by) == told:
            return one
    return None


def _name(name: str) -> str:
    """The last part of what its giver called it: a name to show, never a path."""
    shown = "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    return shown.strip()[-_NAME_MOST:]
