"""``/search``: agreements, deadlines and counterparties by the same words, each part with where to see all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from lifecycle.errors import LifecycleError
from store.queries.agreement_lists import AgreementFilter, matching
from store.queries.counterparty_lists import counterparties_seen
from store.queries.deadlines import Deadlines, Wanted
from store.queries.search import typed_search
from web.deadlines.rows import rows_of
from web.frame.rendering import show
from web.frame.viewer import SignedIn

if TYPE_CHECKING:
    from engine.monitor import Work
    from store.queries.search import Search
    from web.frame.site import Site
    from web.frame.viewer import Viewer

_SHOWN: Final = 10
_LONGEST: Final = 500
_ABOUT_DEADLINES: Final = ("kind", "due", "is")


def router(site: Site) -> APIRouter:  # noqa: ARG001 - as every page has it
    """One page."""
    made = APIRouter(include_in_schema=False)

    @made.api_route("/search", methods=["GET", "HEAD"])
    def look(viewer: SignedIn, q: str = "") -> HTMLResponse:
        q = q.strip()[:_LONGEST]
        content: dict[str, Any] = {"q": q, "wrong": None, "deadlines": (), "agreements": (), "counterparties": ()}
        try:
            search = typed_search(q)
        except LifecycleError as error:
            return show(viewer, "search.html", status=422, **content | {"wrong": error})
        if q:
            with viewer.look() as work:
                content |= _found(work, viewer, q, search)
        return show(viewer, "search.html", **content, query=urlencode({"q": q}))

    return made


def _found(work: Work, viewer: Viewer, q: str, search: Search) -> dict[str, Any]:
    """The first of each. Words about deadlines mean nothing to agreements, which are left out then."""
    person = viewer.person
    page = Deadlines(work, person=person, today=viewer.today).page(Wanted(search=search), limit=_SHOWN)
    is_about_deadlines = any(search.says(key) for key in _ABOUT_DEADLINES)
    agreements = () if is_about_deadlines else matching(work, AgreementFilter(search=search), person, limit=_SHOWN)
    named = () if search.keyed else counterparties_seen(work, person, named=q, limit=_SHOWN)
    return {
        "deadlines": tuple(rows_of(work, viewer, page.rows)),
        "agreements": agreements,
        "counterparties": named,
    }
