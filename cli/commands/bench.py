"""``bench``: the measurements against peers, where the source is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=Command, epilog="longstop bench\nlongstop bench T1 T14")
@plain
def bench(
    run: Run,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME...]", help="Such as T1; without any a list.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Measure all of them, which takes hours.")] = False,
) -> None:
    """Measure against peers, side by side, from a source checkout; 5 where a target is missed."""
    from cli import benching
    from cli.errors import FOUND_WRONG, UsageRefused

    if names and every:
        raise UsageRefused("Names and --all are two answers.", remedy="Give one of them.")
    benching.must_be_there(benching.FOLDER, names or ())
    is_run = bool(names) or every
    items = []
    for one in benching.measured(benching.FOLDER, names or ()) if is_run else benching.figures(benching.FOLDER):
        items.append(one)
        if not run.as_json:
            run.terminal.line(_line(one))
    if run.as_json:
        run.answer("bench", items=items)
    if any(one["holds"] is False for one in items):
        raise typer.Exit(FOUND_WRONG)


def _line(one: dict[str, object]) -> str:
    if one["holds"] is None:
        return f"{one['name']:<4} {one['what']}"
    held = "holds" if one["holds"] else "MISSED"
    figures = f"{one['ours']} against {one['theirs']} {one['unit']}, ratio {one['ratio']} ({one['target']})"
    return f"{one['name']:<4} {held}: {figures}: {one['what']}"
