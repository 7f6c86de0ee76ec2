"""``/admin``: the operator's pages, one module per part (INTERFACE.md P20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from web.frame.rendering import go
from web.frame.viewer import SignedIn
from web.pages.admin import backups, channels, health, house, incoming, log, outbox, people, preview, tokens
from web.pages.admin.frame import parts_for

if TYPE_CHECKING:
    from web.frame.site import Site


def router(site: Site) -> APIRouter:
    """All parts; ``/admin`` itself leads to the first one that somebody may see."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/admin", methods=["GET", "HEAD"])
    def first(viewer: SignedIn) -> RedirectResponse:
        return go(viewer, parts_for(viewer)[0][1])

    for part in (health, outbox, log, people, channels, preview, incoming, tokens, backups, house):
        made.routes.extend(part.router(site).routes)
    return made
