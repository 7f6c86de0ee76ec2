"""A channel that answers nobody is only probed: one message tries, the others wait or go another way.

1. Five tries in a row, whoever they were for, that reached nobody or were never answered, and no look for a message
   that was: the channel is down. The operators hear of it, through another channel if they have one.
2. While it is down one message tries each half minute; each of the others is given a turn of its own behind it. What
   is critical goes another way at once, the rest after an hour, if there is one.
3. Whatever the channel answers, though it be a refusal, ends it. What waited comes to its gate at once.

A message that proves the way (``longstop send-test``, and the one of each day to ourselves) is never held up. A channel
behind whose addresses stand many servers is never down as a whole.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery import fallback
from engine.delivery.pacing import turn
from engine.incidents import CHANNEL_DOWN, close_incident, open_incident
from lifecycle.delivery import DeliveryKind, InDoubt, NotSent, Refused, Scope
from lifecycle.pacing import Bucket, Pace
from lifecycle.playbooks.playbook import Urgency

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Work
    from lifecycle.delivery import Delivery, SendResult

IN_A_ROW: Final = 5
UNREACHABLE: Final = "unreachable"
WAITS: Final = "waits until the channel answers again"
_FAILURES: Final = frozenset({UNREACHABLE, "in_doubt"})


def heard(work: Work, one: Delivery, result: SendResult) -> None:
    """A try has ended, and is noted: it may have been the fifth that failed, or the first that did not."""
    if not work.monitor.notifiers[one.channel].shares_fate:
        return
    if not isinstance(result, InDoubt) and not (isinstance(result, NotSent) and result.is_unreachable):
        answered(work, one.channel)
    elif since(work, one.channel) is None:
        _failed(work, one.channel, result.why)


def answered(work: Work, channel: str) -> None:
    """The channel is there. What waited for it is looked at now."""
    if since(work, channel) is None:
        return
    close_incident(work, kind=CHANNEL_DOWN, subject=channel, because="it answers again")
    if work.outages.wake(channel, WAITS, work.now):
        work.made_due = True


def since(work: Work, channel: str) -> datetime | None:
    """Since when a channel is down; None if it is not."""
    mine = (CHANNEL_DOWN, channel)
    return next((one.opened_at for one in work.keeping.incidents() if (one.kind, one.subject) == mine), None)


def turn_of(work: Work, one: Delivery) -> datetime | Refused | None:
    """None: let it go, to its own channel's gate. Else when to come back, or why it goes another way."""
    down_at = since(work, one.channel)
    if down_at is None or one.kind is DeliveryKind.TEST:
        return None
    is_critical = one.urgency == Urgency.CRITICAL
    long_at = down_at + timedelta(seconds=work.house.timings.doubt)
    goes = (is_critical or work.now >= long_at) and one.in_doubt_since is None and fallback.leads_elsewhere(work, one)
    has_tried = goes and one.failures > 0
    back_at = None if has_tried else turn(work, (_probing(work, one.channel),), is_critical=is_critical or goes)
    if has_tried or (goes and back_at is not None):
        return Refused(f"{one.channel} has not answered since {down_at:%Y-%m-%d %H:%M}Z", Scope.CHANNEL)
    return back_at and (min(back_at, long_at) if work.now < long_at else back_at)


def given_up_at(work: Work, one: Delivery) -> datetime | None:
    """When a message that was tried in vain goes another way; None where its channel is there, or no way leads on."""
    down_at = since(work, one.channel)
    if down_at is None or one.in_doubt_since is not None or not fallback.leads_elsewhere(work, one):
        return None
    is_critical = one.urgency == Urgency.CRITICAL
    return work.now if is_critical else max(work.now, down_at + timedelta(seconds=work.house.timings.doubt))


def _failed(work: Work, channel: str, why: str) -> None:
    last = work.outages.last_results(channel, IN_A_ROW)
    if len(last) < IN_A_ROW or not _FAILURES.issuperset(last):
        return
    text = (
        f"{channel} has not answered {IN_A_ROW} times in a row: {why}. One message tries it each half minute; "
        "the others wait for it, or go another way. Try it in Admin, Channels, or with `longstop send-test`."
    )
    if open_incident(work, kind=CHANNEL_DOWN, subject=channel, text=text):
        pace = _probing(work, channel)
        work.buckets.locked([pace.name], work.now)
        # A bucket of its own, so that nobody stands in line from the last time.
        work.buckets.save([Bucket(name=pace.name, full_at=work.now + pace.step)])


def _probing(work: Work, channel: str) -> Pace:
    return Pace(f"down:{channel}", 2 * work.house.timings.retry)
