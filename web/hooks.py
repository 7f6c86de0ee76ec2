"""Incoming webhooks: ``POST /hooks/{name}`` (INTERFACE.md H11).

1. At most 1 MiB. 2. Who sent it: a call that does not prove it is 401, and nothing is kept. 3. What it asks for is kept
and done at once, or waits for a person; 202 either way, and the sender learns nothing of the register. A repeat is 202
and has no effect. 4. A database that is down is 503, so that the sender comes again.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from engine.incoming.hearing import understood
from engine.incoming.inbox import Incoming, receive
from lifecycle.events import Actor
from lifecycle.hooks import LARGEST, Unmapped, Unproven, call_id, proved, read, text_of
from web.bodies import limited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.incoming.hearing import Heard
    from engine.monitor import Monitor
    from lifecycle.hooks import Hook

log = structlog.get_logger(__name__)


def router(monitor: Monitor, hooks: Mapping[str, Hook]) -> APIRouter:
    """A door for each of *hooks*."""
    made = APIRouter()

    @made.post("/hooks/{name}")
    def call(name: str, request: Request, body: Annotated[bytes, Depends(limited(LARGEST))]) -> JSONResponse:
        """Take what a sender tells."""
        hook = hooks.get(name)
        if hook is None:
            return _said(404, "There is no such hook.")
        try:
            proved_id = proved(hook, request.headers, body, monitor.clock.now())
        except Unproven as error:
            log.warning("call not taken", hook=hook.name, why=error.sentence)
            return _said(401, error.sentence)
        text = text_of(request.headers, body)
        return _taken(monitor, understood(hook, text), _name(hook, proved_id, text, body))

    return made


def _taken(monitor: Monitor, heard: Heard, name: str) -> JSONResponse:
    source = f"hook:{heard.hook}"
    incoming = Incoming(key=f"{source}:{name}", source=source, actor=Actor(source, "hook"), what=heard)
    try:
        receive(monitor, incoming)
    except Exception as error:  # noqa: BLE001 - whatever broke, nothing was kept, and the sender comes again
        log.error("call could not be kept", hook=heard.hook, why=type(error).__name__)  # noqa: TRY400 - it may hold texts
        return _said(503, "It could not be kept; send it again.", headers={"Retry-After": "30"})
    return _said(202, "Received.")


def _name(hook: Hook, proved_id: str, text: str, body: bytes) -> str:
    """The id under which a call acts once."""
    document: Any = None
    with suppress(Unmapped):
        document = read(text)
    return call_id(hook, proved_id, document, body)


def _said(status: int, text: str, *, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"said": text}, status_code=status, headers=dict(headers or {}))
