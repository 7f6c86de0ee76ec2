"""``demo``: the whole of Longstop at work on an invented house. Nothing leaves this machine."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cli.demo.sink import Sink
    from cli.run import Run
    from engine.monitor import Monitor

app = typer.Typer(rich_markup_mode=None, add_completion=False)
_BANNER = "Demo: everything here is invented, and nothing leaves this machine. Mail goes to a sink on 127.0.0.1:{port}."


@app.command(cls=Command, epilog="longstop demo\nlongstop demo --today 2027-02-26 --once")
@plain
def demo(
    run: Run,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep the register there; else a temporary folder.")
    ] = None,
    today: Annotated[str, typer.Option(metavar="DATE", help="As if it were this day.", show_default=False)] = "",
    port: Annotated[int, typer.Option(help="Port of the mail sink; 0 takes a free one.")] = 0,
    once: Annotated[bool, typer.Option("--once", help="Show it and end; so it is without a terminal.")] = False,
) -> None:
    """A sample register of 40 agreements, the real engine, and a mail sink. Ctrl-C ends it."""
    from cli.demo.sink import Sink

    on = _day(today) if today else None
    with _folder(data_dir or run.given.data_dir) as folder, Sink(port) as sink:
        is_going_on = not once and not run.as_json and sys.stdin.isatty() and sys.stdout.isatty()
        _play(run, folder, sink, on, is_going_on=is_going_on)


def _play(run: Run, folder: Path, sink: Sink, on: date | None, *, is_going_on: bool) -> None:
    from cli import bootstrap
    from cli.demo.house import ZONE, demo_monitor, demo_settings
    from cli.demo.seeding import seed
    from cli.demo.stage import first_wave
    from engine.watcher.calendar_watch import watch
    from engine.zones import zone
    from jobs.scheduler import Scheduler

    scheduler = Scheduler("demo")
    monitor = demo_monitor(demo_settings(folder, sink.port), on, scheduler.wake)
    today = monitor.clock.now().astimezone(zone(ZONE)).date()
    seed(monitor)
    watch(monitor)
    scheduler.start(monitor)
    try:
        if run.as_json:
            _answer(run, monitor, first_wave(monitor, sink), today)
        else:
            _show(run, monitor, sink, folder, today, is_going_on=is_going_on)
    finally:
        scheduler.stop()
        bootstrap.closed(monitor)


def _show(run: Run, monitor: Monitor, sink: Sink, folder: Path, today: date, *, is_going_on: bool) -> None:
    from cli.demo import stage

    run.terminal.banner(_BANNER.format(port=sink.port))
    stage.show_register(run.terminal, monitor, today)
    stage.show_mails(run.terminal, stage.first_wave(monitor, sink))
    if is_going_on:
        stage.show_what_to_try(run.terminal, folder, is_going_on=True)
        _go_on(run, monitor, sink)


def _go_on(run: Run, monitor: Monitor, sink: Sink) -> None:
    """Show what arrives, until somebody ends it."""
    from cli.demo.house import ZONE
    from cli.demo.stage import show_arrival
    from engine.zones import zone

    run.terminal.note("\nThe scheduler goes on; what arrives is shown here. Ctrl-C ends it.")
    try:
        while True:
            mail = sink.next(1.0)
            if mail is not None:
                show_arrival(run.terminal, mail, f"{monitor.clock.now().astimezone(zone(ZONE)):%H:%M:%S}")
    except KeyboardInterrupt:
        run.terminal.note("\nEnded.")


def _answer(run: Run, monitor: Monitor, mails: list, today: date) -> None:  # type: ignore[type-arg]
    from cli.demo.stage import AHEAD
    from engine.documents.deadlines import deadline_document
    from engine.documents.plain import jsonable
    from store.queries import DeadlineFilter, Queries

    with monitor.look() as work:
        rows = Queries.of(work).deadlines(DeadlineFilter(until_on=today + AHEAD), today)
        items = [deadline_document(work, row) for row in rows]
    document = {
        "schema": "longstop/demo/1",
        "generated_at": monitor.clock.now(),
        "today": today,
        "items": items,
        "mails": [{"to": mail.recipient, "subject": mail.subject} for mail in mails],
    }
    run.terminal.document(jsonable(document))


def _day(text: str) -> date:
    from cli.days import parse_day
    from cli.demo.house import ZONE
    from engine.clock import SystemClock
    from engine.zones import zone

    return parse_day(text, SystemClock().now().astimezone(zone(ZONE)).date(), "--today")


@contextmanager
def _folder(asked: Path | None) -> Iterator[Path]:
    """The folder that was asked for; else one that is gone when the demo ends."""
    if asked is not None:
        asked.mkdir(parents=True, exist_ok=True)
        yield asked
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="longstop-demo-", ignore_cleanup_errors=True) as made:
        yield Path(made)
