"""The outbox: messages on their way, every try, and the bytes that were composed.

Only the holder of a token moves a row that is on its way. ``claim`` is one statement, so that two senders never hold
the same row; ``settle`` answers whether the token still matched.
"""

from __future__ import annotations

import hashlib
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, select, text, update

from lifecycle.delivery import Delivery, DeliveryKind, DeliveryState
from store.outbox_questions import NAMED, NAMES, Body, OutboxQuestions, delivery_of
from store.prepared import Prepared, PreparedAmong
from store.schema import attempts, bodies, deliveries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Update


__all__ = ["Body", "Deliveries"]

_values_of: Final = attrgetter(*NAMES)
_PICK: Final = """SELECT id FROM deliveries WHERE state IN ('pending','in_doubt') AND next_attempt_at <= :now
  ORDER BY {order} LIMIT :most"""
_TAKE: Final = """UPDATE deliveries SET state='sending', lease_token=:token, lease_until=:until, attempts=attempts+1,
  next_attempt_at=NULL, offered_at=NULL WHERE id IN ({picked}) RETURNING {columns}"""
_GATHERING: Final = 0x47617468  # the advisory lock of whoever gathers messages
_TURN: Final = Prepared(select(func.pg_advisory_xact_lock(_GATHERING)))
_URGENT_FIRST: Final = "priority, next_attempt_at, id"
_OLDEST_FIRST: Final = "next_attempt_at, id"


_THERE: Final = PreparedAmong(select(deliveries.c.id), deliveries.c.id)
_MINE: Final = (deliveries.c.id == bindparam("wanted")) & (deliveries.c.lease_token == bindparam("held"))
_OFFERING: Final = update(deliveries).where(_MINE).values(offered_at=bindparam("new_offered_at"))


@cache
def _claiming(order: str, *, is_sqlite: bool) -> Prepared:
    """One statement that takes what is due; on PostgreSQL many take at once, and none waits for another."""
    pick, columns = _PICK.format(order=order), ", ".join(NAMES)
    if is_sqlite:
        said = _TAKE.format(picked=pick, columns=columns)
    else:
        said = f"WITH picked AS MATERIALIZED ({pick} FOR UPDATE SKIP LOCKED) "
        said += _TAKE.format(picked="SELECT id FROM picked", columns=columns)
    instant = deliveries.c.lease_until.type
    bound = text(said).bindparams(bindparam("now", type_=instant), bindparam("until", type_=instant))
    return Prepared(bound.columns(*(deliveries.c[name] for name in NAMES)))


@cache
def _settling(names: tuple[str, ...]) -> Update:
    """The change of these columns in a row that a token holds: built once, for it is sent with every message."""
    given = {name: bindparam(f"new_{name}", type_=deliveries.c[name].type) for name in names}
    return update(deliveries).where(_MINE, text("state = 'sending'")).values(given)


class Deliveries(OutboxQuestions):
    """The outbox, inside one transaction."""

    def wait_for_turn(self) -> None:
        """On PostgreSQL from here to the end of the transaction the only one; sees what all before it have written."""
        if not self._session.is_sqlite:
            self._session.find(_TURN).scalar()

    def add(self, new: Sequence[tuple[Delivery, Body | None]]) -> set[str]:
        """Put messages into the outbox; answer the ids of those whose key was not there yet."""
        if not new:
            return set()
        put = self._put_alone if self._session.is_sqlite else self._put_among_others
        kept = put([delivery for delivery, _ in new])
        rows = [_body_row(delivery.id, body) for delivery, body in new if body is not None and delivery.id in kept]
        self._session.insert(bodies, rows)
        return kept

    def _put_alone(self, new: Sequence[Delivery]) -> set[str]:
        """Nobody else writes meanwhile, so that it is enough to look first: a quarter of the time of the other way."""
        first: dict[str, Delivery] = {}
        for delivery in new:
            first.setdefault(delivery.dedupe_key, delivery)
        for row in self._session.among(NAMED, list(first)):
            del first[row.dedupe_key]
        self._session.insert(deliveries, [_row(delivery) for delivery in first.values()])
        return {delivery.id for delivery in first.values()}

    def _put_among_others(self, new: Sequence[Delivery]) -> set[str]:
        self._session.insert_missing(deliveries, [_row(delivery) for delivery in new], "dedupe_key")
        return {row.id for row in self._session.among(_THERE, [delivery.id for delivery in new])}

    def keep_body(self, delivery_id: str, body: Body) -> None:
        """Freeze what was composed for a delivery that had nothing yet."""
        self._session.insert(bodies, [_body_row(delivery_id, body)])
        self._bodies[delivery_id] = body

    def forget_body(self, delivery_id: str) -> None:
        """What was composed was never offered, and is composed anew."""
        self._session.execute(delete(bodies).where(bodies.c.delivery_id == delivery_id))
        self._bodies.pop(delivery_id, None)

    def last_outwards(self, address: str) -> datetime | None:
        """When the last message about a step to somebody of the other side leaves, or has left; None if none does."""
        when = func.coalesce(deliveries.c.accepted_at, deliveries.c.next_attempt_at, deliveries.c.created_at)
        statement = select(func.max(when)).where(
            deliveries.c.address == address,
            deliveries.c.recipient_id.is_(None),
            deliveries.c.dedupe_key.contains(f":>{address}:", autoescape=True),
            deliveries.c.state.not_in(["cancelled", "failed", "expired"]),
        )
        found: datetime | None = self._session.execute(statement).scalar()
        return found

    def claim(
        self, *, now: datetime, token: str, until: datetime, most: int, oldest_first: bool = False
    ) -> list[Delivery]:
        """Take at most *most* due messages for this token.

        Critical ones and escalations come first; with *oldest_first* age alone counts, so that nothing starves.
        """
        claiming = _claiming(_OLDEST_FIRST if oldest_first else _URGENT_FIRST, is_sqlite=self._session.is_sqlite)
        given = {"now": now, "until": until, "token": token, "most": most}
        taken = [delivery_of(row) for row in self._session.find(claiming, given)]
        return sorted(taken, key=lambda one: (one.priority, one.created_at, one.id))

    def settle(self, delivery_id: str, token: str, **values: Any) -> bool:  # noqa: ANN401 - columns of the table
        """Move a row that is on its way; False when the token no longer holds it."""
        released = {"lease_token": None, "lease_until": None, "offered_at": None, **values}
        given = {f"new_{name}": value for name, value in released.items()}
        mine = {"wanted": delivery_id, "held": token}
        if delivery_id in self._tokens:  # nobody else moves it, and it is known whose it is
            is_ours = self._tokens[delivery_id] == token
            self._tokens[delivery_id] = None
            if is_ours:
                change = self._session.change_surely if self._session.is_sqlite else self._session.change
                change(_settling(tuple(released)), [mine | given])
            return is_ours
        return self._session.execute(_settling(tuple(released)), mine | given).rowcount == 1

    def mark_offered(self, delivery_id: str, token: str, at: datetime) -> None:
        """From here on the message may have left."""
        self._session.change(_OFFERING, [{"wanted": delivery_id, "held": token, "new_offered_at": at}])

    def change(self, ids: Sequence[str], states: Sequence[DeliveryState], **values: Any) -> list[str]:  # noqa: ANN401
        """Move rows that nobody holds, of those that are in *states*; answer which were moved."""
        statement = (
            update(deliveries)
            .where(deliveries.c.id.in_(ids), deliveries.c.state.in_(states))
            .values(values)
            .returning(deliveries.c.id)
        )
        return list(self._session.execute(statement).scalars()) if ids else []

    def cancel_of_milestone(self, milestone_id: str, why: str) -> int:
        """Withdraw what has not begun to leave: pending and held, never in doubt (the gate looks those up first).

        A calendar is told of the end, not spared the beginning; what tells of a change is judged at its own gate.
        """
        waiting = [DeliveryState.PENDING, DeliveryState.HELD]
        is_told = deliveries.c.kind.not_in([DeliveryKind.INVITATION, DeliveryKind.CHANGED])
        where = (deliveries.c.milestone_id == milestone_id) & deliveries.c.state.in_(waiting) & is_told
        values = {"state": DeliveryState.CANCELLED, "next_attempt_at": None, "why": why}
        return self._session.execute(update(deliveries).where(where).values(values)).rowcount

    def wake_held(self, why: str, at: datetime) -> int:
        """Look at what is held for one reason at an instant; how many messages."""
        mine = (deliveries.c.state == "held") & (deliveries.c.why == why)
        return self._session.execute(update(deliveries).where(mine).values(next_attempt_at=at)).rowcount

    def unbundle(self, bundle_id: str, at: datetime) -> int:
        """Give the members of a digest back, each to leave alone; how many."""
        mine = (deliveries.c.bundle_id == bundle_id) & (deliveries.c.state == "bundled")
        values = {"state": DeliveryState.PENDING, "bundle_id": None, "next_attempt_at": at}
        return self._session.execute(update(deliveries).where(mine).values(values)).rowcount

    def note_attempt(  # noqa: PLR0913 - the columns of a row
        self, *, delivery_id: str, token: str, action: str, at: datetime, result: str, why: str
    ) -> None:
        """Remember one try for good."""
        row = {"delivery_id": delivery_id, "token": token, "action": action, "at": at, "result": result, "why": why}
        self._session.insert(attempts, [row])


def _row(delivery: Delivery) -> dict[str, Any]:
    return dict(zip(NAMES, _values_of(delivery), strict=True))


def _body_row(delivery_id: str, body: Body) -> dict[str, Any]:
    sha256 = hashlib.sha256(body.body).hexdigest()
    return {"delivery_id": delivery_id, "sha256": sha256, **body._asdict()}
