"""``/admin/incoming``: calls from outside that wait for a person, done anew or dropped (INTERFACE.md H11)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.incoming import waiting
from engine.incoming.results import Outcome
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act
from web.frame.forms import Posted
from web.frame.rendering import go
from web.frame.viewer import SignedIn
from web.pages.admin.frame import page, refused

if TYPE_CHECKING:
    from web.frame.site import Site

HERE: Final = "/admin/incoming"


def router(site: Site) -> APIRouter:
    made = APIRouter(include_in_schema=False)

    @made.api_route(HERE, methods=["GET", "HEAD"])
    def look(viewer: SignedIn) -> HTMLResponse:
        viewer.require(Act.ADMINISTER)
        with viewer.look() as work:
            rows = [(one, _readable(one.heard.body)) for one in waiting.waiting(work)]
        return page(viewer, "incoming", HERE, rows=rows)

    @made.post(f"{HERE}/{{row_id}}/retry")
    def retry(viewer: SignedIn, row_id: str, _form: Posted) -> RedirectResponse:
        """Do what it asks for, read by its hook as the file describes it now."""
        viewer.require(Act.ADMINISTER)
        try:
            hooks = site.operator.doors()
            with viewer.work() as work:
                result = waiting.retry(work, row_id, hooks)
        except LifecycleError as error:
            return refused(viewer, HERE, error)
        still = result.outcome is Outcome.KEPT
        return go(viewer, HERE, f"{'It waits still. ' if still else ''}{result.said}", tone="bad" if still else "good")

    @made.post(f"{HERE}/{{row_id}}/drop")
    def drop(viewer: SignedIn, row_id: str, form: Posted) -> RedirectResponse:
        viewer.require(Act.ADMINISTER)
        try:
            with viewer.work() as work:
                result = waiting.drop(work, row_id, because=form.get("because"))
        except LifecycleError as error:
            return refused(viewer, HERE, error)
        return go(viewer, HERE, result.said)

    return made


def _readable(body: str) -> str:
    """The body as it came, laid out where it is JSON."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
