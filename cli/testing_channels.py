"""A test message goes the way of all messages: into the outbox, through the gate, out, and into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.acting import permitted
from cli.errors import UsageRefused
from engine.delivery import probing
from engine.delivery.recipients import Told
from lifecycle.rights import Act
from lifecycle.words import listed, shown
from store.errors import NotFound

if TYPE_CHECKING:
    from cli.run import Run
    from engine.delivery.settling import Claimed
    from engine.monitor import Work
    from lifecycle.delivery import Delivery

_HOW: Final = {
    "email": "Set LONGSTOP_SMTP_HOST and LONGSTOP_MAIL_FROM.",
    "slack": "Set LONGSTOP_SLACK_MODE and LONGSTOP_SLACK_BOT_TOKEN.",
}


def sent(run: Run, channel: str, address: str) -> dict[str, Any]:
    """Send one message and nothing else, and say what became of it. Raises UsageRefused, Forbidden."""
    if channel not in run.monitor.notifiers:
        remedy = _HOW.get(channel, f"Use {listed(run.monitor.notifiers)}.")
        raise UsageRefused(f"The channel {shown(channel)} is not set up.", remedy=remedy)
    with run.change() as work:
        permitted(run, work, Act.ADMINISTER)
        claimed = _offered(work, channel, address)
    return _document(claimed.delivery if run.is_dry_run else probing.carried(run.monitor, claimed))


def _offered(work: Work, channel: str, address: str) -> Claimed:
    try:
        person = work.people.by_email(address)
    except NotFound:
        person = None
    return probing.offered(work, Told(person, channel, address))


def _document(one: Delivery) -> dict[str, Any]:
    state = "pending" if one.lease_token else one.state.value
    return {"id": one.id, "channel": one.channel, "to": one.address, "state": state, "why": one.why}
