"""``db``: the database's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cli.asking import trying
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="The database.")


@app.callback()
def group() -> None:
    """The database."""


@app.command(cls=Command, epilog="longstop db upgrade\nlongstop db upgrade --dry-run")
@trying
def upgrade(run: Run) -> None:
    """Bring the database to this version, in one transaction. With --dry-run it is rolled back."""
    from cli import bootstrap
    from store.migrate import upgradable

    monitor = bootstrap.assembled(run.settings)
    try:
        tried = run.is_dry_run
        before, after = upgradable(monitor.database) if tried else bootstrap.first_start(monitor, run.settings)
    finally:
        bootstrap.closed(monitor)
    if run.as_json:
        run.answer("db-upgrade", item={"before": before, "after": after, "is_dry_run": tried})
    elif before == after:
        run.terminal.line(f"The database is at {after} already.")
    elif tried:
        run.terminal.line(f"The database would be at {after}; it is {f'at {before}' if before else 'empty'}.")
    else:
        run.terminal.line(f"The database is at {after} now; it was {before or 'empty'}.")
