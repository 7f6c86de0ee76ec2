"""``log``: the permanent log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from cli.asking import reading
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="The permanent log.")


@app.callback()
def group() -> None:
    """The permanent log."""


@app.command(cls=Command, epilog="longstop log verify")
@reading
def verify(run: Run) -> None:
    """Walk the whole chain: 0 when every event follows from the one before, 5 at the first that does not."""
    with run.look() as work:
        number = work.log.verify()
        position, head = work.log.head()
    if run.as_json:
        run.answer("log-verify", item={"events": number, "position": position, "head": head})
    else:
        run.terminal.line(f"The log is whole: {number} events, head {head[:16]}.")
