"""``/me``: how somebody likes to be told and to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from web.frame.rendering import show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from web.frame.site import Site


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/me", methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        return show(viewer, "me.html")

    return made
