"""What is asked of the outbox; what moves in it is in ``store.deliveries``."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, func, select, text

from lifecycle.delivery import COUNTED, SPOKEN, Change, Delivery, DeliveryKind, DeliveryState, Waiting
from lifecycle.playbooks.playbook import Urgency
from store.errors import NotFound
from store.prepared import Prepared, PreparedAmong, one_of
from store.schema import attempts, bodies, deliveries
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from lifecycle.delivery import Reader
    from store.session import Session

NAMES: Final = tuple(field.name for field in fields(Delivery))
_ALL: Final = select(*(deliveries.c[name] for name in NAMES))
_BODY: Final = Prepared(
    select(bodies.c.subject, bodies.c.content_type, bodies.c.body).where(bodies.c.delivery_id == bindparam("wanted"))
)
_HAND: Final = PreparedAmong(
    select(deliveries.c.id, deliveries.c.lease_token)
    .where(text("state = 'sending'"))
    .order_by(deliveries.c.id)
    .with_for_update(),
    deliveries.c.id,
)
_MANY: Final = PreparedAmong(_ALL.order_by(deliveries.c.id), deliveries.c.id)
_HOLDS: Final = Prepared(
    select(deliveries.c.id).where(
        deliveries.c.id == bindparam("wanted"), deliveries.c.lease_token == bindparam("held"), text("state = 'sending'")
    )
)
_RECENT: Final = deliveries.c.created_at >= bindparam("since")
_WRITTEN: Final = PreparedAmong(
    _ALL.where(_RECENT).order_by(deliveries.c.created_at, deliveries.c.id), deliveries.c.address
)
_SPOKEN: Final = PreparedAmong(
    select(deliveries.c.channel, deliveries.c.address, func.count().label("number"))
    .where(_RECENT, one_of(deliveries.c.kind, COUNTED), one_of(deliveries.c.state, SPOKEN))
    .group_by(deliveries.c.channel, deliveries.c.address),
    deliveries.c.address,
)
_HELD_CHANGES: Final = PreparedAmong(
    _ALL.where(text("state = 'held'"), one_of(deliveries.c.kind, [DeliveryKind.CHANGED])).order_by(deliveries.c.id),
    deliveries.c.address,
)
_WAITING_STEPS: Final = PreparedAmong(
    select(deliveries.c.id, deliveries.c.channel, deliveries.c.address, deliveries.c.next_attempt_at)
    .where(_RECENT, one_of(deliveries.c.state, [DeliveryState.PENDING]), one_of(deliveries.c.kind, [DeliveryKind.STEP]))
    .where(deliveries.c.urgency != Urgency.CRITICAL.value, deliveries.c.dedupe_key.not_like("%>%"))
    .order_by(deliveries.c.created_at, deliveries.c.id),
    deliveries.c.address,
)
NAMED: Final = PreparedAmong(select(deliveries.c.dedupe_key), deliveries.c.dedupe_key)
_OF_NAMES: Final = PreparedAmong(_ALL.order_by(deliveries.c.created_at, deliveries.c.id), deliveries.c.dedupe_key)
_NEXT_LAPSE: Final = Prepared(select(func.min(deliveries.c.lease_until)).where(text("state = 'sending'")))


class Body(NamedTuple):
    """What was composed: the same bytes at every attempt."""

    subject: str
    content_type: str
    body: bytes


class OutboxQuestions:
    """The outbox as it is read, inside one transaction."""

    LATE: Final = "+late"  # behind the token of an answer that came after its sender was given up

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._tokens: dict[str, str | None] = {}  # whose rows in hand are that have not moved since
        self._bodies: dict[str, Body | None] = {}  # what was read of them

    def take_in_hand(self, to_send: Sequence[str], to_settle: Mapping[str, str]) -> None:
        """Lock these rows until commit and read whose they are, in one question for all of them.

        On SQLite nobody else writes meanwhile. There those *to_settle* are taken to be their tokens' until their
        change is written, which raises Overtaken where one is not; and those *to_send* are read at their gate.
        """
        if self._session.is_sqlite:
            self._tokens = dict(to_settle)
            return
        both = [*to_send, *to_settle]
        rows = self._session.among(_HAND, both)
        self._tokens = dict.fromkeys(both) | {row.id: row.lease_token for row in rows}

    def have_tokens(self, tokens: Mapping[str, str | None]) -> None:
        """These were read already: whose the rows are, None where nobody holds them."""
        self._tokens.update(tokens)

    def have_bodies(self, bodies_of: Mapping[str, Body | None]) -> None:
        """These were read already: what was composed for deliveries, None where nothing was yet."""
        self._bodies.update(bodies_of)

    def get(self, delivery_id: str) -> Delivery:
        """The delivery with this id. Raises NotFound."""
        row = self._session.execute(_ALL.where(deliveries.c.id == delivery_id)).one_or_none()
        if row is None:
            raise NotFound("delivery", delivery_id, remedy="List them.", command="longstop outbox list")
        return delivery_of(row)

    def many(self, ids: Iterable[str]) -> list[Delivery]:
        """The deliveries with these ids, by id."""
        return [delivery_of(row) for row in self._session.among(_MANY, ids)]

    def named(self, dedupe_keys: Iterable[str]) -> list[Delivery]:
        """The deliveries with these names, as far as there are any, oldest first."""
        found = [delivery_of(row) for row in self._session.among(_OF_NAMES, dedupe_keys)]
        return sorted(found, key=lambda one: (one.created_at, one.id))

    def listed(self, states: Sequence[DeliveryState], limit: int = 200) -> list[Delivery]:
        """The newest deliveries, or those in *states*."""
        statement = _ALL.order_by(deliveries.c.created_at.desc(), deliveries.c.id).limit(limit)
        if states:
            statement = statement.where(deliveries.c.state.in_(states))
        return [delivery_of(row) for row in self._session.execute(statement)]

    def of_milestone(self, milestone_id: str) -> list[Delivery]:
        """Every message about a milestone, oldest first."""
        statement = _ALL.where(deliveries.c.milestone_id == milestone_id)
        rows = self._session.execute(statement.order_by(deliveries.c.created_at, deliveries.c.id))
        return [delivery_of(row) for row in rows]

    def of_milestones(self, ids: Iterable[str]) -> dict[str, list[Delivery]]:
        """As ``of_milestone``, for many in few questions; those about which nothing was written are absent."""
        found: dict[str, list[Delivery]] = {}
        for chunk in chunks(list(ids)):
            statement = _ALL.where(deliveries.c.milestone_id.in_(chunk))
            for row in self._session.execute(statement.order_by(deliveries.c.created_at, deliveries.c.id)):
                found.setdefault(row.milestone_id, []).append(delivery_of(row))
        return found

    def body(self, delivery_id: str) -> Body | None:
        """What was composed for a delivery; None if nothing was yet."""
        if delivery_id in self._bodies:
            return self._bodies[delivery_id]
        row = self._session.find(_BODY, {"wanted": delivery_id}).one_or_none()
        return None if row is None else Body(row.subject, row.content_type, row.body)

    def holds(self, delivery_id: str, token: str) -> bool:
        """Whether the token still holds the row."""
        if delivery_id in self._tokens:
            return self._tokens[delivery_id] == token
        return self._session.find(_HOLDS, {"wanted": delivery_id, "held": token}).first() is not None

    def invitations_about(self, milestone_ids: Iterable[str]) -> list[Delivery]:
        """What was put into calendars, or taken out, about milestones; of each the first composed first."""
        found = []
        for chunk in chunks(sorted(set(milestone_ids))):
            mine = deliveries.c.milestone_id.in_(chunk) & (deliveries.c.kind == DeliveryKind.INVITATION)
            found += [delivery_of(row) for row in self._session.execute(_ALL.where(mine))]
        return sorted(found, key=lambda one: (one.milestone_id or "", int(one.dedupe_key.split(":")[2])))

    def invited(self, address: str) -> set[str]:
        """The milestones about which somebody has had an invitation."""
        mine = (deliveries.c.address == address) & (deliveries.c.kind == DeliveryKind.INVITATION)
        return set(self._session.execute(select(deliveries.c.milestone_id).where(mine)).scalars())

    def is_known(self, dedupe_key: str) -> bool:
        """Whether a message of this name was ever written."""
        named = select(deliveries.c.id).where(deliveries.c.dedupe_key == dedupe_key)
        return self._session.execute(named).first() is not None

    def count_held(self, why: str) -> int:
        """How many messages are held for one reason."""
        mine = (deliveries.c.state == "held") & (deliveries.c.why == why)
        counted: int = self._session.execute(select(func.count()).select_from(deliveries).where(mine)).scalar_one()
        return counted

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
        """What was written to addresses since an instant, to each the oldest first."""
        rows = self._session.among(_WRITTEN, sorted(set(addresses)), {"since": since_at})
        return [delivery_of(row) for row in rows]

    def spoken_since(self, since_at: Mapping[Reader, datetime]) -> dict[Reader, int]:
        """How many messages were written to readers, each since an instant of their own, that leave or have left."""
        found: dict[Reader, int] = {}
        for at in sorted(set(since_at.values())):
            mine = {reader for reader, since in since_at.items() if since == at}
            rows = self._session.among(_SPOKEN, sorted({one for _, one in mine}), {"since": at})
            found.update({(row.channel, row.address): row.number for row in rows if (row.channel, row.address) in mine})
        return found

    def waiting_steps(self, addresses: Iterable[str], since_at: datetime) -> list[Waiting]:
        """What was written to addresses about steps since an instant and still waits, to each the oldest first.

        What is critical waits for nobody, and what the other side is to read stands alone: they are left out.
        """
        rows = self._session.among(_WAITING_STEPS, sorted(set(addresses)), {"since": since_at})
        return [Waiting(row.id, (row.channel, row.address), row.next_attempt_at) for row in rows]

    def bundled(self, bundle_id: str) -> list[Delivery]:
        """The members of a digest, the earliest last safe day first."""
        statement = _ALL.where(deliveries.c.bundle_id == bundle_id).order_by(deliveries.c.safe_on, deliveries.c.id)
        return [delivery_of(row) for row in self._session.execute(statement)]

    def lapsed(self, now: datetime) -> list[Delivery]:
        """Messages whose sender let its lease lapse: nobody knows whether they left."""
        statement = _ALL.where(deliveries.c.state == "sending", deliveries.c.lease_until <= now)
        return [delivery_of(row) for row in self._session.execute(statement.order_by(deliveries.c.id))]

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
        return [delivery_of(row) for row in self._session.execute(statement.order_by(*order))]

    def held_of_owners(self, addresses: Iterable[str]) -> list[Delivery]:
        """Held messages to addresses that tell of agreements that are their readers' now, whenever they are due."""
        rows = self._session.among(_HELD_CHANGES, sorted(set(addresses)))
        return [one for one in map(delivery_of, rows) if one.change is Change.OWNER]

    def next_at(self, states: Sequence[str]) -> datetime | None:
        """When a message in one of *states* is looked at next."""
        return self._session.find(_next_in(*states)).scalar()

    def next_lapse_at(self) -> datetime | None:
        """When the next lease lapses."""
        return self._session.find(_NEXT_LAPSE).scalar()

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


@cache
def _next_in(*states: str) -> Prepared:
    listed = ",".join(f"'{state}'" for state in states)  # literals, so that the partial index is used
    where = f"state = {listed}" if len(states) == 1 else f"state IN ({listed})"
    return Prepared(select(func.min(deliveries.c.next_attempt_at)).where(text(where)))


def delivery_of(row: Row[Any]) -> Delivery:
    """The delivery of a row whose columns are NAMES."""
    values = dict(zip(NAMES, row, strict=True))
    values["state"] = DeliveryState(row.state)
    values["kind"] = DeliveryKind(row.kind)
    return Delivery(**values)
