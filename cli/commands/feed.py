"""``feed``: deadlines as a calendar file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import reading
from cli.lazy import Command
from cli.options import Search

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Deadlines as a calendar file."
)


class Tells(StrEnum):
    """How much a feed tells."""

    BUSY = "busy"
    REDACTED = "redacted"
    FULL = "full"


class Adds(StrEnum):
    """What a feed adds before an open deadline."""

    NONE = "none"
    EVENTS = "events"
    ALARMS = "alarms"
    BOTH = "both"


@app.callback()
def group() -> None:
    """Deadlines as a calendar file."""


@app.command(
    cls=Command, epilog="longstop feed render > deadlines.ics\nlongstop feed render tag:critical --out critical.ics"
)
@reading
def render(  # noqa: PLR0913 - what a feed may be
    run: Run,
    search: Search = None,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What calendars call it.")] = "Deadlines",
    detail: Annotated[Tells, typer.Option(help="How much it tells.")] = Tells.FULL,
    reminders: Annotated[Adds, typer.Option(help="What it adds before a deadline.")] = Adds.NONE,
    markers: Annotated[bool, typer.Option(help="Also days that pass by themselves.")] = True,
    todo: Annotated[bool, typer.Option("--todo", help="A list of things to do instead.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE.ics", dir_okay=False, help="Else stdout.")] = None,
) -> None:
    """Deadlines as iCalendar: the same register gives the same bytes."""
    from cli.feeds import Wanted, rendered

    wanted = Wanted(
        search=" ".join(search or ()), name=name, detail=detail.value, reminders=reminders.value, with_markers=markers,
        is_todo=todo,
    )  # fmt: skip
    with run.look() as work:
        data, number = rendered(run, work, wanted)
    if out is not None:
        out.write_bytes(data)
    if run.as_json:
        run.answer(
            "feed", item={"file": str(out) if out else None, "entries": number, "ics": None if out else data.decode()}
        )
    elif out is not None:
        run.terminal.note(f"{out}: {number} entries.")
    else:
        run.terminal.raw(data)
