"""``import`` and ``export``: the register as a spreadsheet."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import changing, reading
from cli.lazy import Command
from cli.options import OutFile

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False)
_IN = {"exists": True, "dir_okay": False}


class Order(StrEnum):
    """How 03/04/2026 is meant."""

    DMY = "dmy"
    MDY = "mdy"


@app.command(
    "import",
    cls=Command,
    epilog="longstop import register.xlsx --dry-run\nlongstop import register.csv --dates mdy --map map.yaml\n"
    "longstop import --template empty.xlsx",
)
@changing
def import_register(
    run: Run,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help=".xlsx, .ods, .xls or .csv", **_IN)] = None,
    columns: Annotated[Path | None, typer.Option("--map", metavar="MAP.yaml", help="What columns mean.", **_IN)] = None,
    sheet: Annotated[str, typer.Option(metavar="NAME", help="The sheet of agreements.", show_default=False)] = "",
    dates: Annotated[Order | None, typer.Option(help="How 03/04/2026 is meant.", show_default=False)] = None,
    quiet_until: Annotated[str, typer.Option(metavar="DATE", help="Tell newcomers later.", show_default=False)] = "",
    corrections: Annotated[
        Path | None, typer.Option(metavar="OUT.xlsx", help="Write failed rows there, to a new file.")
    ] = None,
    undo: Annotated[str, typer.Option(metavar="BATCH", help="Take an import back.", show_default=False)] = "",
    batches: Annotated[bool, typer.Option("--list", help="Imports so far.")] = False,
    template: Annotated[
        Path | None, typer.Option(metavar="OUT.xlsx", help="Write an empty workbook, to a new file.")
    ] = None,
) -> None:
    """Take in a spreadsheet: findings by cell, each with its remedy. Importing twice changes nothing."""
    from cli import imports
    from cli.errors import UsageRefused

    asked = [file is not None, bool(undo), batches, template is not None]
    if sum(asked) != 1:
        raise UsageRefused("An import needs a file.", remedy="Or say one of --undo BATCH, --list, --template OUT.xlsx.")
    if template is not None:
        imports.write_empty(run, template)
    elif batches:
        imports.tell_batches(run)
    elif undo:
        _end(imports.undo(run, undo))
    elif file is not None:
        options = imports.options(
            run, columns, sheet=sheet, dates=dates.value if dates else "", quiet_until=quiet_until
        )
        _end(imports.take_in(run, file, options, corrections))


@app.command(cls=Command, epilog="longstop export register.xlsx")
@reading
def export(run: Run, out: OutFile) -> None:
    """The register as a workbook that imports again, all of it unchanged."""
    from cli.acting import queries
    from config.laws import lookup
    from engine.intake.export import write_register
    from engine.new_file import new_file
    from notifiers.wording import counted
    from store.queries.assets import assets_of
    from store.queries.search import NOTHING

    with new_file(out) as part, run.look() as work:
        agreements = list(queries(run, work).agreements(NOTHING))
        people = [one for one in work.people.all() if not one.is_disabled]
        write_register(part, agreements, people, laws=lookup, assets=assets_of(work, agreements))
    told: dict[str, Any] = {"file": str(out), "agreements": len(agreements), "people": len(people)}
    if run.as_json:
        run.answer("export", item=told)
    else:
        who = "1 person" if len(people) == 1 else f"{len(people)} people"
        run.terminal.line(f"{out}: {counted(len(agreements), 'agreement')}, {who}.")


def _end(exit_code: int) -> None:
    if exit_code:
        raise typer.Exit(exit_code)
