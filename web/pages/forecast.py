"""``/forecast``: every message that will be sent until a day, and every step that will reach nobody (INTERFACE.md C14).

The engine itself runs on paper for it; nothing is written, and the address is the whole question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from lifecycle.errors import LifecycleError
from web.frame.rendering import show
from web.frame.viewer import SignedIn
from web.govern.forecasts import ASSUMED, FURTHEST, MOST, Asked, look_ahead
from web.govern.places import reports
from web.govern.tables import as_file

if TYPE_CHECKING:
    from web.frame.site import Site


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/forecast", methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        """What will be sent, and how the question was asked."""
        asked = Asked.of(viewer.request.query_params, viewer.today)
        found, error = None, None
        with viewer.look() as work:
            try:
                found = look_ahead(work, viewer, asked)
            except LifecycleError as refused:
                error = refused
        content = {
            "asked": asked,
            "found": found,
            "error": error,
            "assumed": ASSUMED,
            "most_on": viewer.today + FURTHEST,
        }
        query = f"?{urlencode(asked.query)}"
        return show(
            viewer, "forecast.html", status=422 if error else 200, places=reports(viewer), query=query, **content
        )

    @made.api_route("/forecast.{suffix}", methods=["GET", "HEAD"])
    def export(viewer: SignedIn, suffix: str) -> Response:
        """Every message as a file."""
        asked = Asked.of(viewer.request.query_params, viewer.today)
        with viewer.look() as work:
            found = look_ahead(work, viewer, asked, most=MOST)
        return as_file(found.messages, "forecast", suffix)

    return made
