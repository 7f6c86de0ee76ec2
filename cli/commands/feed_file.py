"""``feed render``: deadlines as a calendar file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import reading
from cli.lazy import Command
from cli.options import Search
from lifecycle.feeds import Detail, Reminders

if TYPE_CHECKING:
    from cli.feeds import Rendered
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    cls=Command,
    epilog="longstop feed render > deadlines.ics\n"
    "longstop feed render tag:critical --out critical.ics --reminders alarms --reminder-days 14",
)
@reading
def render(
    run: Run,
    search: Search = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.ics", dir_okay=False, help="Nothing is overwritten; else stdout.")
    ] = None,
    name: Annotated[str, typer.Option(metavar="TEXT", help="What calendars call it.")] = "Deadlines",
    detail: Annotated[
        Detail | None, typer.Option(help="How much it tells.", show_default="as much as the settings allow")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(metavar="KIND", help="Several times; else deadlines and last days.")
    ] = None,
    owner: Annotated[str, typer.Option(metavar="EMAIL", help="Whose they are.", show_default=False)] = "",
    reader: Annotated[
        str, typer.Option("--for", metavar="EMAIL", help="Only what this person may see.", show_default=False)
    ] = "",
    reminders: Annotated[Reminders, typer.Option(help="What it adds before an open deadline.")] = Reminders.NONE,
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
    from cli.choices import chosen
    from lifecycle.milestones.milestone import MilestoneKind

    wanted = feeds.Wanted(
        name=name,
        search=" ".join(search or ()),
        kinds=tuple(chosen(MilestoneKind, one, "--kind") for one in kind or ()),
        detail=detail.value if detail else "",
        reminders=reminders,
        reminder_days=feeds.days_before(reminder_days),
        months_ahead=months_ahead,
        timed=timed,
        todo=todo,
    )
    with run.look() as work:
        who = reader or run.asked.as_email.strip()
        made = feeds.rendered_now(
            run,
            work,
            wanted,
            person=work.people.by_email(who) if who else None,
            owner_id=work.people.by_email(owner).id if owner else None,
        )
    _tell(run, out, made)


def _tell(run: Run, out: Path | None, made: Rendered) -> None:
    from cli import feeds
    from engine.new_file import new_file

    if out is not None:
        with new_file(out) as part:
            part.write_bytes(made.body.data)
    if run.as_json:
        run.answer("feed", item=feeds.file_document(out, made))
    elif out is None:
        run.terminal.raw(made.body.data)
    else:
        dropped = f", {made.body.left_out} left out for its size" if made.body.left_out else ""
        run.terminal.line(f"{out}: {made.body.entries} entries{dropped}.")
