"""``demo``: the whole of Longstop at work on an invented house. Nothing leaves this machine."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from datetime import date

    from cli.demo.sink import Mail
    from cli.run import Run
    from engine.monitor import Monitor

app = typer.Typer(rich_markup_mode=None, add_completion=False)
_BANNER = "Demo: everything here is invented, and nothing leaves this machine."


@app.command(cls=Command, epilog="longstop demo\nlongstop demo --today 2027-02-26 --once")
@plain
def demo(
    run: Run,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep the register there; else a temporary folder.")
    ] = None,
    today: Annotated[str, typer.Option(metavar="DATE", help="As if it were this day.", show_default=False)] = "",
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the pages; else 8080, or a free one.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Show it here and end, without pages.")] = False,
) -> None:
    """A sample register of 40 agreements, the real engine, its pages, a mail sink and a Slack. Ctrl-C ends it."""
    from cli.demo.serving import listening

    on = _day(today) if today else None
    with _folder(data_dir or run.given.data_dir) as folder, listening(port) as found:
        if once or run.as_json:
            _show(run, folder, on)
        else:
            _serve(run, folder, on, found)


def _show(run: Run, folder: Path, on: date | None) -> None:
    """What is due, and what was told, in the terminal."""
    from cli.demo import stage
    from cli.demo.opened import opened

    with opened(folder, on) as demo:
        mails = stage.first_wave(demo.monitor, demo.sink)
        if run.as_json:
            _answer(run, demo.monitor, mails, demo.today)
            return
        run.terminal.banner(_BANNER)
        stage.show_register(run.terminal, demo.monitor, demo.today)
        stage.show_mails(run.terminal, mails)


def _serve(run: Run, folder: Path, on: date | None, found: socket.socket) -> None:
    from cli.demo import serving, stage
    from cli.demo.opened import opened

    address = serving.address_of(found)
    if not any(folder.iterdir()):
        run.terminal.note("Moving in: 40 agreements, and five days of reminders. This takes some seconds, once.")
    with opened(folder, on, address) as demo:
        with run.terminal.held():  # a file or a pipe has it, too, before the pages are served
            run.terminal.banner(_BANNER)
            stage.show_summary(run.terminal, demo)
            serving.say_where(run.terminal, demo, address)
            stage.show_what_to_try(run.terminal, folder)
        serving.serve(demo, found)


def _answer(run: Run, monitor: Monitor, mails: list[Mail], today: date) -> None:
    from cli.demo.stage import AHEAD
    from engine.documents.deadlines import deadline_documents
    from engine.documents.plain import jsonable
    from store.queries import DeadlineFilter, Queries

    with monitor.look() as work:
        rows = Queries.of(work).deadlines(DeadlineFilter(until_on=today + AHEAD), today)
        items = deadline_documents(work, rows)
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
