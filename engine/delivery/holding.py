"""A person holds a message back, lets it go, or has it tried again.

Nothing is held for ever: at the end of its time a held message expires, and those who come next are told.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from engine.delivery.unheard import may_have_arrived
from lifecycle.delivery import UNSENT, Delivery, DeliveryKind, DeliveryState
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


class MayHaveArrived(LifecycleError):
    """A second try of a message in doubt is a decision of its own."""

    code = "may-have-arrived"

    def __init__(self, one: Delivery) -> None:
        super().__init__(
            f"Message {one.id} may have arrived already; it is looked for before anything else.",
            remedy="Decide that it is sent again, perhaps twice.",
            command=f"longstop outbox retry {one.id} --again",
        )


class ToldSince(LifecycleError):
    """Its reader has heard the same by another message since it failed; once more is a decision of its own."""

    code = "told-since"

    def __init__(self, one: Delivery, since: Delivery) -> None:
        super().__init__(
            f"Message {one.id} failed, but {since.id} told {one.address} the same since, or is about to.",
            remedy="Decide that it is told twice.",
            command=f"longstop outbox retry {one.id} --again",
        )


class TooLate(LifecycleError):
    """The message is of no use any more."""

    code = "too-late"

    def __init__(self, one: Delivery) -> None:
        super().__init__(
            f"The time of message {one.id} was over on {one.expires_at:%Y-%m-%d %H:%M}Z; it is not sent any more.",
            remedy="Tell whoever it was for yourself.",
        )


def retry(work: Work, ids: Sequence[str], *, again: bool = False) -> None:
    """Try now what waits, or has failed and can be delivered by now.

    Who was told instead of a failed one is not told once more if it fails again. With *again* also what is in doubt,
    which may arrive twice, and what another message has told its reader since; without, a doubt is looked up first, in
    its time. A digest that failed has given back what it told of. Raises NotFound, NotWaiting, MayHaveArrived,
    ToldSince, TooLate.
    """
    known = {one.id: one for one in work.deliveries.many(list(ids))}
    for delivery_id in dict.fromkeys(ids):
        _retry(work, known.get(delivery_id) or work.deliveries.get(delivery_id), again=again)
    work.made_due = True


def _retry(work: Work, one: Delivery, *, again: bool) -> None:
    if one.state is DeliveryState.IN_DOUBT and not again:
        raise MayHaveArrived(one)
    if one.state is DeliveryState.FAILED and one.expires_at <= work.now:
        raise TooLate(one)
    if one.state is DeliveryState.FAILED and not again and (since := _told_since(work, one)):
        raise ToldSince(one, since)
    anew = {} if one.state is DeliveryState.PENDING else {"in_doubt_since": None, "failures": 0, "why": ""}
    takes = [DeliveryState.PENDING, DeliveryState.IN_DOUBT]
    if one.kind is not DeliveryKind.DIGEST:
        takes.append(DeliveryState.FAILED)
    moved = work.deliveries.change([one.id], takes, state=DeliveryState.PENDING, next_attempt_at=work.now, **anew)
    if not moved:
        raise NotWaiting(one, DeliveryState.PENDING)


def _told_since(work: Work, failed: Delivery) -> Delivery | None:
    """The message by which the same reader hears of the same step, standing in for somebody perhaps."""
    if failed.kind is not DeliveryKind.STEP:
        return None
    same = attrgetter("kind", "safe_on", "place", "channel", "address")
    others = (one for one in work.deliveries.of_milestone(failed.milestone_id or "") if one.id != failed.id)
    says = (one for one in others if same(one) == same(failed))
    return next((one for one in says if may_have_arrived(one) or one.state in UNSENT), None)


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
