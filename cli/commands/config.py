"""``config``: settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Settings.")


@app.command(cls=Command, epilog="longstop config show")
@plain
def show(run: Run) -> None:
    """The settings in force; secrets are ***."""
    from config.settings_docs import shown

    values = shown(run.settings)
    if run.as_json:
        run.answer("config", item=values)
    else:
        run.terminal.facts([(name, "" if value is None else _text(value)) for name, value in values.items()])


@app.command(cls=Command, epilog="longstop config docs > settings.md")
@plain
def docs(run: Run) -> None:
    """All settings, each with its default and its meaning."""
    from config.settings_docs import documented

    if run.as_json:
        run.answer("config-docs", item={"markdown": documented()})
    else:
        run.terminal.line(documented().rstrip("\n"))


@app.command(cls=Command, epilog="longstop config check")
@plain
def check(run: Run) -> None:
    """Everything that is wrong with the settings, without starting anything."""
    from cli import bootstrap

    problems = bootstrap.settings_problems(run.given)
    if run.as_json:
        items = [
            {"level": one.level, "name": one.name, "message": one.sentence, "remedy": one.remedy} for one in problems
        ]
        run.answer("config-check", items=items)
    else:
        for one in problems:
            run.terminal.line(f"{one.level}: {one}")
        if not problems:
            run.terminal.line("Nothing is wrong.")
    if any(one.level == "error" for one in problems):
        raise typer.Exit(5)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
