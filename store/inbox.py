"""What came in: answers and calls from outside, each once under its key, until it is done.

A row waits for its next attempt, or for a person (no instant and no result), or it has a result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from store.prepared import Prepared
from store.schema import inbox

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from store.session import Session

_ALL: Final = select(inbox)
_NEXT: Final = Prepared(select(func.min(inbox.c.next_attempt_at)).where(text("next_attempt_at IS NOT NULL")))


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """Something that came in. *payload* and *result* are documents of the engine's."""

    id: str
    dedupe_key: str
    source: str  # slack, link, hook:NAME
    received_at: datetime
    payload: str
    next_attempt_at: datetime | None = None
    failures: int = 0
    applied_at: datetime | None = None
    result: str | None = None


class Inbox:
    """What came in, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def take(self, row: InboxRow) -> bool:
        """Keep something that came in; False where the same is there already."""
        maker = sqlite.insert if self._session.is_sqlite else postgresql.insert
        values = {name: getattr(row, name) for name in InboxRow.__slots__}
        statement = maker(inbox).values(values).on_conflict_do_nothing(index_elements=["dedupe_key"])
        return self._session.execute(statement.returning(inbox.c.id)).first() is not None

    def by_key(self, dedupe_key: str) -> InboxRow | None:
        """What came in under this key."""
        row = self._session.execute(_ALL.where(inbox.c.dedupe_key == dedupe_key)).one_or_none()
        return None if row is None else _read(row)

    def settle(self, row_id: str, *, at: datetime, result: str) -> None:
        """It is done, and this became of it."""
        values = {"applied_at": at, "result": result, "next_attempt_at": None}
        self._session.execute(update(inbox).where(inbox.c.id == row_id).values(values))

    def put_off(self, row_id: str, *, until: datetime, failures: int) -> None:
        """It could not be done: try again then."""
        values = {"next_attempt_at": until, "failures": failures}
        self._session.execute(update(inbox).where(inbox.c.id == row_id).values(values))

    def leave(self, row_id: str, *, payload: str) -> None:
        """It waits for a person from now on."""
        values = {"payload": payload, "next_attempt_at": None}
        self._session.execute(update(inbox).where(inbox.c.id == row_id).values(values))

    def claim(self, now: datetime) -> InboxRow | None:
        """The row whose attempt is due longest; nobody else has it until this transaction ends."""
        due = text("next_attempt_at IS NOT NULL")
        statement = _ALL.where(due, inbox.c.next_attempt_at <= now).order_by(inbox.c.next_attempt_at).limit(1)
        row = self._session.execute(statement.with_for_update(skip_locked=True)).one_or_none()
        return None if row is None else _read(row)

    def next_at(self) -> datetime | None:
        """When the next attempt is due."""
        return self._session.find(_NEXT).scalar()

    def forget(self, before: datetime) -> int:
        """Delete what was done before an instant; how much."""
        return self._session.execute(delete(inbox).where(inbox.c.applied_at < before)).rowcount

    def waiting(self, limit: int = 200) -> list[InboxRow]:
        """What nobody could make sense of and waits for a person, oldest first."""
        waits = inbox.c.applied_at.is_(None) & inbox.c.next_attempt_at.is_(None)
        rows = self._session.execute(_ALL.where(waits).order_by(inbox.c.received_at, inbox.c.id).limit(limit))
        return [_read(row) for row in rows]


def _read(row: Row[tuple[object, ...]]) -> InboxRow:
    columns = row._mapping  # noqa: SLF001 - sqlalchemy's public name for it
    return InboxRow(**{name: columns[name] for name in InboxRow.__slots__})
