"""The permanent log: append-only, each row hashed together with the hash before it.

The head of the chain is read and written by the last statements before commit, so that writers wait for one
another as briefly as can be. ``verify`` walks the whole chain and names the first position that does not hold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from lifecycle import events as kinds
from lifecycle.chain import GENESIS, chain_hash
from store import disk
from store.codec import dumps, loads
from store.errors import ChainBroken
from store.prepared import Prepared, PreparedWrite
from store.schema import chain, events

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection, CursorResult, Row

    from lifecycle.events import Actor, Event

_HEAD: Final = Prepared(select(chain.c.position, chain.c.hash))
_TAKE_HEAD: Final = Prepared(select(chain.c.position, chain.c.hash, disk.WITHOUT_WAITING).with_for_update())
_APPEND: Final = PreparedWrite(insert(events))
_MOVE: Final = PreparedWrite(update(chain).values(position=bindparam("new_position"), hash=bindparam("new_hash")))
_BY_POSITION: Final = select(events).order_by(events.c.position)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event, when it happened and through whom."""

    event: Event
    at: datetime
    actor: Actor
    position: int = 0  # 0 until it is in the log


class EventLog:
    """The log, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Speak on *connection*."""
        self._connection = connection

    def append(self, recorded: Iterable[Recorded]) -> None:
        """Put events at the end of the chain, in their order."""
        waiting = list(recorded)
        if not waiting:
            return
        head = self._taken()
        position, last = head.position, head.hash
        rows = []
        for one in waiting:
            position += 1
            row = _row(one, position, last)
            last = row["hash"]
            rows.append(row)
        _APPEND.send(self._connection, rows)
        _MOVE.send(self._connection, [{"new_position": position, "new_hash": last}])

    def _taken(self) -> Any:  # noqa: ANN401 - a row
        """The head, which nobody else moves until this transaction is committed."""
        if self._connection.dialect.name == "sqlite":
            return _HEAD.ask(self._connection).one()
        return _TAKE_HEAD.ask(self._connection).one()

    def of_agreement(self, agreement_id: str) -> list[Recorded]:
        """The history of one agreement, oldest first."""
        rows = self._connection.execute(_BY_POSITION.where(events.c.agreement_id == agreement_id))
        return [recorded(row) for row in rows]

    def after(self, position: int, limit: int = 1000) -> list[Recorded]:
        """At most *limit* events behind *position*, oldest first."""
        rows = self._connection.execute(_BY_POSITION.where(events.c.position > position).limit(limit))
        return [recorded(row) for row in rows]

    def all(self) -> Iterator[dict[str, Any]]:
        """Every row as a document, oldest first."""
        with self._streamed() as rows:
            for row in rows:
                yield document(row)

    def head(self) -> tuple[int, str]:
        """The position and hash of the newest event."""
        row = self._connection.execute(select(chain.c.position, chain.c.hash)).one()
        return row.position, row.hash

    def verify(self) -> int:
        """Walk the whole chain; answer how many events it holds.

        Raises ChainBroken at the first position that does not hold.
        """
        position, last = 0, GENESIS
        with self._streamed() as rows:
            for row in rows:
                position += 1
                _check(row, position, last)
                last = row.hash
        if self.head() != (position, last):
            raise ChainBroken(position, "events at its end are missing, or its head was changed")
        return position

    def verify_after(self, position: int, last: str, limit: int) -> tuple[int, str]:
        """Walk at most *limit* events behind *position*, whose hash is *last*; how far, and the hash found there.

        Raises ChainBroken as ``verify`` does.
        """
        rows = self._connection.execute(_BY_POSITION.where(events.c.position > position).limit(limit)).all()
        for row in rows:
            position += 1
            _check(row, position, last)
            last = row.hash
        if len(rows) < limit and self.head() != (position, last):
            raise ChainBroken(position, "events at its end are missing, or its head was changed")
        return position, last

    def hash_at(self, position: int) -> str:
        """The hash of the event at *position*. Raises ChainBroken where there is none."""
        found = self._connection.execute(select(events.c.hash).where(events.c.position == position)).scalar()
        if found is None:
            raise ChainBroken(position, "it is missing")
        return str(found)

    def _streamed(self) -> CursorResult[Any]:
        return self._connection.execute(_BY_POSITION, execution_options={"yield_per": 1000})


def document(row: Row[Any]) -> dict[str, Any]:
    """A row of the log as people and programs read it."""
    return {
        "position": row.position,
        "at": row.at.isoformat(),
        "type": row.type,
        "actor": row.actor,
        "channel": row.channel,
        "agreement_id": row.agreement_id,
        "milestone_id": row.milestone_id,
        "payload": json.loads(row.payload),
        "prev_hash": row.prev_hash,
        "hash": row.hash,
    }


def recorded(row: Row[Any]) -> Recorded:
    """A row of the log as what happened."""
    event = loads(row.payload, getattr(kinds, row.type))
    return Recorded(event, row.at, kinds.Actor(row.actor, row.channel), row.position)


def _check(row: Row[Any], position: int, last: str) -> None:
    if row.position != position:
        raise ChainBroken(position, f"the next event is {row.position}")
    if row.prev_hash != last:
        raise ChainBroken(position, "it does not follow from the event before")
    if row.hash != chain_hash(row._mapping):  # noqa: SLF001 - sqlalchemy's public name for it
        raise ChainBroken(position, "its content was changed")


def _row(recorded: Recorded, position: int, last: str) -> dict[str, Any]:
    event = recorded.event
    row: dict[str, Any] = {
        "position": position,
        "at": recorded.at,
        "type": type(event).__name__,
        "actor": recorded.actor.name,
        "channel": recorded.actor.channel,
        "agreement_id": getattr(event, "agreement_id", None),
        "milestone_id": getattr(event, "milestone_id", None),
        "payload": dumps(event),
        "prev_hash": last,
    }
    row["hash"] = chain_hash(row)
    return row
