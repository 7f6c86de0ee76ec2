"""``healthcheck``: whether a running ``serve`` is ready; for containers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.asking import plain
from cli.lazy import Command

if TYPE_CHECKING:
    from cli.run import Run

app = typer.Typer(rich_markup_mode=None, add_completion=False)
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - asked about, not listened on
_TIMEOUT = 8.0  # seconds


@app.command(cls=Command, epilog="longstop healthcheck")
@plain
def healthcheck(
    run: Run,
    url: Annotated[str, typer.Option(help="Where it serves; else by the settings.", show_default=False)] = "",
) -> None:
    """0 when a running serve is ready, 1 when it is not or does not answer."""
    host = _EVERYWHERE.get(run.settings.host, run.settings.host)
    answered = _asked(f"{url.rstrip('/') or f'http://{host}:{run.settings.port}'}/readyz")
    is_ready = answered.get("status") == "ready"
    if run.as_json:
        run.answer("healthcheck", item=answered)
    else:
        run.terminal.line(str(answered.get("status")))
        for check in answered.get("checks", ()):
            if check["state"] != "ok":
                run.terminal.line(f"  {check['check']}: {check['detail']}")
    if not is_ready:
        raise typer.Exit(1)


def _asked(url: str) -> dict[str, Any]:
    from urllib.error import HTTPError, URLError
    from urllib.request import ProxyHandler, Request, build_opener

    opener = build_opener(ProxyHandler({}))  # a proxy never stands between a machine and itself
    try:
        with opener.open(Request(url), timeout=_TIMEOUT) as answer:  # noqa: S310 - the address is the operator's own
            found: dict[str, Any] = json.load(answer)
    except HTTPError as error:
        try:
            found = json.load(error)
        except ValueError:
            found = {"status": f"it answers {error.code}", "checks": []}
    except (URLError, OSError, ValueError) as error:
        found = {"status": f"no answer from {url}: {_why(error)}", "checks": []}
    return found


def _why(error: Exception) -> str:
    """What the system says of it; an answer that is no JSON is somebody else's."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return f"it took longer than {_TIMEOUT:.0f} seconds"
    return getattr(reason, "strerror", None) or "whatever answers there is no Longstop"
