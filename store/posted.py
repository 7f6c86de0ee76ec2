"""Messages that can be shown anew: what each shows, and what it is wanted to show (DELIVERY.md S6).

``wanted`` grows with every change of what the message tells of; while ``shown`` lags behind, the row is due. Only the
holder of its lease writes down what was shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import case, func, literal, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from store.prepared import Prepared
from store.schema import deliveries, posted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row

    from store.session import Session

_DUE_ORDER: Final = (posted.c.next_update_at, posted.c.delivery_id)
_NEXT: Final = Prepared(select(func.min(posted.c.next_update_at)).where(text("next_update_at IS NOT NULL")))
_ANY: Final = Prepared(select(posted.c.delivery_id).limit(1))


class Posted(NamedTuple):
    """A message as its channel has it."""

    delivery_id: str
    channel: str
    ref: str
    milestone_id: str | None
    shown: int
    wanted: int
    failures: int = 0


class Root(NamedTuple):
    """An earlier message about the same milestone to the same address."""

    ref: str
    place: str


class PostedMessages:
    """All of them, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._is_any: bool | None = None

    def is_any(self) -> bool:
        """Whether anything was posted that can be shown anew; asked once in a transaction."""
        if self._is_any is None:
            self._is_any = self._session.ask(_ANY).first() is not None
        return self._is_any

    def add(self, one: Posted, now: datetime) -> None:
        """Keep what was posted; due at once where more is wanted than it shows."""
        maker = sqlite.insert if self._session.is_sqlite else postgresql.insert
        row = one._asdict() | {"next_update_at": now if one.shown < one.wanted else None, "is_gone": False}
        self._session.execute(maker(posted).on_conflict_do_nothing(), [row])
        self._is_any = True

    def get(self, delivery_id: str) -> Row[Any] | None:
        """The row of a delivery; None if it was not posted."""
        return self._session.execute(select(posted).where(posted.c.delivery_id == delivery_id)).one_or_none()

    def want(self, milestone_ids: Iterable[str], now: datetime) -> int:
        """What is told of these has changed: show it anew; how many messages. One that is being shown waits for it."""
        where = posted.c.milestone_id.in_(list(milestone_ids)) & ~posted.c.is_gone
        values = {
            "wanted": posted.c.wanted + 1,
            "next_update_at": func.coalesce(posted.c.lease_until, literal(now, posted.c.next_update_at.type)),
        }
        return self._session.execute(update(posted).where(where).values(values)).rowcount

    def next_at(self) -> datetime | None:
        """When a message is to be shown anew next."""
        return self._session.find(_NEXT).scalar()

    def claim(self, now: datetime, *, token: str, until: datetime) -> Posted | None:
        """Take the message that is due the longest; its lease lapses at *until*, and then it is due again.

        Where the last holder never said what it had shown, nobody knows what the message shows.
        """
        statement = select(posted).where(posted.c.next_update_at <= now).order_by(*_DUE_ORDER).limit(1)
        row = self._session.execute(statement.with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            return None
        shown = row.shown if row.lease_token is None else 0
        self._change(row.delivery_id, shown=shown, lease_token=token, lease_until=until, next_update_at=until)
        return Posted(row.delivery_id, row.channel, row.ref, row.milestone_id, shown, row.wanted, row.failures)

    def put_off(self, delivery_id: str, at: datetime) -> None:
        """Give it back untouched, to be taken later."""
        self._change(delivery_id, lease_token=None, lease_until=None, next_update_at=at)

    def note_shown(self, one: Posted, token: str, now: datetime) -> bool:
        """It shows what was wanted when it was taken; due again if more is wanted by now. False as in ``settle``."""
        is_behind = case((posted.c.wanted > one.wanted, literal(now, posted.c.next_update_at.type)))
        return self.settle(one.delivery_id, token, shown=one.wanted, failures=0, next_update_at=is_behind)

    def settle(self, delivery_id: str, token: str, **values: Any) -> bool:  # noqa: ANN401 - columns of the table
        """Write down what became of it; False when the token no longer holds it."""
        mine = (posted.c.delivery_id == delivery_id) & (posted.c.lease_token == token)
        released = {"lease_token": None, "lease_until": None, **values}
        return self._session.execute(update(posted).where(mine).values(released)).rowcount == 1

    def show_again(self, delivery_id: str, now: datetime) -> None:
        """Somebody wrote over it after their lease was lost: nobody knows what it shows."""
        wanted = func.max(posted.c.wanted, 1) if self._session.is_sqlite else func.greatest(posted.c.wanted, 1)
        self._change(delivery_id, shown=0, wanted=wanted, next_update_at=now)

    def earlier(self, milestone_id: str, channel: str, address: str) -> list[Root]:
        """The messages about a milestone to one address, the oldest first."""
        statement = (
            select(posted.c.ref, deliveries.c.place)
            .join(deliveries, deliveries.c.id == posted.c.delivery_id)
            .where(posted.c.milestone_id == milestone_id, posted.c.channel == channel, deliveries.c.address == address)
            .order_by(deliveries.c.accepted_at, deliveries.c.id)
        )
        return [Root(row.ref, row.place) for row in self._session.execute(statement)]

    def _change(self, delivery_id: str, **values: Any) -> None:  # noqa: ANN401 - columns of the table
        self._session.execute(update(posted).where(posted.c.delivery_id == delivery_id).values(values))
