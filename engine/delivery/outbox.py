"""How a message leaves the house.

    claim -> gate -> send -> settle
                       `-> in doubt -> (quarantine) -> claim -> find -> settle, or gate and send the same bytes again

1. ``sweep``: a lease that lapsed makes its message *in doubt*; nobody guesses whether it left.
2. ``claim``: one statement takes due messages for a token.
3. ``gate``: a short transaction right before the network asks whether the message is still wanted.
4. ``send``: no transaction is open; the notifier asks last whether the lease still holds.
5. ``settle``: only the holder of the token moves the row. An answer that the database could not take is kept until it
   can, and nothing else leaves meanwhile.

A message that makes trouble of its own is set aside for an hour and told to the operator; the rest go on.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Final, get_args

import structlog

from engine.delivery.doubt import look_up
from engine.delivery.gate import gate
from engine.delivery.settling import Claimed, give_back, settle
from engine.incidents import open_incident
from engine.monitor import place_of
from engine.points import Point
from lifecycle.delivery import DeliveryState, InDoubt, SendResult
from store.errors import DatabaseBusy, DatabaseFull

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery
    from notifiers.base import Notifier, Outgoing

log = structlog.get_logger(__name__)
_EVERY_EIGHTH: Final = 8  # this claim goes by age alone, so that nothing starves
_AT_ONCE: Final = 4  # messages that one sender carries one after the other within its lease
_SET_ASIDE: Final = timedelta(hours=1)


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
    with ThreadPoolExecutor(monitor.house.senders, "sender") as pool:
        while not until_stopped():
            rounds += 1
            claimed = claim(monitor, oldest_first=rounds % _EVERY_EIGHTH == 0)
            if not claimed:
                break
            total += len(claimed)
            _carry_all(monitor, claimed, pool, until_stopped)
    return total


def due_at(monitor: Monitor) -> datetime | None:
    """When a message, or an answer that is not written down yet, is to be looked at next."""
    if monitor.unwritten:
        return monitor.clock.now()
    with monitor.look() as work:
        return work.deliveries.next_at([DeliveryState.PENDING, DeliveryState.IN_DOUBT])


def write_answers(monitor: Monitor) -> int:
    """Write down what channels answered while the database could not take it; how many answers."""
    written = 0
    while monitor.unwritten:
        claimed, result = monitor.unwritten[0]
        settle(monitor, claimed, result)
        monitor.unwritten.popleft()
        written += 1
    return written


def claim(monitor: Monitor, *, oldest_first: bool = False) -> list[Claimed]:
    """Take due messages: a handful for each sender."""
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return []
    timings = monitor.house.timings
    token = f"{monitor.random.getrandbits(96):024x}"
    before = monitor.clock.elapsed() + timings.lease - timings.timeout
    with monitor.work(point=Point.CLAIMED) as work:
        taken = work.deliveries.claim(
            now=work.now,
            token=token,
            until=work.now + timedelta(seconds=timings.lease),
            most=monitor.house.senders * _AT_ONCE,
            oldest_first=oldest_first,
        )
    return [Claimed(delivery, token, before) for delivery in taken]


def carry(monitor: Monitor, claimed: Claimed) -> None:
    """Bring one claimed message to an end, or back to where it waits.

    Raises DatabaseFull and DatabaseBusy; any other trouble is the message's own, and sets it aside.
    """
    try:
        _carry(monitor, claimed)
    except (DatabaseFull, DatabaseBusy):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other messages go on and the operator hears of it
        _set_aside(monitor, claimed, f"{type(error).__name__} in {place_of(error)}")


def _carry_all(
    monitor: Monitor, claimed: list[Claimed], pool: ThreadPoolExecutor, until_stopped: Callable[[], bool]
) -> None:
    """All that was claimed together; when we are to stop, what is not begun is given back."""

    def one_by_one(one: Claimed) -> None:
        (give_back if until_stopped() else carry)(monitor, one)

    if monitor.house.senders == 1:
        for one in claimed:
            one_by_one(one)
    else:
        list(pool.map(one_by_one, claimed))


def _carry(monitor: Monitor, claimed: Claimed) -> None:
    if claimed.delivery.in_doubt_since is not None and not look_up(monitor, claimed):
        return
    outgoing = gate(monitor, claimed)
    if outgoing is None:
        return
    if not claimed.is_ours(monitor.clock):
        give_back(monitor, claimed)
        return
    monitor.reached(Point.OFFERED)
    result = _send(monitor, claimed, outgoing)
    monitor.reached(Point.REPLIED)
    try:
        settle(monitor, claimed, result)
    except (DatabaseFull, DatabaseBusy):
        monitor.unwritten.append((claimed, result))
        raise


def _send(monitor: Monitor, claimed: Claimed, outgoing: Outgoing) -> SendResult:
    """No transaction is open here; anything unforeseen leaves a doubt, never a guess."""
    notifier: Notifier = monitor.notifiers[claimed.delivery.channel]
    try:
        answer = notifier.send(outgoing, lambda: claimed.is_ours(monitor.clock))
    except Exception as error:  # noqa: BLE001 - whatever a channel does wrong, the message is not lost and not guessed about
        return InDoubt(type(error).__name__)
    return answer if isinstance(answer, get_args(SendResult)) else InDoubt("the channel gave no known answer")


def _give_up_lease(work: Work, one: Delivery, quarantine: timedelta) -> None:
    """What had not passed its gate certainly did not leave; the rest is in doubt, and counts as a copy."""
    token = one.lease_token or ""
    if one.offered_at is None and one.in_doubt_since is None:
        why = "the sender was gone before it offered the message"
        work.deliveries.settle(one.id, token, state=DeliveryState.PENDING, next_attempt_at=work.now, why=why)
        return
    why = "the sender was gone before it could say"
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


def _set_aside(monitor: Monitor, claimed: Claimed, why: str) -> None:
    """Look at it again in an hour; in doubt if its first byte may have left."""
    one = claimed.delivery
    log.error("message set aside", delivery_id=one.id, channel=one.channel, why=why)
    with monitor.work(point=Point.SETTLED) as work:
        row = work.deliveries.get(one.id)
        doubt_at = row.in_doubt_since or row.offered_at
        work.deliveries.settle(
            one.id,
            claimed.token,
            state=DeliveryState.PENDING if doubt_at is None else DeliveryState.IN_DOUBT,
            in_doubt_since=doubt_at,
            next_attempt_at=work.now + _SET_ASIDE,
            why=why,
        )
        text = f"A message of {one.channel} could not be worked on and is tried again in an hour: {why}"
        open_incident(work, kind="message_set_aside", subject=one.id, agreement_id=one.agreement_id, text=text)
