"""``/agreements``: the register as a list. Its query string is its whole state."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from engine.intake.export import write_register
from engine.operations import take_access
from lifecycle.errors import LifecycleError
from lifecycle.rights import RIGHTS, Act, Right
from store.queries.agreement_lists import AgreementPage, agreement_page, matching
from store.queries.assets import assets_of
from web.agreements.lines import ListAsked, lines, status_tabs
from web.frame.forms import Posted
from web.frame.rendering import go, show
from web.frame.viewer import SignedIn, Viewer
from web.govern.places import REGISTER

if TYPE_CHECKING:
    from web.frame.site import Site

_MOST: Final = 20_000  # rows of a workbook
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    made = APIRouter(include_in_schema=False)

    @made.api_route("/agreements", methods=["GET", "HEAD"])
    def listed(viewer: SignedIn) -> HTMLResponse:
        """The register, narrowed by search words and status."""
        return _list(viewer, ListAsked.of(viewer.request.query_params))

    @made.api_route("/agreements/export.xlsx", methods=["GET", "HEAD"])
    def export(viewer: SignedIn) -> Response:
        """What the list shows as a workbook that imports again."""
        asked = ListAsked.of(viewer.request.query_params)
        with viewer.look() as work, tempfile.TemporaryDirectory() as folder:
            found = matching(work, asked.wanted(asked.search()), viewer.person, limit=_MOST)
            path = Path(folder) / "agreements.xlsx"
            write_register(
                path,
                found,
                tuple(work.people.all()),
                laws=viewer.monitor.laws,
                assets=assets_of(work, found),
            )
            content = path.read_bytes()
        headers = {"Content-Disposition": 'attachment; filename="agreements.xlsx"', "Cache-Control": "no-store"}
        return Response(content, media_type=_XLSX, headers=headers)

    @made.api_route("/agreements/access", methods=["GET", "HEAD"])
    def asking(viewer: SignedIn) -> HTMLResponse:
        """How an admin comes to see a restricted agreement."""
        viewer.require(Act.ADMINISTER)
        return show(viewer, "agreement-access.html", typed={}, error=None)

    @made.post("/agreements/access", response_model=None)
    def take(viewer: SignedIn, form: Posted) -> HTMLResponse | RedirectResponse:
        """Let themself see it; its owner is told."""
        viewer.require(Act.ADMINISTER)
        try:
            with viewer.work() as work:
                known = take_access(work, form.get("reference"), viewer.person, because=form.get("because"))
        except LifecycleError as error:
            return show(viewer, "agreement-access.html", status=422, typed=form.typed, error=error)
        return go(viewer, f"/agreements/{known.id}", "You see it now. Its owner and backup are told.", tone="warn")

    return made


def may_add(viewer: Viewer) -> bool:
    """Whether they may register an agreement, if only one of their own."""
    return RIGHTS[Act.REGISTER][viewer.person.role] in {Right.YES, Right.OWN}


def _list(viewer: Viewer, asked: ListAsked) -> HTMLResponse:
    error = None
    with viewer.look() as work:
        try:
            page = agreement_page(work, asked.wanted(asked.search()), viewer.person, after=asked.after)
        except LifecycleError as refused:
            error, page = refused, AgreementPage(rows=(), counts={}, total=0, next_cursor="")
        shown = lines(work, page)
        is_first_of_all = not shown and not asked.query and not asked.status
    return show(
        viewer,
        "agreements.html",
        status=422 if error else 200,
        asked=asked,
        lines=shown,
        places=REGISTER,
        states=list(status_tabs(asked, page.counts)),
        total=page.total,
        next_href=asked.address(after=page.next_cursor) if page.next_cursor else "",
        first_href=asked.address() if asked.after else "",
        error=error,
        may_add=may_add(viewer),
        is_admin=viewer.may(Act.ADMINISTER),
        is_first_of_all=is_first_of_all,
    )
