"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import UsageRefused


def _reason(text: str) -> str:
    """A reason that says something. Raises UsageRefused."""
    if not text.strip():
        raise UsageRefused("--because: it gives no reason.", remedy='Say why in a few words: --because "Side letter".')
    return text


Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="Your own name for the agreement.")]
DeadlineName = Annotated[str, typer.Argument(metavar="DEADLINE", help="Its id, or the agreement's reference.")]
Kind = Annotated[str, typer.Argument(metavar="KIND", help="Of a reference: notice, audit ...; the earliest live.")]
Cycle = Annotated[str, typer.Option("--cycle", metavar="N", help="Another cycle: 2, 2026-Q3.", show_default=False)]
Search = Annotated[list[str] | None, typer.Argument(metavar="SEARCH", help="Words, tag:X, is:overdue, due:<30d.")]
Because = Annotated[
    str, typer.Option("--because", metavar="TEXT", help="Why; it is kept in the log.", callback=_reason)
]
IfBecause = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it is kept in the log.")]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="End with 10 when there is something.")]
OutFile = Annotated[
    Path, typer.Argument(metavar="OUT.xlsx", dir_okay=False, help="The workbook to write; nothing is overwritten.")
]
