"""Slack over HTTP: ``POST /slack/interactions|commands|events``.

1. Whose request it is (``web.slack.signing``); another one is 401. 2. What it does, in the database. 3. 200 within a
second: Slack waits for three. Windows are opened after that. A database that is down is 503, and nothing was done.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from starlette.background import BackgroundTask

from web.bodies import form, limited
from web.slack.door import COMMAND, EVENT, INTERACTION
from web.slack.signing import is_from_slack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.monitor import Monitor
    from web.slack.door import SlackDoor

log = structlog.get_logger(__name__)
_MOST: Final = 1024 * 1024  # bytes
Body = Annotated[bytes, Depends(limited(_MOST))]


def router(monitor: Monitor, door: SlackDoor, *, signing_secret: str) -> APIRouter:
    """The three ways in, for calls that are signed with *signing_secret*."""
    made = APIRouter(prefix="/slack")

    def taken(request: Request, body: bytes, kind: str) -> Response:
        if not is_from_slack(signing_secret, request.headers, body, monitor.clock.now()):
            return Response(status_code=401)
        payload = _payload(kind, body)
        return Response(status_code=400) if payload is None else _answered(door, kind, payload)

    @made.post("/interactions")
    def interactions(request: Request, body: Body) -> Response:
        """Buttons and forms."""
        return taken(request, body, INTERACTION)

    @made.post("/commands")
    def commands(request: Request, body: Body) -> Response:
        """``/deadlines``."""
        return taken(request, body, COMMAND)

    @made.post("/events")
    def events(request: Request, body: Body) -> Response:
        """The app's home was opened; and Slack's question whether this address is ours."""
        return taken(request, body, EVENT)

    return made


def _answered(door: SlackDoor, kind: str, payload: Mapping[str, Any]) -> Response:
    try:
        reply = door.handle(kind, payload)
    except Exception as error:  # noqa: BLE001 - whatever broke, nothing was done, and Slack tells the person so
        log.error("slack could not be answered", kind=kind, why=type(error).__name__)  # noqa: TRY400 - it may hold texts
        return Response(status_code=503)
    after = BackgroundTask(reply.after) if reply.after else None
    if reply.body is None:
        return Response(status_code=200, background=after)
    return JSONResponse(dict(reply.body), background=after)


def _payload(kind: str, body: bytes) -> Mapping[str, Any] | None:
    """What a request says: JSON, a form, or JSON in a form's field."""
    try:
        match kind:
            case "command":
                return form(body)
            case "interaction":
                found = json.loads(form(body).get("payload", ""))
            case _:
                found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
