"""Documents of agreements: rows that name kept files by their hash."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from lifecycle.agreements.documents import Document, Purpose
from store.errors import NotFound
from store.schema import documents
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row

    from store.session import Session


class Documents:
    """All documents, inside one transaction. They are added, and never changed."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def get(self, document_id: str) -> Document:
        """The document with this id. Raises NotFound."""
        row = self._session.execute(select(documents).where(documents.c.id == document_id)).one_or_none()
        if row is None:
            raise NotFound("document", document_id)
        return _document(row)

    def many(self, ids: Iterable[str]) -> dict[str, Document]:
        """The documents with these ids, by id, as far as they are there."""
        found: dict[str, Document] = {}
        for chunk in chunks(list(dict.fromkeys(ids))):
            rows = self._session.execute(select(documents).where(documents.c.id.in_(chunk)))
            found.update((row.id, _document(row)) for row in rows)
        return found

    def of(self, agreement_id: str) -> list[Document]:
        """The documents of an agreement, the newest first."""
        statement = select(documents).where(documents.c.agreement_id == agreement_id)
        order = (documents.c.added_at.desc(), documents.c.id)
        return [_document(row) for row in self._session.execute(statement.order_by(*order))]

    def kept(self) -> dict[str, list[Document]]:
        """Every file that is kept here, by its SHA-256, with the documents that it is."""
        found: dict[str, list[Document]] = {}
        asked = select(documents).where(documents.c.sha256.is_not(None)).order_by(documents.c.sha256, documents.c.id)
        for row in self._session.execute(asked):
            found.setdefault(row.sha256, []).append(_document(row))
        return found

    def same(self, wanted: Document) -> Document | None:
        """The document that is there already: the same file for the same purpose; None where there is none."""
        if wanted.sha256 is None:
            return None
        found = (one for one in self.of(wanted.agreement_id) if one.sha256 == wanted.sha256)
        return next(
            (one for one in found if (one.purpose, one.milestone_id) == (wanted.purpose, wanted.milestone_id)), None
        )

    def add(self, document: Document) -> None:
        """Keep a new document."""
        self._session.execute(insert(documents), [asdict(document) | {"purpose": document.purpose.value}])


def _document(row: Row[Any]) -> Document:
    values = dict(row._mapping)  # noqa: SLF001 - sqlalchemy's public name for it
    return Document(**values | {"purpose": Purpose(row.purpose)})
