"""``db``: the database's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="The database.")


@app.callback()
def group() -> None:
    """The database."""


@app.command(cls=Command, epilog="longstop db upgrade")
@plain
def upgrade(run: Run) -> None:
    """Bring the database to this version, in one transaction."""
    from cli import bootstrap

    monitor = bootstrap.assembled(run.settings)
    try:
        before, after = bootstrap.first_start(monitor, run.settings)
    finally:
        bootstrap.closed(monitor)
    if run.as_json:
        run.answer("db-upgrade", item={"before": before, "after": after})
    elif before == after:
        run.terminal.line(f"The database is at {after} already.")
    else:
        run.terminal.line(f"The database is at {after} now; it was {before or 'empty'}.")
