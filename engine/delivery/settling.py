"""What becomes of a message after the channel answered, or did not.

Accepted and refused are final. *Not sent* waits and comes back. A doubt rests for a quarantine and is then looked up
(``engine.delivery.doubt``). A refusal brings the fallback into the outbox in the same transaction. Where the channel
refuses everybody, and no other channel leads to anybody, the message waits until the channel works again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, assert_never

from engine import incidents
from engine.delivery import contact_points, endpoints, fallback, outages, pacing, posted
from engine.delivery.announcing import CHANNEL_REFUSED
from engine.points import Point
from lifecycle.delivery import Accepted, DeliveryState, InDoubt, NotSent, Refused, Scope, backoff
from lifecycle.events import DeliveryAccepted, DeliveryExpired, DeliveryFailed
from notifiers.base import Absent, Action, CannotTell, Found

if TYPE_CHECKING:
    from datetime import datetime

    from engine.clock import Clock
    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery, SendResult
    from notifiers.base import FindResult

_FLAPPING: Final = timedelta(hours=1)  # a channel that takes some and refuses others is told of once an hour at most
_WORDS: Final = {
    Accepted: "accepted",
    NotSent: "not_sent",
    Refused: "refused",
    InDoubt: "in_doubt",
    Found: "found",
    Absent: "absent",
    CannotTell: "cannot_tell",
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in our hands: its token, and until when on the steady clock its first byte may leave."""

    delivery: Delivery
    token: str
    before: float

    def is_ours(self, clock: Clock) -> bool:
        """Whether a first byte may still leave."""
        return clock.elapsed() < self.before


def settle(monitor: Monitor, claimed: Claimed, result: SendResult) -> None:
    """Write down what the channel answered; the row moves only if the token still holds it."""
    with monitor.work(point=Point.SETTLED) as work:
        write_down(work, claimed, result)


def write_down(work: Work, claimed: Claimed, result: SendResult) -> None:
    """As ``settle``, in a transaction that others share."""
    is_late = not work.deliveries.holds(claimed.delivery.id, claimed.token)
    note(work, claimed, "send", result, is_late=is_late)
    if is_late:
        return
    if not work.monitor.notifiers[claimed.delivery.channel].shares_fate:
        endpoints.answered(work, claimed.delivery.address, result)
    outages.heard(work, claimed.delivery, result)
    match result:
        case Accepted(ref):
            accept(work, claimed, ref, known_as=result.known_as)
        case NotSent(is_too_fast=True):
            _stand_still(work, claimed, result)
        case NotSent(why, after):
            _wait(work, claimed, why, after)
        case Refused(why, Scope.CHANNEL):
            _refused_by_channel(work, claimed, result)
        case Refused(why, scope):
            if scope is Scope.ADDRESS:
                contact_points.refused(work, claimed.delivery, why)
            fall_back(work, claimed, result)
        case InDoubt(why):
            _doubt(work, claimed, why)
        case _:
            assert_never(result)


def accept(work: Work, claimed: Claimed, ref: str, *, known_as: str = "") -> None:
    """The channel has it; *known_as* is what it calls the address."""
    one = claimed.delivery
    changed = work.deliveries.settle(
        one.id, claimed.token, state=DeliveryState.ACCEPTED, accepted_at=work.now, ref=ref, why="", in_doubt_since=None
    )
    if changed:
        posted.accepted(work, one, ref, known_as=known_as)
        work.record(
            DeliveryAccepted(
                delivery_id=one.id,
                agreement_id=one.agreement_id,
                milestone_id=one.milestone_id,
                channel=one.channel,
                ref=ref,
            )
        )
        why = "it takes messages again"
        incidents.close_incident(work, kind=CHANNEL_REFUSED, subject=one.channel, because=why, after=_FLAPPING)
        contact_points.taken(work, one)


def expire(work: Work, claimed: Claimed) -> None:
    """Too late to be of use: said to those who come next, never dropped in silence."""
    if work.deliveries.settle(
        claimed.delivery.id, claimed.token, state=DeliveryState.EXPIRED, why="its time was over"
    ):  # fmt: skip
        expired(work, claimed.delivery)


def expired(work: Work, one: Delivery) -> None:
    """What follows when a message's time was over; in shadow mode nobody is told instead."""
    work.record(
        DeliveryExpired(
            delivery_id=one.id, agreement_id=one.agreement_id, milestone_id=one.milestone_id, channel=one.channel
        )
    )
    if not work.house.shadow_mode:
        fallback.after(work, one, why="its time was over before it could leave")


def fall_back(work: Work, claimed: Claimed, refused: Refused, *, may_have_arrived: bool = False) -> None:
    """Refused for good, or a doubt that stays one: the next one who can be reached is told in the same transaction."""
    one = claimed.delivery
    if not work.deliveries.settle(one.id, claimed.token, state=DeliveryState.FAILED, why=refused.why):
        return
    work.record(
        DeliveryFailed(
            delivery_id=one.id,
            agreement_id=one.agreement_id,
            milestone_id=one.milestone_id,
            channel=one.channel,
            why=refused.why,
        )
    )
    if refused.scope is Scope.CHANNEL and outages.since(work, one.channel) is None:
        _tell_of_channel(work, one, refused.why)
    text = f"This message may also have arrived by {one.channel.capitalize()}." if may_have_arrived else ""
    fallback.after(work, one, why=refused.why, is_channel_dead=refused.scope is Scope.CHANNEL, text=text)


def give_back(monitor: Monitor, claimed: Claimed) -> None:
    """Release a claimed message that was not offered; it is due as before."""
    one = claimed.delivery
    state = DeliveryState.PENDING if one.in_doubt_since is None else DeliveryState.IN_DOUBT
    with monitor.work(point=Point.SETTLED) as work:
        work.deliveries.settle(one.id, claimed.token, state=state, next_attempt_at=work.now)


def note(work: Work, claimed: Claimed, action: str, result: SendResult | FindResult, *, is_late: bool = False) -> None:
    """Keep one try for good. A late answer stands beside the doubt that was noted when its sender was given up.

    It may stand there already, from a transaction of which nobody heard that it was kept.
    """
    said: Any = result
    token = f"{claimed.token}{work.deliveries.LATE}" if is_late else claimed.token
    if is_late and any(row.token == token for row in work.deliveries.attempts_of(claimed.delivery.id)):
        return
    work.deliveries.note_attempt(
        delivery_id=claimed.delivery.id,
        token=token,
        action=action,
        at=work.now,
        result=outages.UNREACHABLE if getattr(result, "is_unreachable", False) else _WORDS[type(result)],
        why=getattr(said, "why", "") or getattr(said, "ref", ""),
    )


def _refused_by_channel(work: Work, claimed: Claimed, refused: Refused) -> None:
    """A wrong password, a closed account: told to the operator; what can leave once it is mended is not given up."""
    if fallback.leads_elsewhere(work, claimed.delivery):
        fall_back(work, claimed, refused)
        return
    _tell_of_channel(work, claimed.delivery, refused.why)
    _wait(work, claimed, refused.why, None)


def _tell_of_channel(work: Work, one: Delivery, why: str) -> None:
    text = f"{one.channel} refuses everything: {why}"
    incidents.open_incident(work, kind=CHANNEL_REFUSED, subject=one.channel, text=text)


def retimed(work: Work, claimed: Claimed, again_at: datetime, *, why: str = "") -> None:
    """Not yet: the channel is asked no more often than it allows. It was no attempt and is no failure."""
    one = claimed.delivery
    work.deliveries.settle(
        one.id,
        claimed.token,
        state=DeliveryState.PENDING if one.in_doubt_since is None else DeliveryState.IN_DOUBT,
        next_attempt_at=min(again_at, max(one.expires_at, work.now)),
        attempts=one.attempts - 1,
        why=why or one.why,
    )


def _stand_still(work: Work, claimed: Claimed, result: NotSent) -> None:
    """The channel asks for patience: nobody asks it meanwhile. What would come too late by that is told elsewhere."""
    one = claimed.delivery
    paces = work.monitor.notifiers[one.channel].paces(Action.SEND, one.address)
    retimed(work, claimed, pacing.patience(work, paces, result.after or 0.0))


def _wait(work: Work, claimed: Claimed, why: str, after: float | None) -> None:
    one = claimed.delivery
    wait = backoff(one.failures, work.house.timings, 0.5 + work.monitor.random.random())
    if after is not None:
        wait = max(wait, timedelta(seconds=after))
    # A message that may have left before stays in doubt: this try told nothing about the earlier one.
    state = DeliveryState.PENDING if one.in_doubt_since is None else DeliveryState.IN_DOUBT
    latest = (max(one.expires_at, work.now), outages.given_up_at(work, one))
    again_at = min(work.now + wait, *(at for at in latest if at is not None))
    work.deliveries.settle(
        one.id, claimed.token, state=state, next_attempt_at=again_at, failures=one.failures + 1, why=why
    )


def _doubt(work: Work, claimed: Claimed, why: str) -> None:
    one = claimed.delivery
    look_at = work.now + timedelta(seconds=work.house.timings.quarantine)
    work.deliveries.settle(
        one.id,
        claimed.token,
        state=DeliveryState.IN_DOUBT,
        in_doubt_since=one.in_doubt_since or work.now,
        next_attempt_at=look_at,
        why=why,
    )
