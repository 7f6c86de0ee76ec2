"""``/`` leads to what needs whoever looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

if TYPE_CHECKING:
    from web.frame.site import Site


def router(site: Site) -> APIRouter:
    made = APIRouter(include_in_schema=False)

    @made.api_route("/", methods=["GET", "HEAD"])
    def home() -> RedirectResponse:
        return RedirectResponse(f"{site.root_path}/deadlines", status_code=303)

    return made
