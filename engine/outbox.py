"""How a message leaves the house.

    claim -> gate -> send -> settle
                       `-> in doubt -> (quarantine) -> claim -> find -> settle, or gate and send the same bytes again

1. ``sweep``: a lease that lapsed makes its message *in doubt*; nobody guesses whether it left.
2. ``claim``: one statement takes due messages for a token.
3. ``gate``: a short transaction right before the network asks whether the message is still wanted.
4. ``send``: no transaction is open; the notifier asks last whether the lease still holds.
5. ``settle``: only the holder of the token moves the row.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.gate import Pass, gate
from engine.settling import Claimed, look_up, settle
from lifecycle.delivery import DeliveryState, InDoubt, NotSent
from notifiers.base import Outgoing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery, SendResult
    from notifiers.base import Notifier

_EVERY_EIGHTH: Final = 8  # this claim goes by age alone, so that nothing starves
_AT_ONCE: Final = 4  # messages that one sender carries one after the other within its lease


def sweep(monitor: Monitor) -> int:
    """Put messages whose sender is gone in doubt; how many."""
    at = lapse_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    quarantine = timedelta(seconds=monitor.house.timings.quarantine)
    with monitor.work() as work:
        lapsed = work.deliveries.lapsed(work.now)
        for one in lapsed:
            _give_up_lease(work, one, quarantine)
    return len(lapsed)


def lapse_at(monitor: Monitor) -> datetime | None:
    """When the next lease lapses."""
    with monitor.look() as work:
        return work.deliveries.next_lapse_at()


def _give_up_lease(work: Work, one: Delivery, quarantine: timedelta) -> None:
    """What had not passed its gate certainly did not leave; the rest is in doubt."""
    token = one.lease_token or ""
    if one.offered_at is None and one.in_doubt_since is None:
        why = "the sender was gone before it offered the message"
        work.deliveries.settle(one.id, token, state=DeliveryState.PENDING, next_attempt_at=work.now, why=why)
        return
    work.deliveries.settle(
        one.id,
        token,
        state=DeliveryState.IN_DOUBT,
        in_doubt_since=one.in_doubt_since or one.lease_until,
        next_attempt_at=(one.lease_until or work.now) + quarantine,
        why="the sender was gone before it could say",
    )


def deliver(monitor: Monitor, *, until_stopped: Callable[[], bool] = lambda: False) -> int:
    """Send until nothing is due, or until stopped; how many messages were taken in hand."""
    rounds = total = 0
    with ThreadPoolExecutor(monitor.house.senders, "sender") as pool:
        while not until_stopped():
            rounds += 1
            claimed = claim(monitor, oldest_first=rounds % _EVERY_EIGHTH == 0)
            if not claimed:
                break
            total += len(claimed)
            if monitor.house.senders == 1:
                for one in claimed:
                    carry(monitor, one)
            else:
                list(pool.map(lambda one: carry(monitor, one), claimed))
    return total


def due_at(monitor: Monitor) -> datetime | None:
    """When a message is to be looked at next."""
    with monitor.look() as work:
        return work.deliveries.next_at([DeliveryState.PENDING, DeliveryState.IN_DOUBT])


def claim(monitor: Monitor, *, oldest_first: bool = False) -> list[Claimed]:
    """Take due messages: a handful for each sender."""
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return []
    timings = monitor.house.timings
    token = f"{monitor.random.getrandbits(96):024x}"
    before = monitor.clock.elapsed() + timings.lease - timings.timeout
    with monitor.work() as work:
        taken = work.deliveries.claim(
            now=work.now,
            token=token,
            until=work.now + timedelta(seconds=timings.lease),
            most=monitor.house.senders * _AT_ONCE,
            oldest_first=oldest_first,
        )
    return [Claimed(delivery, token, before) for delivery in taken]


def carry(monitor: Monitor, claimed: Claimed) -> None:
    """Bring one claimed message to an end, or back to where it waits."""
    if claimed.delivery.in_doubt_since is not None and not look_up(monitor, claimed):
        return
    passed = gate(monitor, claimed)
    if passed is None:
        return
    settle(monitor, claimed, _send(monitor, claimed, passed))


def _send(monitor: Monitor, claimed: Claimed, passed: Pass) -> SendResult:
    """No transaction is open here; anything unforeseen leaves a doubt, never a guess."""
    notifier: Notifier = monitor.notifiers[claimed.delivery.channel]
    outgoing = Outgoing(claimed.delivery.id, claimed.delivery.address, passed.frozen)
    if not claimed.is_ours(monitor.clock):
        return NotSent("the lease was nearly over")
    try:
        return notifier.send(outgoing, lambda: claimed.is_ours(monitor.clock))
    except Exception as error:  # noqa: BLE001 - whatever a channel does wrong, the message is not lost and not guessed about
        return InDoubt(type(error).__name__)
