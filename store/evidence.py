"""Requests for evidence, and the reports that answer them. They are changed, and never deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from lifecycle.days.years import is_within, nearest
from lifecycle.obligations.coverage import strip_of
from lifecycle.obligations.evidence import EvidenceRequest
from store.codec import dumps, loads
from store.errors import NotFound
from store.prepared import PreparedAmong
from store.schema import evidence_requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.session import Session

_T = evidence_requests
_OF: Final = PreparedAmong(select(_T.c.doc), _T.c.agreement_id)


class Evidence:
    """All requests for evidence, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._ahead: dict[str, None] = {}
        self._of: dict[str, list[EvidenceRequest]] = {}

    def get(self, request_id: str) -> EvidenceRequest:
        """The request with this id. Raises NotFound."""
        doc = self._session.execute(select(_T.c.doc).where(_T.c.id == request_id)).scalar()
        if doc is None:
            raise NotFound("evidence request", request_id, remedy="List them.", command="longstop audit list")
        return request_in(doc)

    def by_link(self, sha256: str) -> EvidenceRequest | None:
        """The request whose link's token has this SHA-256; None for a link that nobody has given out."""
        doc = self._session.execute(select(_T.c.doc).where(_T.c.link_sha256 == sha256)).scalar()
        return None if doc is None else request_in(doc)

    def of(self, agreement_id: str) -> list[EvidenceRequest]:
        """Those of an agreement, the one that is due first at the head."""
        if agreement_id not in self._of:
            asked = self._ahead | {agreement_id: None}
            self._ahead, self._of = {}, self._of | {one: [] for one in asked}
            for found in self.of_many(asked):
                self._of[found.agreement_id].append(found)
        return list(self._of[agreement_id])

    def look_ahead(self, agreement_ids: Iterable[str]) -> None:
        """Should ``of`` be asked about one of these, it is asked about all of them."""
        self._ahead |= dict.fromkeys(one for one in agreement_ids if one not in self._of)

    def of_many(self, agreement_ids: Iterable[str]) -> list[EvidenceRequest]:
        """Those of several agreements, in the same order."""
        rows = self._session.among(_OF, dict.fromkeys(agreement_ids))
        found = [request_in(row.doc) for row in rows]
        return sorted(found, key=lambda one: (one.due_on, one.id))

    def forget_seen(self) -> None:
        """What was read is read anew."""
        self._of.clear()

    def add(self, request: EvidenceRequest) -> None:
        """Keep a new request."""
        self.forget_seen()
        self._session.execute(insert(_T), [{"id": request.id, "agreement_id": request.agreement_id, **_row(request)}])

    def save(self, request: EvidenceRequest) -> None:
        """Keep new facts of a known request."""
        self.forget_seen()
        self._session.execute(update(_T).where(_T.c.id == request.id).values(**_row(request)))


def request_in(doc: str) -> EvidenceRequest:
    """The request that a document holds. Earlier versions took spans of any years: what is outside ours is not told."""
    found = loads(doc, EvidenceRequest)
    first_on, last_on = found.covers_from, found.covers_until
    if all(day is None or is_within(day) for day in (first_on, last_on)):
        return found
    return replace(found, covers_from=first_on and nearest(first_on), covers_until=last_on and nearest(last_on))


def _row(request: EvidenceRequest) -> dict[str, Any]:
    shown = strip_of(request)
    return {
        "state": request.state.value,
        "link_sha256": request.link_sha256,
        "doc": dumps(request),
        "due_on": request.due_on if request.is_open else None,
        "accepted_on": request.accepted_on,
        "strip": shown,
        "covered_until": request.covers_until if shown else None,
        "listed_on": request.due_on,
    }
