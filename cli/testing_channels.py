"""A test message goes the way of all messages: into the outbox, through the gate, out, and into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.acting import permitted
from cli.errors import UsageRefused
from engine.composing import frozen, plain_sheet
from engine.enqueueing import plain_delivery, put
from engine.outbox import deliver
from engine.recipients import Told
from lifecycle.delivery import DeliveryKind
from lifecycle.rights import Act
from lifecycle.words import listed
from store.errors import NotFound

if TYPE_CHECKING:
    from cli.run import Run

_TEXT = "This is a test message. If you can read it, messages from Longstop reach you."


def sent(run: Run, channel: str, address: str) -> dict[str, Any]:
    """Put one message into the outbox, send what is due, and say what became of it. Raises UsageRefused, Forbidden."""
    if channel not in run.monitor.notifiers:
        remedy = f"Configured: {listed(run.monitor.notifiers)}. E-mail needs LONGSTOP_SMTP_HOST and LONGSTOP_MAIL_FROM."
        raise UsageRefused(f"The channel {channel!r} is not configured.", remedy=remedy)
    with run.change() as work:
        permitted(run, work, Act.ADMINISTER)
        try:
            person = work.people.by_email(address)
        except NotFound:
            person = None
        told = Told(person, channel, address)
        delivery = plain_delivery(work, DeliveryKind.TEST, told, key=work.new_id())
        sheet = plain_sheet(work, told, delivery, heading="Test message from Longstop", text=_TEXT)
        put(work, [(delivery, frozen(work, channel, sheet))])
    if run.is_dry_run:
        return {"id": delivery.id, "channel": channel, "to": address, "state": "pending", "why": ""}
    deliver(run.monitor)
    with run.look() as work:
        after = work.deliveries.get(delivery.id)
        tries = work.deliveries.attempts_of(delivery.id)
    why = after.why or (tries[-1].why if tries else "")
    return {"id": after.id, "channel": channel, "to": address, "state": after.state.value, "why": why}
