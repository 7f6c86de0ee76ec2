"""What becomes of a message after the channel answered, or did not.

Accepted and refused are final. *Not sent* waits and comes back. A doubt rests for a quarantine, is then looked up, and
where the channel cannot tell it is settled as the house has chosen: sent again with the same bytes, or held. A refusal
brings the fallback into the outbox in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, assert_never

from engine import fallback, incidents
from lifecycle.delivery import Accepted, DeliveryState, InDoubt, NotSent, Refused, Scope, backoff
from lifecycle.events import DeliveryAccepted, DeliveryExpired, DeliveryFailed
from notifiers.base import Absent, CannotTell, Found

if TYPE_CHECKING:
    from datetime import datetime

    from engine.clock import Clock
    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery, SendResult

_MOST_COPIES: Final = 3  # of one mail, all byte for byte the same
_FIND_SLACK: Final = timedelta(minutes=5)


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
    with monitor.work() as work:
        _note(work, claimed, "send", result)
        if not work.deliveries.holds(claimed.delivery.id, claimed.token):
            return
        match result:
            case Accepted(ref):
                accept(work, claimed, ref)
            case NotSent(why, after):
                _wait(work, claimed, why, after)
            case Refused():
                fall_back(work, claimed, result)
            case InDoubt(why):
                _doubt(work, claimed, why)
            case _:
                assert_never(result)


def look_up(monitor: Monitor, claimed: Claimed) -> bool:
    """Ask what became of a message in doubt; True when it may be offered (again)."""
    delivery = claimed.delivery
    since_at, ref = _known(monitor, delivery)
    if ref is not None:
        with monitor.work() as work:
            accept(work, claimed, ref)
        return False
    notifier = monitor.notifiers.get(delivery.channel)
    found = CannotTell("the channel is not set up") if notifier is None else notifier.find(delivery.id, since_at)
    with monitor.work() as work:
        _note(work, claimed, "find", found)
        match found:
            case Found(ref):
                accept(work, claimed, ref)
                return False
            case Absent():
                return True
            case CannotTell(why):
                return _decide_doubt(work, claimed, why)
            case _:
                assert_never(found)


def accept(work: Work, claimed: Claimed, ref: str) -> None:
    """The channel has it."""
    one = claimed.delivery
    changed = work.deliveries.settle(
        one.id, claimed.token, state=DeliveryState.ACCEPTED, accepted_at=work.now, ref=ref, why="", in_doubt_since=None
    )
    if changed:
        work.record(
            DeliveryAccepted(
                delivery_id=one.id,
                agreement_id=one.agreement_id,
                milestone_id=one.milestone_id,
                channel=one.channel,
                ref=ref,
            )
        )


def expire(work: Work, claimed: Claimed) -> None:
    """Too late to be of use: said to those who come next, never dropped in silence."""
    one = claimed.delivery
    if not work.deliveries.settle(one.id, claimed.token, state=DeliveryState.EXPIRED, why="its time was over"):
        return
    work.record(
        DeliveryExpired(
            delivery_id=one.id, agreement_id=one.agreement_id, milestone_id=one.milestone_id, channel=one.channel
        )
    )
    fallback.after(work, one, why="its time was over before it could leave")


def fall_back(work: Work, claimed: Claimed, refused: Refused) -> None:
    """Refused for good: the next one who can be reached is told in the same transaction."""
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
    if refused.scope is Scope.CHANNEL:
        incidents.open_incident(
            work, kind="channel_refused", subject=one.channel, text=f"{one.channel} refuses everything: {refused.why}"
        )
    fallback.after(work, one, why=refused.why)


def _wait(work: Work, claimed: Claimed, why: str, after: float | None) -> None:
    one = claimed.delivery
    wait = backoff(one.failures, work.house.timings, 0.5 + work.monitor.random.random())
    if after is not None:
        wait = max(wait, timedelta(seconds=after))
    # A message that may have left before stays in doubt: this try told nothing about the earlier one.
    state = DeliveryState.PENDING if one.in_doubt_since is None else DeliveryState.IN_DOUBT
    again_at = min(work.now + wait, max(one.expires_at, work.now))
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


def _decide_doubt(work: Work, claimed: Claimed, why: str) -> bool:
    """The channel cannot tell. Back off while there is time; then do what the house has chosen."""
    one = claimed.delivery
    began = one.in_doubt_since or work.now
    patience = min(timedelta(seconds=work.house.timings.doubt), max(one.expires_at - began, timedelta()) / 4)
    if work.now < began + patience:
        again_at = min(began + patience, work.now + backoff(one.failures, work.house.timings, 1.0))
        work.deliveries.settle(
            one.id,
            claimed.token,
            state=DeliveryState.IN_DOUBT,
            next_attempt_at=again_at,
            failures=one.failures + 1,
            why=why,
        )
        return False
    if work.house.mail_in_doubt == "resend" and work.deliveries.offered_copies(one.id) < _MOST_COPIES:
        return True
    fall_back(work, claimed, Refused(f"nobody knows whether it arrived: {why}", Scope.ADDRESS))
    return False


def _known(monitor: Monitor, delivery: Delivery) -> tuple[datetime, str | None]:
    """When the message was first offered, less the slack of clocks; and its name at the channel, if it has it.

    An attempt under a token that was lost meanwhile may have been accepted after all.
    """
    with monitor.look() as work:
        tries = [row for row in work.deliveries.attempts_of(delivery.id) if row.action == "send"]
        first_at = tries[0].at if tries else delivery.in_doubt_since or work.now
    accepted = next((row for row in tries if row.result == "accepted"), None)
    return first_at - _FIND_SLACK, accepted.why if accepted else None


def _note(work: Work, claimed: Claimed, action: str, result: Any) -> None:  # noqa: ANN401 - either kind of answer
    names = {Accepted: "accepted", NotSent: "not_sent", Refused: "refused", InDoubt: "in_doubt"}
    names |= {Found: "found", Absent: "absent", CannotTell: "cannot_tell"}
    work.deliveries.note_attempt(
        delivery_id=claimed.delivery.id,
        token=claimed.token,
        action=action,
        at=work.now,
        result=names[type(result)],
        why=getattr(result, "why", "") or getattr(result, "ref", ""),
    )
