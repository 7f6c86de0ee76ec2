"""The last question before the network: whether the message is still wanted, and may leave now.

The first answer that holds counts: token lost, no longer wanted, shadow mode, expired, cannot be reached, away, to be
held, its channel down, too fast for its channel. A message in doubt is never cancelled here unseen: it was looked up
first (``engine.delivery.doubt.look_up``).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.absences import delegated
from engine.delivery import late, outages, posted, quiet, recipients, shadow, silencing
from engine.delivery.pacing import turn
from engine.delivery.settling import expire, fall_back, retimed
from engine.delivery.still_wanted import unwanted
from engine.points import Point
from lifecycle.delivery import DeliveryState, Refused, Scope
from lifecycle.playbooks.playbook import Urgency
from notifiers.base import Action, Frozen
from store.at_the_gate import look_ahead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.delivery.settling import Claimed
    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery
    from notifiers.base import Outgoing

_SHADOW_LOOK: Final = timedelta(days=1)


def gate(monitor: Monitor, claimed: Claimed) -> Outgoing | None:
    """What a claimed message is to be sent as; or put it where it belongs and answer None."""
    with monitor.work(point=Point.GATED) as work:
        return pass_gate(work, claimed)


def read_ahead(work: Work, asking: Sequence[Delivery]) -> None:
    """What gates ask of each message, read in one question for all of them.

    What a silence searches, and what is still to be composed, is read whole; in one question each for all of them.
    """
    look_ahead(work, [one.id for one in asking])
    is_silence = silencing.is_any(work)
    whole = [
        one.milestone_id
        for one in asking
        if one.milestone_id is not None and (is_silence or work.deliveries.body(one.id) is None)
    ]
    if whole:
        holders = [row.key.holder for row in work.milestones.fetch(whole)]
        work.agreements.fetch(holders)
        work.evidence.look_ahead(holders)
        work.milestones.fetch_raised(whole)


def pass_gate(work: Work, claimed: Claimed) -> Outgoing | None:
    """As ``gate``, in a transaction that others share."""
    delivery, token = claimed.delivery, claimed.token
    if not work.deliveries.holds(delivery.id, token):
        return None
    if work.house.shadow_mode:
        _hold(work, claimed)
    elif may_leave(work, claimed) and _has_its_turn(work, claimed):
        work.deliveries.mark_offered(delivery.id, token, work.now)
        return posted.outgoing(work, delivery, frozen_at_last(work, delivery))
    return None


def may_leave(work: Work, claimed: Claimed) -> bool:
    """Whether a message is still wanted and nothing holds it; if not it is put where it belongs."""
    delivery = claimed.delivery
    if why := unwanted(work, delivery):
        work.deliveries.settle(delivery.id, claimed.token, state=DeliveryState.CANCELLED, why=why)
    elif delivery.expires_at <= work.now:
        expire(work, claimed)
    elif refused := _unreachable(work, delivery):
        fall_back(work, claimed, refused)
    else:
        return not delegated(work, claimed) and not quiet.hold_back(work, claimed)
    return False


def _has_its_turn(work: Work, claimed: Claimed) -> bool:
    """Whether the channel may be asked now; if not the message comes back when it may."""
    one = claimed.delivery
    around = outages.turn_of(work, one)
    if isinstance(around, Refused):
        fall_back(work, claimed, around)
        return False
    if around is not None:
        retimed(work, claimed, around, why=outages.WAITS)
        return False
    paces = work.monitor.notifiers[one.channel].paces(Action.SEND, one.address)
    back_at = turn(work, paces, is_critical=one.urgency == Urgency.CRITICAL)
    if back_at is not None:
        retimed(work, claimed, back_at)
    return back_at is None


def _unreachable(work: Work, delivery: Delivery) -> Refused | None:
    """What is known before the channel is asked: it is not set up any more, or this recipient may not be told."""
    if delivery.channel not in work.monitor.notifiers:
        return Refused(f"channel {delivery.channel} is not set up", Scope.CHANNEL)
    if delivery.recipient_id is not None and recipients.enabled(work, delivery.recipient_id) is None:
        return Refused("the recipient has left", Scope.ADDRESS)
    if recipients.is_kept_from(work, delivery):
        return Refused("the agreement is restricted by now, and its messages go to people alone", Scope.ADDRESS)
    if delivery.recipient_id and work.contact_points.is_dead(
        delivery.recipient_id, delivery.channel, delivery.address
    ):  # fmt: skip
        return Refused("nothing arrives at this address any more", Scope.ADDRESS)
    return None


def _hold(work: Work, claimed: Claimed) -> None:
    """Shadow mode: what is wanted is composed and logged, nothing leaves, and nothing is held for ever."""
    one = claimed.delivery
    if one.in_doubt_since is None and (why := unwanted(work, one)):
        work.deliveries.settle(one.id, claimed.token, state=DeliveryState.CANCELLED, why=why)
        return
    if one.expires_at <= work.now:
        expire(work, claimed)
        return
    if one.channel in work.monitor.notifiers and work.deliveries.body(one.id) is None:
        late.composed(work, one)
    # What may have left before stays in doubt: held, it would be taken for certain when it is released.
    state = DeliveryState.HELD if one.in_doubt_since is None else DeliveryState.IN_DOUBT
    later = min(work.now + _SHADOW_LOOK, one.expires_at)
    work.deliveries.settle(one.id, claimed.token, state=state, next_attempt_at=later, why=shadow.WHY)


def frozen_at_last(work: Work, delivery: Delivery) -> Frozen:
    """What is offered: composed now if it was not yet, and the same from then on."""
    kept = work.deliveries.body(delivery.id)
    if kept is None or late.is_stale(work, delivery):
        kept = late.composed(work, delivery)
    return Frozen(kept.subject, kept.body, kept.content_type)
