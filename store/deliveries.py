"""The outbox: messages on their way, every try, and the bytes that were composed.

Only the holder of a token moves a row that is on its way. ``claim`` is one statement, so that two senders never hold
the same row; ``settle`` answers whether the token still matched.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql

from lifecycle.delivery import Delivery, DeliveryKind, DeliveryState
from store.errors import NotFound
from store.schema import attempts, bodies, deliveries
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from store.session import Session

_ALL: Final = select(deliveries)
_NAMES: Final = tuple(field.name for field in fields(Delivery))
_values_of: Final = attrgetter(*_NAMES)
_SQLITE_CLAIM: Final = """
UPDATE deliveries SET state='sending', lease_token=:token, lease_until=:until, attempts=attempts+1,
  next_attempt_at=NULL, offered_at=NULL
WHERE id IN (SELECT id FROM deliveries WHERE state IN ('pending','in_doubt') AND next_attempt_at <= :now
  ORDER BY {order} LIMIT :most)
RETURNING id
"""
_POSTGRES_CLAIM: Final = """
WITH picked AS MATERIALIZED (SELECT id FROM deliveries WHERE state IN ('pending','in_doubt') AND next_attempt_at <= :now
  ORDER BY {order} LIMIT :most FOR UPDATE SKIP LOCKED)
UPDATE deliveries SET state='sending', lease_token=:token, lease_until=:until, attempts=attempts+1,
  next_attempt_at=NULL, offered_at=NULL
WHERE id IN (SELECT id FROM picked) RETURNING id
"""
_URGENT_FIRST: Final = "priority, next_attempt_at, id"
_OLDEST_FIRST: Final = "next_attempt_at, id"


class Body(NamedTuple):
    """What was composed: the same bytes at every attempt."""

    subject: str
    content_type: str
    body: bytes


class Deliveries:
    """The outbox, inside one transaction."""

    LATE: Final = "+late"  # behind the token of an answer that came after its sender was given up

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def get(self, delivery_id: str) -> Delivery:
        """The delivery with this id. Raises NotFound."""
        row = self._session.execute(_ALL.where(deliveries.c.id == delivery_id)).one_or_none()
        if row is None:
            raise NotFound("delivery", delivery_id, remedy="List them with `longstop outbox list`.")
        return _delivery(row)

    def many(self, ids: Iterable[str]) -> list[Delivery]:
        """The deliveries with these ids, by id."""
        rows = self._session.execute(_ALL.where(deliveries.c.id.in_(list(ids))).order_by(deliveries.c.id))
        return [_delivery(row) for row in rows]

    def listed(self, states: Sequence[DeliveryState], limit: int = 200) -> list[Delivery]:
        """The newest deliveries, or those in *states*."""
        statement = _ALL.order_by(deliveries.c.created_at.desc(), deliveries.c.id).limit(limit)
        if states:
            statement = statement.where(deliveries.c.state.in_(states))
        return [_delivery(row) for row in self._session.execute(statement)]

    def of_milestone(self, milestone_id: str) -> list[Delivery]:
        """Every message about a milestone, oldest first."""
        statement = _ALL.where(deliveries.c.milestone_id == milestone_id)
        rows = self._session.execute(statement.order_by(deliveries.c.created_at, deliveries.c.id))
        return [_delivery(row) for row in rows]

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
        names = deliveries.c.dedupe_key
        for chunk in chunks(list(first)):
            for name in self._session.execute(select(names).where(names.in_(chunk))).scalars():
                del first[name]
        self._session.insert(deliveries, [_row(delivery) for delivery in first.values()])
        return {delivery.id for delivery in first.values()}

    def _put_among_others(self, new: Sequence[Delivery]) -> set[str]:
        statement = postgresql.insert(deliveries).on_conflict_do_nothing(index_elements=["dedupe_key"])
        rows = [_row(delivery) for delivery in new]
        return set(self._session.execute(statement.returning(deliveries.c.id), rows).scalars())

    def body(self, delivery_id: str) -> Body | None:
        """What was composed for a delivery; None if nothing was yet."""
        columns = (bodies.c.subject, bodies.c.content_type, bodies.c.body)
        row = self._session.execute(select(*columns).where(bodies.c.delivery_id == delivery_id)).one_or_none()
        return None if row is None else Body(row.subject, row.content_type, row.body)

    def keep_body(self, delivery_id: str, body: Body) -> None:
        """Freeze what was composed for a delivery that had nothing yet."""
        self._session.execute(insert(bodies), [_body_row(delivery_id, body)])

    def forget_body(self, delivery_id: str) -> None:
        """What was composed was never offered, and is composed anew."""
        self._session.execute(delete(bodies).where(bodies.c.delivery_id == delivery_id))

    def claim(
        self, *, now: datetime, token: str, until: datetime, most: int, oldest_first: bool = False
    ) -> list[Delivery]:
        """Take at most *most* due messages for this token.

        Critical ones and escalations come first; with *oldest_first* age alone counts, so that nothing starves.
        """
        template = _SQLITE_CLAIM if self._session.is_sqlite else _POSTGRES_CLAIM
        statement = text(template.format(order=_OLDEST_FIRST if oldest_first else _URGENT_FIRST))
        typed = statement.bindparams(
            bindparam("now", now, deliveries.c.lease_until.type),
            bindparam("until", until, deliveries.c.lease_until.type),
            bindparam("token", token),
            bindparam("most", most),
        )
        ids = list(self._session.execute(typed).scalars())
        taken = self.many(ids) if ids else []
        return sorted(taken, key=lambda one: (one.priority, one.created_at, one.id))

    def settle(self, delivery_id: str, token: str, **values: Any) -> bool:  # noqa: ANN401 - columns of the table
        """Move a row that is on its way; False when the token no longer holds it."""
        mine = (
            (deliveries.c.id == delivery_id) & (deliveries.c.lease_token == token) & (deliveries.c.state == "sending")
        )
        released = {"lease_token": None, "lease_until": None, "offered_at": None, **values}
        return self._session.execute(update(deliveries).where(mine).values(released)).rowcount == 1

    def holds(self, delivery_id: str, token: str) -> bool:
        """Whether the token still holds the row."""
        where = (
            (deliveries.c.id == delivery_id) & (deliveries.c.lease_token == token) & (deliveries.c.state == "sending")
        )
        return self._session.execute(select(deliveries.c.id).where(where)).first() is not None

    def mark_offered(self, delivery_id: str, token: str, at: datetime) -> None:
        """From here on the message may have left."""
        mine = (deliveries.c.id == delivery_id) & (deliveries.c.lease_token == token)
        self._session.execute(update(deliveries).where(mine).values(offered_at=at))

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
        """Withdraw what has not begun to leave: pending and held, never in doubt (the gate looks those up first)."""
        waiting = [DeliveryState.PENDING, DeliveryState.HELD]
        is_told = (
            deliveries.c.kind != DeliveryKind.INVITATION
        )  # a calendar is told of the end, not spared the beginning
        where = (deliveries.c.milestone_id == milestone_id) & deliveries.c.state.in_(waiting) & is_told
        values = {"state": DeliveryState.CANCELLED, "next_attempt_at": None, "why": why}
        return self._session.execute(update(deliveries).where(where).values(values)).rowcount

    def invitations_about(self, milestone_ids: Iterable[str]) -> list[Delivery]:
        """What was put into calendars, or taken out, about milestones; of each the first composed first."""
        found = []
        for chunk in chunks(sorted(set(milestone_ids))):
            mine = deliveries.c.milestone_id.in_(chunk) & (deliveries.c.kind == DeliveryKind.INVITATION)
            found += [_delivery(row) for row in self._session.execute(_ALL.where(mine))]
        return sorted(found, key=lambda one: (one.milestone_id or "", int(one.dedupe_key.split(":")[2])))

    def invited(self, address: str) -> set[str]:
        """The milestones about which somebody has had an invitation."""
        mine = (deliveries.c.address == address) & (deliveries.c.kind == DeliveryKind.INVITATION)
        return set(self._session.execute(select(deliveries.c.milestone_id).where(mine)).scalars())

    def is_known(self, dedupe_key: str) -> bool:
        """Whether a message of this name was ever written."""
        named = select(deliveries.c.id).where(deliveries.c.dedupe_key == dedupe_key)
        return self._session.execute(named).first() is not None

    def wake_held(self, why: str, at: datetime) -> int:
        """Look at what is held for one reason at an instant; how many messages."""
        mine = (deliveries.c.state == "held") & (deliveries.c.why == why)
        return self._session.execute(update(deliveries).where(mine).values(next_attempt_at=at)).rowcount

    def accepted_since(self, at: datetime, *, but: str) -> bool:
        """Whether any channel has taken a message since an instant, tests and names that begin with *but* aside."""
        counts = (deliveries.c.kind != "test") & deliveries.c.dedupe_key.not_like(f"{but}%")
        taken = select(deliveries.c.id).where(deliveries.c.accepted_at > at, counts).limit(1)
        return self._session.execute(taken).first() is not None

    def told_instead_of(self, person_id: str, since_at: datetime) -> set[str]:
        """The milestones of which somebody else was told in place of a person."""
        mine = (deliveries.c.stands_in_for == person_id) & (deliveries.c.created_at >= since_at)
        about = select(deliveries.c.milestone_id).where(mine, deliveries.c.milestone_id.is_not(None))
        return set(self._session.execute(about).scalars())

    def recent(self, addresses: Iterable[str], since_at: datetime) -> list[Delivery]:
        """What was written to addresses since an instant, the oldest first."""
        statement = _ALL.where(deliveries.c.address.in_(sorted(set(addresses))), deliveries.c.created_at >= since_at)
        rows = self._session.execute(statement.order_by(deliveries.c.created_at, deliveries.c.id))
        return [_delivery(row) for row in rows]

    def bundled(self, bundle_id: str) -> list[Delivery]:
        """The members of a digest, the earliest last safe day first."""
        statement = _ALL.where(deliveries.c.bundle_id == bundle_id).order_by(deliveries.c.safe_on, deliveries.c.id)
        return [_delivery(row) for row in self._session.execute(statement)]

    def unbundle(self, bundle_id: str, at: datetime) -> int:
        """Give the members of a digest back, each to leave alone; how many."""
        mine = (deliveries.c.bundle_id == bundle_id) & (deliveries.c.state == "bundled")
        values = {"state": DeliveryState.PENDING, "bundle_id": None, "next_attempt_at": at}
        return self._session.execute(update(deliveries).where(mine).values(values)).rowcount

    def lapsed(self, now: datetime) -> list[Delivery]:
        """Messages whose sender let its lease lapse: nobody knows whether they left."""
        statement = _ALL.where(deliveries.c.state == "sending", deliveries.c.lease_until <= now)
        return [_delivery(row) for row in self._session.execute(statement.order_by(deliveries.c.id))]

    def held_until(self, now: datetime) -> list[Delivery]:
        """Held messages whose window has come, by recipient."""
        statement = _ALL.where(deliveries.c.state == "held", deliveries.c.next_attempt_at <= now)
        order = (
            deliveries.c.recipient_id,
            deliveries.c.channel,
            deliveries.c.address,
            deliveries.c.safe_on,
            deliveries.c.id,
        )
        return [_delivery(row) for row in self._session.execute(statement.order_by(*order))]

    def next_at(self, states: Sequence[str]) -> datetime | None:
        """When a message in one of *states* is looked at next."""
        listed = ",".join(f"'{state}'" for state in states)  # literals, so that the partial index is used
        where = f"state = {listed}" if len(states) == 1 else f"state IN ({listed})"
        statement = select(func.min(deliveries.c.next_attempt_at)).where(text(where))
        return self._session.execute(statement).scalar()

    def next_lapse_at(self) -> datetime | None:
        """When the next lease lapses."""
        statement = select(func.min(deliveries.c.lease_until)).where(text("state = 'sending'"))
        return self._session.execute(statement).scalar()

    def note_attempt(  # noqa: PLR0913 - the columns of a row
        self, *, delivery_id: str, token: str, action: str, at: datetime, result: str, why: str
    ) -> None:
        """Remember one try for good."""
        row = {"delivery_id": delivery_id, "token": token, "action": action, "at": at, "result": result, "why": why}
        self._session.execute(insert(attempts), [row])

    def attempts_of(self, delivery_id: str) -> list[Row[Any]]:
        """Every try of a delivery, oldest first."""
        statement = select(attempts).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.id)
        return list(self._session.execute(statement))

    def offered_copies(self, delivery_id: str) -> int:
        """How many times the message may have left: tries that ended accepted or in doubt, each once."""
        may_have_left = attempts.c.result.in_(["accepted", "in_doubt"]) & attempts.c.token.not_like(f"%{self.LATE}")
        where = (attempts.c.delivery_id == delivery_id) & may_have_left
        counted: int = self._session.execute(select(func.count()).select_from(attempts).where(where)).scalar_one()
        return counted


def _row(delivery: Delivery) -> dict[str, Any]:
    return dict(zip(_NAMES, _values_of(delivery), strict=True))


def _delivery(row: Row[Any]) -> Delivery:
    columns = row._mapping  # noqa: SLF001 - sqlalchemy's public name for it
    values = {name: columns[name] for name in _NAMES}
    values["state"] = DeliveryState(row.state)
    values["kind"] = DeliveryKind(row.kind)
    return Delivery(**values)


def _body_row(delivery_id: str, body: Body) -> dict[str, Any]:
    sha256 = hashlib.sha256(body.body).hexdigest()
    return {"delivery_id": delivery_id, "sha256": sha256, **body._asdict()}
