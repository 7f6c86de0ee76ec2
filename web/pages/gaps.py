"""``/gaps``: what is missing in the register, and where it is mended (INTERFACE.md P19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from web.frame.rendering import show
from web.frame.viewer import SignedIn
from web.govern.gaps import MOST, gaps, one_table
from web.govern.places import reports
from web.govern.tables import as_file

if TYPE_CHECKING:
    from web.frame.site import Site


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/gaps", methods=["GET", "HEAD"])
    def listed(viewer: SignedIn, only: str = "") -> HTMLResponse:
        """All gaps with the first of each; *only* one with all of it."""
        with viewer.look() as work:
            found = gaps(work, viewer)
            chosen = gaps(work, viewer, only=only, most=MOST) if only else found
        return show(viewer, "gaps.html", found=found, chosen=chosen, only=only, places=reports(viewer))

    @made.api_route("/gaps.{suffix}", methods=["GET", "HEAD"])
    def export(viewer: SignedIn, suffix: str, only: str = "") -> Response:
        """The same as a file."""
        with viewer.look() as work:
            found = gaps(work, viewer, only=only, most=MOST)
        return as_file(one_table(found), "gaps", suffix)

    return made
