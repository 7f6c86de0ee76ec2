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
    from engine.monitor import Work
    from store.queries.feeds import FeedScope

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
    cls=Command,
    epilog="longstop feed render > deadlines.ics\n"
    "longstop feed render tag:critical --out critical.ics --reminders alarms --reminder-days 14",
)
@reading
def render(
    run: Run,
    search: Search = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.ics", dir_okay=False, help="Else stdout.")] = None,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What calendars call it.")] = "Deadlines",
    detail: Annotated[
        Tells | None, typer.Option(help="How much it tells.", show_default="as much as the settings allow")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(metavar="KIND", help="Several times; else deadlines and last days.")
    ] = None,
    owner: Annotated[str, typer.Option(metavar="EMAIL", help="Whose they are.", show_default=False)] = "",
    reader: Annotated[
        str, typer.Option("--for", metavar="EMAIL", help="Only what this person may see.", show_default=False)
    ] = "",
    reminders: Annotated[Adds, typer.Option(help="What it adds before an open deadline.")] = Adds.NONE,
    reminder_days: Annotated[
        list[int] | None, typer.Option(metavar="N", help="Days before; up to five times.", show_default="30, 7")
    ] = None,
    months_ahead: Annotated[int, typer.Option(metavar="N", help="How far, 3 to 60.")] = 24,
    timed: Annotated[bool, typer.Option("--timed", help="A deadline with an hour stands before that hour.")] = False,
    todo: Annotated[bool, typer.Option("--todo", help="A list of things to do instead of entries.")] = False,
) -> None:
    """Deadlines as iCalendar: the same register gives the same bytes, all month long.

    Closed deadlines stay for two to six weeks, marked. Words with due: and is:overdue are replaced by the window.
    """
    from cli import feeds
    from notifiers.calendar import Reminders

    with run.look() as work:
        wanted = feeds.Wanted(
            scope=_scope(work, search, kind, owner=owner, reader=reader or run.asked.as_email.strip()),
            name=name,
            detail=detail.value if detail else "",
            reminders=Reminders(reminders.value),
            reminder_days=feeds.reminder_days(reminder_days),
            months_ahead=months_ahead,
            is_timed=timed,
            is_todo=todo,
        )
        made = feeds.rendered(run, work, wanted)
    if out is not None:
        feeds.write(out, made.data)
    if run.as_json:
        run.answer("feed", item=feeds.feed_document(out, made))
    elif out is None:
        run.terminal.raw(made.data)
    else:
        dropped = f", {made.left_out} left out for its size" if made.left_out else ""
        run.terminal.line(f"{out}: {made.entries} entries{dropped}.")


def _scope(work: Work, search: list[str] | None, kind: list[str] | None, *, owner: str, reader: str) -> FeedScope:
    from cli.choices import chosen
    from lifecycle.milestones import MilestoneKind
    from store.queries.feeds import FeedScope
    from store.queries.search import parse_search

    return FeedScope(
        search=parse_search(" ".join(search or ())),
        kinds=frozenset(chosen(MilestoneKind, one, "--kind") for one in kind or ()),
        owner_id=work.people.by_email(owner).id if owner else None,
        person=work.people.by_email(reader) if reader else None,
    )
