"""``agreement``: facts in and out of the register, and what people do with agreements."""

from __future__ import annotations

import typer

from cli.commands import agreement_facts, agreement_life

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Agreements: their facts, and how they begin, renew and end. Nothing is deleted.",
)
app.add_typer(agreement_facts.app)
app.add_typer(agreement_life.app)
