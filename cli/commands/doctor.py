"""``doctor``: whether everything is in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=Command, epilog="longstop doctor\nlongstop doctor --offline --register")
@plain
def doctor(
    run: Run,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no other machine.")] = False,
    register: Annotated[bool, typer.Option("--register", help="Also what does not fit together in it.")] = False,
) -> None:
    """Look at settings, rights, database, log, clock, holidays, mail, disk: each finding with its remedy; 0 or 5."""
    from cli.doctoring import examined
    from cli.examined import BAD
    from cli.render import Cell, Column

    findings = list(examined(run, is_offline=offline, with_register=register))
    if run.as_json:
        run.answer("doctor", items=findings)
    else:
        columns = (
            Column("Check"),
            Column("State"),
            Column("Detail", is_fixed=False, share=3),
            Column("Remedy", is_fixed=False, share=3),
        )
        styles = {"ok": "good", "warning": "soon", "bad": "overdue"}
        run.terminal.table(
            columns, [(one.check, Cell(one.state, styles[one.state]), one.detail, one.remedy) for one in findings]
        )
    if any(one.state == BAD for one in findings):
        raise typer.Exit(5)
