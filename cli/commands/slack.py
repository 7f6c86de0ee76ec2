"""``slack``: the app in Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="The app in Slack.")


@app.callback()
def group() -> None:
    """The app in Slack."""


@app.command(cls=Command, epilog="longstop slack manifest --socket > manifest.json")
@plain
def manifest(
    run: Run,
    socket: Annotated[
        bool | None,
        typer.Option("--socket/--http", help="How clicks come in: a socket that Longstop opens, or calls to BASE_URL."),
    ] = None,
) -> None:
    """Print what Slack wants to know to make the app: paste it at api.slack.com/apps, From a manifest."""
    import json

    from notifiers.slack.manifest import manifest as made

    is_socket = run.settings.slack_mode != "http" if socket is None else socket
    item = made(run.settings.base_url, is_socket=is_socket)
    if run.as_json:
        run.answer("slack-manifest", item=item)
    else:
        run.terminal.line(json.dumps(item, indent=2))
