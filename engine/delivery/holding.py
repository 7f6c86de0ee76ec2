"""A person holds a message back, or lets it go.

Nothing is held for ever: at the end of its time a held message expires, and those who come next are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.delivery import Delivery, DeliveryState
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.monitor import Work


class NotWaiting(LifecycleError):
    """The message is not in a state in which a person can hold or release it."""

    code = "not-waiting"

    def __init__(self, one: Delivery, wanted: DeliveryState) -> None:
        super().__init__(
            f"Message {one.id} is {one.state}, not {wanted}; nothing was changed.",
            remedy="List those that can be chosen.",
            command=f"longstop outbox list --state {wanted}",
        )


class Leaving(LifecycleError):
    """The message is being handed to its channel: nobody can say any more that it will not arrive."""

    code = "leaving"

    def __init__(self, one: Delivery) -> None:
        super().__init__(
            f"Message {one.id} is leaving at this moment; it cannot be held.",
            remedy="Look again in a minute whether it was accepted or waits for a retry.",
            command="longstop outbox list",
        )


def retry(work: Work, ids: Sequence[str]) -> None:
    """Try what waits now instead of after its wait; what is in doubt keeps its time of rest.

    Raises NotFound, NotWaiting.
    """
    moved = set(work.deliveries.change(ids, [DeliveryState.PENDING], next_attempt_at=work.now))
    for one in ids:
        if one not in moved:
            raise NotWaiting(work.deliveries.get(one), DeliveryState.PENDING)
    work.made_due = True


def hold(work: Work, delivery_id: str, *, because: str = "") -> Delivery:
    """Keep a pending message back until somebody releases it. Raises NotFound, NotWaiting, Leaving."""
    one = work.deliveries.get(delivery_id)
    changed = work.deliveries.change(
        [one.id],
        [DeliveryState.PENDING],
        state=DeliveryState.HELD,
        next_attempt_at=one.expires_at,
        why=": ".join(filter(None, (f"held by {work.actor.name}", because))),
    )
    if not changed:
        raise Leaving(one) if one.state is DeliveryState.SENDING else NotWaiting(one, DeliveryState.PENDING)
    return work.deliveries.get(one.id)


def release(work: Work, delivery_id: str) -> Delivery:
    """Let a held message leave now; one that was held in doubt is sent again. Raises NotFound, NotWaiting."""
    one = work.deliveries.get(delivery_id)
    changed = work.deliveries.change(
        [one.id],
        [DeliveryState.HELD],
        state=DeliveryState.PENDING,
        next_attempt_at=work.now,
        in_doubt_since=None,
        why="",
    )
    if not changed:
        raise NotWaiting(one, DeliveryState.HELD)
    work.made_due = True
    return work.deliveries.get(one.id)
