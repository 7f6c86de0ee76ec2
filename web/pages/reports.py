"""``/reports``: what the register holds and what became of it, to read, to print and to take along.

The query string says which report and which days, so that each is an address; ``from`` and ``until`` are inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from web.frame.rendering import show
from web.frame.viewer import Content, SignedIn
from web.govern.places import reports
from web.govern.reports import MADE, MOST, asked_of, may_read_log, report
from web.govern.tables import as_file

if TYPE_CHECKING:
    from web.frame.site import Site
    from web.frame.viewer import Viewer
    from web.govern.reports import Asked


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/reports", methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        """One report, and where the others are."""
        asked = asked_of(viewer, viewer.request.query_params)
        with viewer.look() as work:
            found = report(work, viewer, asked)
        content: Content = {"asked": asked, "report": found, "query": _query(asked), "choices": _choices(viewer, asked)}
        return show(viewer, "reports.html", places=reports(viewer), **content)

    @made.api_route("/reports.{suffix}", methods=["GET", "HEAD"])
    def export(viewer: SignedIn, suffix: str) -> Response:
        """The same, with every row, as a file."""
        asked = asked_of(viewer, viewer.request.query_params, most=MOST)
        with viewer.look() as work:
            found = report(work, viewer, asked)
        return as_file(found.table, found.key, suffix)

    return made


def _query(asked: Asked) -> str:
    said = {"show": asked.show}
    if asked.show != "register":
        said |= {"from": asked.from_on.isoformat(), "until": asked.until_on.isoformat()}
    return f"?{urlencode(said)}"


def _choices(viewer: Viewer, asked: Asked) -> list[tuple[str, str, bool]]:
    """The reports that they may read: name, address, whether it is this one."""
    there = [key for key in MADE if key != "failures" or may_read_log(viewer)]
    return [(MADE[key][0], f"/reports?show={key}", key == asked.show) for key in there]
