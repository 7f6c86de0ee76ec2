"""The demo's engine: the real one, with settings of its own, so that nothing of this machine's settings reaches it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cli import bootstrap
from cli.demo.clock import on_day
from cli.demo.people import DOMAIN, ORGANISATION
from cli.demo.sink import HOST
from config.logging import configure_logging
from engine.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from config.settings import Settings
    from engine.monitor import Monitor

ZONE = "Europe/Berlin"


def demo_settings(data_dir: Path, sink_port: int) -> Settings:
    """Mail to the sink, SQLite in *data_dir*; the environment and ``.env`` are not looked at."""
    given = {
        "DATA_DIR": str(data_dir),
        "ORGANISATION": ORGANISATION,
        "TIME_ZONE": ZONE,
        "CALENDAR": "DE-BE",
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(sink_port),
        "SMTP_TLS": "none",
        "MAIL_FROM": f"Longstop <longstop@{DOMAIN}>",
    }
    return bootstrap.settings_of(given)


def demo_monitor(settings: Settings, today: date | None, wake: Callable[[], None]) -> Monitor:
    """The engine under the demo's clock, on a register that is there."""
    configure_logging(level="error")
    monitor = bootstrap.assembled(settings, wake=wake)
    monitor = replace(monitor, clock=on_day(today, zone(ZONE)), links=None)  # no page is served that a link could open
    bootstrap.first_start(monitor, settings)
    return monitor
