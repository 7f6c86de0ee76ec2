"""``db``: the database's form, and moving to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import plain, trying
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


@app.command(
    cls=Command, epilog="longstop db copy sqlite:////data/longstop.db postgresql://longstop:PASSWORD@db/longstop"
)
@plain
def copy(
    run: Run,
    from_url: Annotated[str, typer.Argument(metavar="FROM_URL", help="The register as it is.", show_default=False)],
    to_url: Annotated[str, typer.Argument(metavar="TO_URL", help="An empty database.", show_default=False)],
) -> None:
    """Copy a whole register into an empty database: from SQLite to PostgreSQL, or back."""
    from cli.copying import copied

    rows = copied(from_url, to_url)
    if run.as_json:
        run.answer("db-copy", item={"rows": rows})
        return
    run.terminal.line(f"{sum(rows.values())} rows were copied, and the log is whole.")
    run.terminal.note("Kept files stay in the data folder: take it along where the copy is served on another machine.")
    run.terminal.note("Let LONGSTOP_DATABASE_URL lead to the copy, and never start the old one again.")
