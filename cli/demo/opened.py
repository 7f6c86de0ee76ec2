"""The demo's house, opened: engine, jobs, mail server, Slack and clock, all in one folder of this machine."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli import bootstrap
from cli.demo.clicks import Clicks
from cli.demo.clock import clock_in
from cli.demo.conductor import Conductor
from cli.demo.house import ZONE, demo_monitor, demo_settings
from cli.demo.people import accounts
from cli.demo.seeding import seed
from cli.demo.sink import Sink
from cli.demo.slack_api import SlackApi
from cli.demo.workspace import Workspace
from engine.watcher.calendar_watch import watch
from engine.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from config.settings import Settings
    from engine.monitor import Monitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo is made of. *folder* is where all of it lies."""

    folder: Path
    monitor: Monitor
    settings: Settings
    conductor: Conductor
    sink: Sink
    clicks: Clicks

    @property
    def workspace(self) -> Workspace:
        """Slack."""
        return self.clicks.workspace

    @property
    def today(self) -> date:
        """The day that it is in the house."""
        return self.monitor.clock.now().astimezone(zone(ZONE)).date()

    def told(self) -> int:
        """How many messages have arrived so far."""
        return len(self.sink.mails) + len(self.workspace.messages)

    def keep_time(self) -> None:
        """Let the next start go on from here."""
        self.conductor.clock.keep(self.folder)


@contextmanager
def opened(folder: Path, today: date | None, address: str = "") -> Iterator[Demo]:
    """The house, with its register filled and its jobs at work; *address* is where its pages are, if they are served.

    Raises NewerDatabase, OSError.
    """
    with ExitStack() as stack:
        clock = clock_in(folder, today, zone(ZONE))
        conductor = Conductor(clock)
        sink, slack = stack.enter_context(Sink(folder / "mail")), stack.enter_context(SlackApi())
        slack.workspace = workspace = Workspace(clock.now, accounts(), folder / "slack.jsonl")
        settings = demo_settings(folder, sink_port=sink.port, slack_url=slack.url, base_url=address)
        monitor = demo_monitor(settings, clock, conductor.wake, is_served=bool(address))
        stack.callback(bootstrap.closed, monitor)
        if seed(monitor, clock):
            clock.go_on()
        demo = Demo(
            folder=folder,
            monitor=monitor,
            settings=settings,
            conductor=conductor,
            sink=sink,
            clicks=Clicks(workspace, clock, address),
        )
        demo.keep_time()
        watch(monitor)
        stack.callback(conductor.stop)
        conductor.start(monitor)
        yield demo
