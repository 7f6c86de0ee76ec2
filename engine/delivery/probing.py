"""One message through one channel, now, to prove that the way is open.

It goes the way of all messages (outbox, gate, channel, log), but nobody else's message is taken along, and it is not
tried again: a test that arrives tomorrow proves nothing about today.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery.carrying import carry
from engine.delivery.composing import frozen, plain_sheet
from engine.delivery.enqueueing import plain_delivery
from engine.delivery.settling import Claimed
from lifecycle.delivery import UNSENT, DeliveryKind, DeliveryState

if TYPE_CHECKING:
    from engine.delivery.recipients import Told
    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery

HEADING: Final = "Test message from Longstop"
TEXT: Final = "This is a test message. If you can read it, messages from Longstop reach you."


def offered(work: Work, told: Told) -> Claimed:
    """Put a test message into the outbox, in our own hands from the first moment."""
    monitor, timings = work.monitor, work.house.timings
    token = f"{monitor.random.getrandbits(96):024x}"
    before = monitor.clock.elapsed() + timings.lease - timings.timeout
    delivery = replace(
        plain_delivery(work, DeliveryKind.TEST, told, key=work.new_id()),
        state=DeliveryState.SENDING,
        lease_token=token,
        lease_until=work.now + timedelta(seconds=timings.lease),
        next_attempt_at=None,
        attempts=1,
    )
    sheet = plain_sheet(work, told, delivery, heading=HEADING, text=TEXT)
    work.deliveries.add([(delivery, frozen(work, told.channel, sheet))])
    return Claimed(delivery, token, before)


def carried(monitor: Monitor, claimed: Claimed) -> Delivery:
    """Send it, and say what became of it. What did not leave is withdrawn; a doubt stays one."""
    carry(monitor, claimed)
    with monitor.work() as work:
        after = work.deliveries.get(claimed.delivery.id)
        if after.state in UNSENT:
            why = after.why or "it did not leave"
            work.deliveries.change([after.id], UNSENT, state=DeliveryState.CANCELLED, next_attempt_at=None, why=why)
        return work.deliveries.get(after.id)
