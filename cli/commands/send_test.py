"""``send-test``: one message through a channel, now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import changing
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("send-test", cls=Command, epilog="longstop send-test email --to olga@example.com")
@changing
def send_test(
    run: Run,
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="email, slack, console.")],
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to.")],
) -> None:
    """Send one message through a channel and say what became of it."""
    from cli.testing_channels import sent

    told = sent(run, channel, to)
    if run.as_json:
        run.answer("send-test", item=told)
    else:
        tried = " (a trial: nothing is sent)" if run.is_dry_run else ""
        why = f": {told['why']}" if told["why"] else ""
        run.terminal.line(f"{told['state']}{tried}{why}")
    if told["state"] not in {"accepted", "delivered"} and not run.is_dry_run:
        run.terminal.note("See what is wrong with the channel: `longstop doctor`.")
        raise typer.Exit(1)
