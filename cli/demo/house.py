"""The demo's engine: the real one, with settings of its own, so that nothing of this machine's settings reaches it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cli import bootstrap
from cli.demo.clicks import SECRET
from cli.demo.people import DOMAIN, ORGANISATION
from cli.demo.seeding import LIFE
from cli.demo.slack_api import HOST, TOKEN
from cli.demo.workspace import CHANNEL
from config.logging import configure_logging
from engine.clock import VirtualClock
from notifiers.slack.notifier import SlackNotifier, SlackSettings
from store.queries.health import is_made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.demo.clock import MovableClock
    from config.settings import Settings
    from engine.monitor import Monitor
    from lifecycle.pacing import Pace
    from notifiers.base import Action

ZONE = "Europe/Berlin"


class _Unpaced(SlackNotifier):
    """The real channel, to a workspace that takes as much as it is given: what is pressed shows at once."""

    def paces(self, action: Action, address: str) -> tuple[Pace, ...]:  # noqa: ARG002 - as every channel has it
        return ()


def demo_settings(data_dir: Path, *, sink_port: int, slack_url: str, base_url: str) -> Settings:
    """Mail to the sink, Slack's calls to *slack_url*, SQLite in *data_dir*; the environment and ``.env`` stay unread.

    Without a *base_url* no page is served.
    """
    given = {
        "DATA_DIR": str(data_dir),
        "ORGANISATION": ORGANISATION,
        "TIME_ZONE": ZONE,
        "CALENDAR": "DE-BE",
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(sink_port),
        "SMTP_TLS": "none",
        "MAIL_FROM": f"Longstop <longstop@{DOMAIN}>",
        "SLACK_MODE": "http",
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack_url,
        "SLACK_CHANNEL": f"#{CHANNEL}",
        "SESSION_DAYS": "3650",  # the clock may be moved by years
        **({"BASE_URL": base_url} if base_url else {}),
    }
    return bootstrap.settings_of(given)


def demo_monitor(settings: Settings, clock: MovableClock, wake: Callable[[], None], *, is_served: bool) -> Monitor:
    """The engine under the demo's clock, on a register that is there; what no page opens has no link in messages."""
    configure_logging(level="error")
    monitor = bootstrap.assembled(settings, wake=wake)
    monitor.notifiers["slack"].close()
    slack = _Unpaced(SlackSettings(token=TOKEN, api_url=settings.slack_api_url))
    monitor = replace(
        monitor,
        clock=clock,
        links=monitor.links if is_served else None,
        notifiers={**monitor.notifiers, "slack": slack},
    )
    moved_in_at = clock.now() if is_made(monitor.database) else clock.now() - LIFE
    bootstrap.first_start(replace(monitor, clock=VirtualClock(moved_in_at)), settings)
    return monitor
