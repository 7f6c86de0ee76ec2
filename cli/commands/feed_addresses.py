"""``feed create | change | list | rotate | revoke``: who subscribes to what, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import Search
from lifecycle.feeds import MINE, Detail, Reminders

if TYPE_CHECKING:
    from cli.run import Run
    from engine.feeds import Opened
    from engine.monitor import Work

app = typer.Typer(rich_markup_mode=None, add_completion=False)


def _setting(about: str, metavar: str = "N") -> Any:  # noqa: ANN401 - typer's option
    return typer.Option(metavar=metavar, help=about, show_default=False)


Id = Annotated[str, typer.Argument(metavar="ID", help="As `feed list` shows it.")]
Tells = Annotated[Detail | None, typer.Option(help="How much it tells.", show_default=False)]
Kinds = Annotated[list[str] | None, _setting("Several times; else deadlines and last days in force.", "KIND")]
Adds = Annotated[Reminders | None, typer.Option(help="What it adds before an open deadline.", show_default=False)]
Days = Annotated[list[int] | None, _setting("Days before; up to five times. Else 30 and 7.")]
Months = Annotated[int | None, _setting("How far, 3 to 60. Else 24.")]
Timed = Annotated[bool | None, typer.Option(help="A deadline with an hour stands before it.", show_default=False)]
Todo = Annotated[bool | None, typer.Option(help="With a list of things to do beside it.", show_default=False)]
Colour = Annotated[str | None, _setting("A name such as teal.", "COLOUR")]
Expires = Annotated[str, _setting("Its last day; else it has none.", "DATE")]


@app.command(
    cls=Command,
    epilog="longstop feed create --name 'My deadlines' --for dana@example.com\n"
    "longstop feed create --name Critical tag:critical --detail redacted --as dana@example.com",
)
@changing
def create(
    run: Run,
    search: Search = None,
    name: Annotated[str, _setting("What calendars call it.", "TEXT")] = "My deadlines",
    person: Annotated[str, typer.Option("--for", metavar="EMAIL", help="Whose it is; else theirs who act.")] = "",
    detail: Tells = None,
    kind: Kinds = None,
    reminders: Adds = None,
    reminder_days: Days = None,
    months_ahead: Months = None,
    timed: Timed = None,
    todo: Todo = None,
    colour: Colour = None,
    expires: Expires = "",
) -> None:
    """Subscribe somebody to deadlines; the address is shown this once. Without SEARCH to what they own."""
    from cli import feed_changes
    from cli.feeds import style_of
    from engine.feeds import create_feed

    said = feed_changes.Said(
        " ".join(search or (MINE,)), name, detail, kind, reminders, reminder_days, months_ahead, timed, todo, colour
    )
    expires_on = run.day(expires, "--expires") if expires else None
    with run.change() as work:
        reader, most = feed_changes.reader_of(run, work, person), style_of(run.settings).most
        feed = said.on(feed_changes.blank(work, reader, most))
        _opened(run, work, create_feed(work, feed, most=most, expires_on=expires_on), "created")


@app.command(cls=Command, epilog="longstop feed change 8z8x8jfsap2n --detail busy --reminders events")
@changing
def change(
    run: Run,
    feed: Id,
    search: Annotated[str | None, _setting("Other words; they replace what it had.", "TEXT")] = None,
    name: Annotated[str | None, _setting("What calendars call it.", "TEXT")] = None,
    detail: Tells = None,
    kind: Kinds = None,
    reminders: Adds = None,
    reminder_days: Days = None,
    months_ahead: Months = None,
    timed: Timed = None,
    todo: Todo = None,
    colour: Colour = None,
) -> None:
    """Give a feed other settings; its address stays."""
    from cli import feed_changes
    from cli.feeds import style_of
    from engine.feeds import change_feed

    said = feed_changes.Said(
        search, name, detail, kind, reminders, reminder_days, months_ahead, timed, todo, colour
    )  # fmt: skip
    with run.change() as work:
        known = feed_changes.own(run, work, feed)
        new = change_feed(work, said.on(known), most=style_of(run.settings).most)
        _told(run, work, new.id, "changed" if new != known else "was so already")


@app.command("list", cls=Command, epilog="longstop feed list --for dana@example.com")
@reading
def list_feeds(
    run: Run,
    person: Annotated[str, typer.Option("--for", metavar="EMAIL", help="Only theirs.")] = "",
    ended: Annotated[bool, typer.Option("--ended", help="Also those that have ended.")] = False,
) -> None:
    """Feeds, with who fetched them last; never their addresses."""
    from cli import feed_changes

    with run.look() as work:
        documents = feed_changes.documents(run, work, person, with_ended=ended)
    if run.as_json:
        run.answer("feeds", items=documents)
    else:
        feed_changes.show(run, documents)


@app.command(cls=Command, epilog="longstop feed rotate 8z8x8jfsap2n")
@changing
def rotate(run: Run, feed: Id, expires: Expires = "") -> None:
    """Give a feed a new address, shown this once; the old one is gone."""
    from cli import feed_changes
    from engine.feeds import rotate_feed

    expires_on = run.day(expires, "--expires") if expires else None
    with run.change() as work:
        feed_changes.own(run, work, feed)
        _opened(run, work, rotate_feed(work, feed, expires_on=expires_on), "rotated")


@app.command(
    cls=Command,
    epilog="longstop feed revoke 8z8x8jfsap2n\n"
    "longstop feed revoke --person dana@example.com\n"
    "longstop feed revoke --all --yes",
)
@changing
def revoke(
    run: Run,
    feed: Annotated[str, typer.Argument(metavar="ID", help="As `feed list` shows it.", show_default=False)] = "",
    person: Annotated[str, typer.Option(metavar="EMAIL", help="All of theirs.", show_default=False)] = "",
    everybody: Annotated[bool, typer.Option("--all", help="Every feed of everybody.")] = False,
) -> None:
    """End a feed, all of somebody's, or all: their addresses are gone for good."""
    from cli import feed_changes

    with run.change() as work:
        revoked = feed_changes.revoked(run, work, feed, person, is_all=everybody)
    if run.as_json:
        run.answer("feeds-revoked", item={"revoked": revoked, "is_dry_run": run.is_dry_run})
    else:
        run.terminal.line(f"{revoked} {'feed has' if revoked == 1 else 'feeds have'} ended{run.tried}.")


def _opened(run: Run, work: Work, opened: Opened, done: str) -> None:
    from engine.documents.feeds import addresses_of

    addresses = {} if run.is_dry_run else addresses_of(work.house.base_url, opened)  # what is rolled back leads nowhere
    _told(run, work, opened.feed.id, done, **addresses)


def _told(run: Run, work: Work, feed_id: str, done: str, **addresses: str | None) -> None:
    from engine.documents.feeds import known_feed

    item = known_feed(work, feed_id) | addresses
    if run.as_json:
        run.answer("feed-changed", item={**item, "result": done, "is_dry_run": run.is_dry_run})
        return
    run.terminal.line(f"Feed {item['id']} of {item['person']} {done}{run.tried}: {item['name']}.")
    if item["url"]:
        run.terminal.line(item["url"])
        if item["todo_url"]:
            run.terminal.line(f"Things to do: {item['todo_url']}")
        run.terminal.line("Whoever has this address can read it. It is shown this once.")
