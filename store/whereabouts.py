"""What a channel itself calls an address: learnt at the first message, handed in with the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from store.prepared import Prepared
from store.schema import whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from store.session import Session

_NEXT: Final = Prepared(select(func.min(whereabouts.c.next_look_at)).where(text("next_look_at IS NOT NULL")))


class Whereabout(NamedTuple):
    """An address and what its channel calls it."""

    channel: str
    address: str
    known_as: str


class Whereabouts:
    """All of them, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def of(self, channel: str, address: str) -> str:
        """What the channel calls an address; "" while it is not known."""
        statement = select(whereabouts.c.known_as).where(_same(channel, address))
        return self._session.execute(statement).scalar_one_or_none() or ""

    def learn(self, one: Whereabout, next_look_at: datetime | None) -> None:
        """Keep it. What was known already keeps its next look, unless nobody looked any more."""
        question = select(whereabouts).where(_same(one.channel, one.address))
        known = self._session.execute(question).one_or_none()
        if known is not None and known.known_as == one.known_as and (known.next_look_at or next_look_at is None):
            return
        maker = sqlite.insert if self._session.is_sqlite else postgresql.insert
        row = {**one._asdict(), "next_look_at": next_look_at}
        changed = {"known_as": one.known_as, "next_look_at": next_look_at}
        statement = maker(whereabouts).values(row)
        self._session.execute(statement.on_conflict_do_update(index_elements=["channel", "address"], set_=changed))

    def due(self, now: datetime, most: int) -> list[Whereabout]:
        """Those to be looked at, the longest due first."""
        statement = select(whereabouts).where(whereabouts.c.next_look_at <= now)
        rows = self._session.execute(statement.order_by(whereabouts.c.next_look_at, whereabouts.c.address).limit(most))
        return [Whereabout(row.channel, row.address, row.known_as) for row in rows]

    def look_again(self, channel: str, address: str, at: datetime | None) -> None:
        """When it is looked at next; None: no more."""
        self._session.execute(update(whereabouts).where(_same(channel, address)).values(next_look_at=at))

    def look_anew(self, channels: Iterable[str], address: str, at: datetime) -> None:
        """Where nobody looks at an address any more it is looked at again."""
        wanted = whereabouts.c.channel.in_(sorted(channels)) & (whereabouts.c.address == address)
        statement = update(whereabouts).where(wanted, whereabouts.c.next_look_at.is_(None))
        self._session.execute(statement.values(next_look_at=at))

    def next_look_at(self) -> datetime | None:
        """When the next is to be looked at."""
        return self._session.find(_NEXT).scalar()


def _same(channel: str, address: str) -> ColumnElement[bool]:
    return (whereabouts.c.channel == channel) & (whereabouts.c.address == address)
