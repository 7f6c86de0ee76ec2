"""What becomes of a message of which nobody knows whether it left.

It rests for a quarantine, then the channel is asked. Where the channel cannot tell, it is asked again while there is
time; after that the house has chosen: the same bytes once more, or held until a person decides.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, assert_never, get_args

from engine.delivery import outages, posted
from engine.delivery.pacing import turn
from engine.delivery.settling import accept, fall_back, note, retimed
from engine.incidents import open_incident
from engine.points import Point
from lifecycle.delivery import DeliveryState, Refused, Scope, backoff
from notifiers.base import Absent, Action, CannotTell, FindResult, Found, Frozen, Outgoing

if TYPE_CHECKING:
    from datetime import datetime

    from engine.delivery.settling import Claimed
    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery

_MOST_COPIES: Final = 3  # of one mail, all byte for byte the same
# Our wall may have been ahead of the channel's when the message left, by a wrong zone or worse, and nobody has noticed.
_FIND_SLACK: Final = timedelta(days=1)
_UNREAD: Final = Frozen("", b"", "")  # a message is found by its id, not by what it says


def look_up(monitor: Monitor, claimed: Claimed) -> bool:
    """Ask what became of a message in doubt; True when it may be offered (again)."""
    since_at, ref = _known(monitor, claimed.delivery)
    if ref is not None:
        with monitor.work(point=Point.FOUND) as work:
            accept(work, claimed, ref)
        return False
    sought = _in_turn(monitor, claimed)
    if sought is None:
        return False
    found = _find(monitor, claimed.delivery, sought, since_at)
    with monitor.work(point=Point.FOUND) as work:
        note(work, claimed, "find", found)
        if not isinstance(found, CannotTell):
            outages.answered(work, claimed.delivery.channel)
        match found:
            case Found(ref):
                accept(work, claimed, ref)
                return False
            case Absent():
                return True
            case CannotTell(why):
                return _decide(work, claimed, why)
            case _:
                assert_never(found)


def _known(monitor: Monitor, delivery: Delivery) -> tuple[datetime, str | None]:
    """When the message was first offered, less the slack of clocks; and its name at the channel, if it has it.

    An attempt under a token that was lost meanwhile may have been accepted after all.
    """
    with monitor.look() as work:
        tries = [row for row in work.deliveries.attempts_of(delivery.id) if row.action == "send"]
        first_at = tries[0].at if tries else delivery.in_doubt_since or work.now
    accepted = next((row for row in tries if row.result == "accepted"), None)
    return first_at - _FIND_SLACK, accepted.why if accepted else None


def _in_turn(monitor: Monitor, claimed: Claimed) -> Outgoing | None:
    """What to look for, if the channel may be asked now; else the message comes back when it may."""
    one = claimed.delivery
    notifier = monitor.notifiers.get(one.channel)
    paces = notifier.paces(Action.FIND, one.address) if notifier else ()
    with monitor.work() if paces else monitor.look() as work:
        back_at = turn(work, paces)
        if back_at is None:
            return posted.outgoing(work, one, _UNREAD)
        retimed(work, claimed, back_at)
    return None


def _find(monitor: Monitor, delivery: Delivery, sought: Outgoing, since_at: datetime) -> FindResult:
    """No transaction is open here; a channel that fails to answer cannot tell."""
    notifier = monitor.notifiers.get(delivery.channel)
    if notifier is None:
        return CannotTell("the channel is not set up")
    try:
        found = notifier.find(sought, since_at)
    except Exception as error:  # noqa: BLE001 - whatever a channel does wrong, the doubt stays a doubt
        return CannotTell(type(error).__name__)
    return found if isinstance(found, get_args(FindResult)) else CannotTell("the channel gave no known answer")


def _decide(work: Work, claimed: Claimed, why: str) -> bool:
    """Back off while there is time; then do what the house has chosen. What is expired is told so by its gate."""
    one = claimed.delivery
    began = one.in_doubt_since or work.now
    patience = min(timedelta(seconds=work.house.timings.doubt), max(one.expires_at - began, timedelta()) / 4)
    if one.expires_at <= work.now:
        return True
    if work.now < began + patience:
        again_at = min(began + patience, work.now + backoff(one.failures, work.house.timings, 1.0))
        _stay(work, claimed, DeliveryState.IN_DOUBT, again_at, why)
        return False
    if work.deliveries.offered_copies(one.id) >= _MOST_COPIES:
        fall_back(work, claimed, Refused(f"nobody knows whether it arrived: {why}", Scope.ADDRESS))
        return False
    return _as_chosen(work, claimed, why)


def _as_chosen(work: Work, claimed: Claimed, why: str) -> bool:
    """What the house does with a doubt that stays one: sends it again, tells it elsewhere, or leaves it to a person."""
    notifier = work.monitor.notifiers.get(claimed.delivery.channel)
    is_harmless = notifier is None or notifier.knows_copies  # where no channel is, nothing is doubled
    choice = work.house.copy_in_doubt if is_harmless else work.house.post_in_doubt
    if choice == "fallback":
        refused = Refused(f"nobody knows whether it arrived: {why}", Scope.ADDRESS)
        fall_back(work, claimed, refused, may_have_arrived=True)
    elif choice == "hold":
        _hold(work, claimed, why)
    return choice == "resend"


def _hold(work: Work, claimed: Claimed, why: str) -> None:
    """A person decides, until its time is over: nothing is held for ever."""
    one = claimed.delivery
    _stay(work, claimed, DeliveryState.HELD, one.expires_at, f"nobody knows whether it arrived: {why}")
    open_incident(
        work,
        kind="held_in_doubt",
        subject=one.id,
        agreement_id=one.agreement_id,
        text=f"A message through {one.channel} is held, because nobody knows whether it arrived: {why}. "
        f"Send it again in Admin, Outbox, or with `longstop outbox release {one.id}`.",
    )


def _stay(work: Work, claimed: Claimed, state: DeliveryState, look_at: datetime, why: str) -> None:
    one = claimed.delivery
    work.deliveries.settle(
        one.id, claimed.token, state=state, next_attempt_at=look_at, failures=one.failures + 1, why=why
    )
