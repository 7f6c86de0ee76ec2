"""``views``: the lists of deadlines that somebody has kept under a name; everybody's own alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Response
from pydantic import Field

from store.queries.entering import SavedView
from web.agreements.missing import Missing
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Body, Nothing, Said
from web.api.caller import Acts, Reads
from web.api.routing import get, post
from web.deadlines.asked import PAGE, Asked

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from web.api.caller import Caller


class Create(Body):
    """*query* is the query string of the page, such as `q=acme&within=30`; one of the same name gives way."""

    name: Annotated[Said, Field(max_length=60)]
    query: Annotated[str, Field(max_length=1000)] = ""


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/views", _listed, "View", many=True)
    get(made, "/views/{view_id}", _one, "View")
    post(made, "/views", _create, "View", status=201)
    post(made, "/views/{view_id}/drop", _drop, "View")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By name."""
    with caller.look() as work:
        page, following = some(work.kept.views(caller.person.id, PAGE), lambda one: f"{one.name} {one.id}", asked)
        return items(caller, "views", [_document(one) for one in page], following)


def _one(caller: Reads, view_id: str) -> Response:
    """One of them."""
    with caller.look() as work:
        return item(caller, "views", _document(_known(work, caller, view_id)))


def _create(caller: Acts, said: Create) -> Response:
    """Keep a list under a name; what makes no sense in its query is left out."""

    def change(work: Work) -> dict[str, Any]:
        asked = Asked.of(dict(parse_qsl(said.query.removeprefix("?"))))
        if (wrong := asked.searched()[1]) is not None:
            raise wrong
        view = SavedView(id=work.new_id(), person_id=caller.person.id, page=PAGE, name=said.name, query=asked.query())
        work.kept.save_view(view)
        return _document(view)

    return changed(caller, "views", change, status=201)


def _drop(caller: Acts, view_id: str, said: Nothing | None = None) -> Response:
    """Forget it; no deadline changes."""
    del said

    def change(work: Work) -> dict[str, Any]:
        known = _known(work, caller, view_id)
        work.kept.drop_view(caller.person.id, known.id)
        return _document(known)

    return changed(caller, "views", change)


def _known(work: Work, caller: Caller, view_id: str) -> SavedView:
    for one in work.kept.views(caller.person.id, PAGE):
        if one.id == view_id:
            return one
    raise Missing("such view", "List them.")


def _document(one: SavedView) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "query": one.query, "path": f"/deadlines?{one.query}".rstrip("?")}
