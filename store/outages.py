"""What the last tries through a channel came to, and what waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select, update

from lifecycle.delivery import SENDER_GONE, DeliveryState
from store.schema import attempts, deliveries

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Session

_RECENT: Final = 200  # tries of all channels, among which those of one are sought


class Outages:
    """Channels in trouble, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def last_results(self, channel: str, most: int) -> list[str]:
        """What the last tries through a channel came to, the newest first; not those whose sender was killed.

        A look for a message is one where the channel said whether it has it.
        """
        is_sent = (attempts.c.action == "send") & (attempts.c.why != SENDER_GONE)
        is_said = is_sent | attempts.c.result.in_(["found", "absent"])
        tried = select(attempts).where(is_said).order_by(attempts.c.id.desc()).limit(_RECENT)
        recent = tried.subquery()
        mine = select(recent.c.result).join(deliveries, deliveries.c.id == recent.c.delivery_id)
        statement = mine.where(deliveries.c.channel == channel).order_by(recent.c.id.desc()).limit(most)
        return list(self._session.execute(statement).scalars())

    def wake(self, channel: str, why: str, at: datetime) -> int:
        """Look at *at* at what could not leave through a channel, or waits for it as *why* says; how many messages."""
        is_pending = deliveries.c.state == DeliveryState.PENDING.value
        is_waiting = deliveries.c.state.in_([DeliveryState.PENDING.value, DeliveryState.IN_DOUBT.value])
        mine = or_(is_pending & (deliveries.c.failures > 0), is_waiting & (deliveries.c.why == why))
        where = mine & (deliveries.c.channel == channel) & (deliveries.c.next_attempt_at > at)
        return self._session.execute(update(deliveries).where(where).values(next_attempt_at=at)).rowcount
