"""The ways out as an admin tries them: one message now, and what Slack lets the bot do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.delivery import probing
from engine.delivery.recipients import Told
from store.queries.entering import NotFound
from web.agreements.missing import Missing

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.delivery import Delivery
    from lifecycle.people import Person
    from web.frame.viewer import Viewer

_ANSWERED_BY_NOBODY: Final = "webhook"  # is tried by what happens, not by a person's message
#: What the settings need before a channel is there.
NEEDS: Final = {
    "email": "Set LONGSTOP_SMTP_HOST and LONGSTOP_MAIL_FROM, and start again.",
    "slack": "Set LONGSTOP_SLACK_MODE and LONGSTOP_SLACK_BOT_TOKEN, and start again.",
}


def tried(viewer: Viewer, channel: str, address: str, *, is_dry_run: bool = False) -> Delivery:
    """Send one message and nothing else, and what became of it; a trial sends nothing. Raises Missing."""
    if channel not in viewer.monitor.notifiers or channel == _ANSWERED_BY_NOBODY:
        raise Missing("such channel", "Look at the channels again.")
    with viewer.work(is_dry_run=is_dry_run) as work:
        claimed = probing.offered(work, Told(_behind(work, address), channel, address))
    return claimed.delivery if is_dry_run else probing.carried(viewer.monitor, claimed)


def named(viewer: Viewer) -> list[str]:
    """Every channel that is there, or could be."""
    return list(dict.fromkeys([*NEEDS, *viewer.monitor.notifiers]))


def _behind(work: Work, address: str) -> Person | None:
    try:
        return work.people.by_email(address)
    except NotFound:
        return None
