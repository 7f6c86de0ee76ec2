"""``feed``: deadlines in people's calendars, and as a file."""

from __future__ import annotations

import typer

from cli.commands import feed_addresses, feed_file

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Deadlines in people's calendars: feeds with secret addresses, and calendar files.",
)
app.add_typer(feed_addresses.app)
app.add_typer(feed_file.app)
