"""One message by itself: through its gate to its channel, and to an end or back to where it waits.

Many at once go through ``engine.delivery.senders``; here is what each of them is, and the way of those that have to be
looked up first or made trouble among others.
"""

from __future__ import annotations

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
    from engine.monitor import Monitor
    from notifiers.base import Notifier, Outgoing

log = structlog.get_logger(__name__)
_SET_ASIDE: Final = timedelta(hours=1)


def carry(monitor: Monitor, claimed: Claimed) -> None:
    """Bring one claimed message to an end, or back to where it waits.

    Raises DatabaseFull and DatabaseBusy; any other trouble is the message's own, and sets it aside.
    """
    try:
        _carry(monitor, claimed)
    except (DatabaseFull, DatabaseBusy):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the other messages go on and the operator hears of it
        set_aside(monitor, claimed, error)


def offer(monitor: Monitor, claimed: Claimed, outgoing: Outgoing) -> SendResult:
    """Hand what passed its gate to the channel. No transaction is open.

    Anything unforeseen leaves a doubt, never a guess.
    """
    monitor.reached(Point.OFFERED)
    result = _sent(monitor, claimed, outgoing)
    monitor.reached(Point.REPLIED)
    return result


def settle_alone(monitor: Monitor, claimed: Claimed, result: SendResult) -> None:
    """Write down one answer by itself. Raises as ``carry`` does."""
    try:
        settle(monitor, claimed, result)
    except (DatabaseFull, DatabaseBusy):
        raise
    except Exception as error:  # noqa: BLE001 - as in ``carry``
        set_aside(monitor, claimed, error)


def gate_alone(monitor: Monitor, claimed: Claimed) -> Outgoing | None:
    """Ask one message's gate by itself. Raises as ``carry`` does."""
    try:
        return gate(monitor, claimed)
    except (DatabaseFull, DatabaseBusy):
        raise
    except Exception as error:  # noqa: BLE001 - as in ``carry``
        set_aside(monitor, claimed, error)
    return None


def set_aside(monitor: Monitor, claimed: Claimed, error: Exception) -> None:
    """Look at it again in an hour; in doubt if its first byte may have left."""
    one, why = claimed.delivery, f"{type(error).__name__} in {place_of(error)}"
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


def _carry(monitor: Monitor, claimed: Claimed) -> None:
    if claimed.delivery.in_doubt_since is not None and not look_up(monitor, claimed):
        return
    outgoing = gate(monitor, claimed)
    if outgoing is None:
        return
    if not claimed.is_ours(monitor.clock):
        give_back(monitor, claimed)
        return
    result = offer(monitor, claimed, outgoing)
    try:
        settle(monitor, claimed, result)
    except (DatabaseFull, DatabaseBusy):
        monitor.unwritten.append((claimed, result))
        raise


def _sent(monitor: Monitor, claimed: Claimed, outgoing: Outgoing) -> SendResult:
    notifier: Notifier = monitor.notifiers[claimed.delivery.channel]
    try:
        answer = notifier.send(outgoing, lambda: claimed.is_ours(monitor.clock))
    except Exception as error:  # noqa: BLE001 - whatever a channel does wrong, the message is not lost and not guessed about
        return InDoubt(type(error).__name__)
    return answer if isinstance(answer, get_args(SendResult)) else InDoubt("the channel gave no known answer")
