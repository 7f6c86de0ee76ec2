"""The last question before the network: whether the message is still wanted, and may leave now.

The first answer that holds counts: token lost, channel gone, shadow mode, no longer wanted, expired. A message in
doubt is never cancelled here unseen: it was looked up first (``engine.settling.look_up``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.composing import composed_late
from engine.settling import expire, fall_back
from lifecycle.delivery import DeliveryKind, DeliveryState, Refused, Scope
from lifecycle.milestones import LIVE
from notifiers.base import Frozen

if TYPE_CHECKING:
    from engine.monitor import Monitor, Work
    from engine.settling import Claimed
    from lifecycle.delivery import Delivery

_SHADOW_LOOK: Final = timedelta(days=1)


class Pass(NamedTuple):
    """The message may leave with these bytes."""

    frozen: Frozen


def gate(monitor: Monitor, claimed: Claimed) -> Pass | None:
    """Let a claimed message through, or put it where it belongs and answer None."""
    delivery, token = claimed.delivery, claimed.token
    with monitor.work() as work:
        if not work.deliveries.holds(delivery.id, token):
            return None
        if delivery.channel not in monitor.notifiers:
            fall_back(work, claimed, Refused(f"channel {delivery.channel} is not set up", Scope.CHANNEL))
            return None
        if monitor.house.shadow_mode:
            _hold(work, claimed)
            return None
        if why := _unwanted(work, delivery):
            work.deliveries.settle(delivery.id, token, state=DeliveryState.CANCELLED, why=why)
            return None
        if delivery.expires_at <= work.now:
            expire(work, claimed)
            return None
        work.deliveries.mark_offered(delivery.id, token, work.now)
        return Pass(_frozen(work, delivery))


def _unwanted(work: Work, delivery: Delivery) -> str:
    """Why nobody wants the message any more; "" while it is wanted."""
    if delivery.kind is not DeliveryKind.STEP or delivery.milestone_id is None:
        return ""
    milestone = work.milestones.get(delivery.milestone_id)
    if milestone.state not in LIVE:
        return f"the deadline is {milestone.state}"
    if milestone.safe_on != delivery.safe_on:
        return "the day has moved"
    if milestone.generation != delivery.generation:
        return "it was answered or changed"
    return ""


def _hold(work: Work, claimed: Claimed) -> None:
    """Shadow mode: all is composed and logged, nothing leaves, and nothing is held for ever."""
    _frozen(work, claimed.delivery)
    if claimed.delivery.expires_at <= work.now:
        why = "its time was over in shadow mode"
        work.deliveries.settle(claimed.delivery.id, claimed.token, state=DeliveryState.EXPIRED, why=why)
        return
    later = min(work.now + _SHADOW_LOOK, max(claimed.delivery.expires_at, work.now))
    work.deliveries.settle(
        claimed.delivery.id, claimed.token, state=DeliveryState.HELD, next_attempt_at=later, why="shadow mode"
    )


def _frozen(work: Work, delivery: Delivery) -> Frozen:
    kept = work.deliveries.body(delivery.id) or composed_late(work, delivery)
    return Frozen(kept.subject, kept.body, kept.content_type)
