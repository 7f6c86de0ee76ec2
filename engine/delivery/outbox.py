"""How a message leaves the house.

    claim -> gate -> send -> settle
                       `-> in doubt -> (quarantine) -> claim -> find -> settle, or gate and send the same bytes again

1. ``sweep``: a lease that lapsed makes its message *in doubt*; nobody guesses whether it left.
2. ``claim``: one statement takes due messages for a token.
3. ``gate``: a short transaction right before the network asks whether the message is still wanted.
4. ``send``: no transaction is open; the notifier asks last whether the lease still holds.
5. ``settle``: only the holder of the token moves the row; one transaction with the gate of those that leave next
   (``engine.delivery.senders``). An answer that the database could not take is kept until it can, and nothing else
   leaves meanwhile.

A message that makes trouble of its own is set aside for an hour and told to the operator; the rest go on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery.in_step import is_in_step
from engine.delivery.senders import Senders, write_answers
from engine.delivery.settling import Claimed
from engine.points import Point
from lifecycle.delivery import SENDER_GONE, DeliveryState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery

_EVERY_EIGHTH: Final = 8  # this claim goes by age alone, so that nothing starves
_AT_ONCE: Final = 4  # messages that one sender carries one after the other within its lease


def sweep(monitor: Monitor) -> int:
    """Put messages whose sender is gone in doubt; how many."""
    at = lapse_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    quarantine = timedelta(seconds=monitor.house.timings.quarantine)
    with monitor.work(point=Point.SWEPT) as work:
        lapsed = work.deliveries.lapsed(work.now)
        for one in lapsed:
            _give_up_lease(work, one, quarantine)
    return len(lapsed)


def lapse_at(monitor: Monitor) -> datetime | None:
    """When the next lease lapses."""
    with monitor.look() as work:
        return work.deliveries.next_lapse_at()


def deliver(monitor: Monitor, *, until_stopped: Callable[[], bool] = lambda: False) -> int:
    """Send until nothing is due, or until stopped; how many messages were taken in hand.

    Raises DatabaseFull or DatabaseBusy: then nothing more leaves before the answers so far are written down.
    """
    rounds, total = 0, write_answers(monitor)
    with monitor.database.keeping(), Senders(monitor) as senders:
        is_more, is_likely = True, False
        while is_more:
            if until_stopped():
                senders.give_back()
            elif senders.is_out_of_work:
                rounds += 1
                claimed = claim(monitor, oldest_first=rounds % _EVERY_EIGHTH == 0, is_likely=is_likely)
                is_likely = len(claimed) == monitor.house.senders * _AT_ONCE
                senders.take(claimed)
                total += len(claimed)
            is_more = senders.turn()
    return total


def due_at(monitor: Monitor) -> datetime | None:
    """When a message, or an answer that is not written down yet, is to be looked at next."""
    if monitor.unwritten:
        return monitor.clock.now()
    with monitor.look() as work:
        return work.deliveries.next_at([DeliveryState.PENDING, DeliveryState.IN_DOUBT])


def claim(monitor: Monitor, *, oldest_first: bool = False, is_likely: bool = False) -> list[Claimed]:
    """Take due messages: a handful for each sender.

    Where it is likely that there are some, since the last handful was a whole one, nobody looks first.
    """
    if not is_likely and not _is_due(monitor):
        return []
    timings = monitor.house.timings
    token = f"{monitor.random.getrandbits(96):024x}"
    before = monitor.clock.elapsed() + timings.lease - timings.timeout
    with monitor.work(point=Point.CLAIMED) as work:
        if not is_in_step(work):
            return []
        taken = work.deliveries.claim(
            now=work.now,
            token=token,
            until=work.now + timedelta(seconds=timings.lease),
            most=monitor.house.senders * _AT_ONCE,
            oldest_first=oldest_first,
        )
    return [Claimed(delivery, token, before) for delivery in taken]


def _is_due(monitor: Monitor) -> bool:
    at = due_at(monitor)
    return at is not None and at <= monitor.clock.now()


def _give_up_lease(work: Work, one: Delivery, quarantine: timedelta) -> None:
    """What had not passed its gate certainly did not leave; the rest is in doubt, and counts as a copy."""
    token = one.lease_token or ""
    if one.offered_at is None and one.in_doubt_since is None:
        why = "the sender was gone before it offered the message"
        work.deliveries.settle(one.id, token, state=DeliveryState.PENDING, next_attempt_at=work.now, why=why)
        return
    why = SENDER_GONE
    changed = work.deliveries.settle(
        one.id,
        token,
        state=DeliveryState.IN_DOUBT,
        in_doubt_since=one.in_doubt_since or one.lease_until,
        next_attempt_at=(one.lease_until or work.now) + quarantine,
        why=why,
    )
    if changed and one.offered_at is not None:
        work.deliveries.note_attempt(
            delivery_id=one.id, token=token, action="send", at=one.offered_at, result="in_doubt", why=why
        )
