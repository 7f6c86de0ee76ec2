"""``hooks``: the doors by which other programs tell us what has happened, as their file describes them.

``incoming``: the calls that nobody could make sense of. They are read anew, by the hook as it is now, or dropped.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from fastapi import Response

from engine.documents.incoming import call_changed, call_document, hook_document, whole_call
from engine.incoming import waiting
from lifecycle.rights import Act
from web.agreements.missing import Missing
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Because, Nothing
from web.api.caller import Administers, Caller, Reads
from web.api.routing import get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/hooks", _doors, "Hook", many=True)
    get(made, "/hooks/{name}", _door, "Hook")
    get(made, "/incoming", _listed, "Call", many=True)
    get(made, "/incoming/{call_id}", _one, "CallShown")
    post(made, "/incoming/{call_id}/retry", _retry, "CallChanged")
    post(made, "/incoming/{call_id}/drop", _drop, "CallChanged")


def _doors(caller: Reads, asked: Pages) -> Response:
    """By name, each with how many of its calls wait; no secret is told."""
    page, following = some(_described(caller), lambda one: str(one["name"]), asked)
    return items(caller, "hooks", page, following)


def _door(caller: Reads, name: str) -> Response:
    """One of them."""
    for one in _described(caller):
        if one["name"] == name:
            return item(caller, "hooks", one)
    raise Missing("such hook", "List them; they are described in the file of hooks.")


def _listed(caller: Reads, asked: Pages) -> Response:
    """What waits, oldest first, and why."""
    caller.require(Act.ADMINISTER)
    with caller.look() as work:
        found = waiting.waiting(work)
    page, following = some(found, lambda one: f"{one.received_at.isoformat()} {one.id}", asked)
    return items(caller, "incoming", [call_document(one) for one in page], following)


def _one(caller: Reads, call_id: str) -> Response:
    """One of them whole, with the body as it came."""
    caller.require(Act.ADMINISTER)
    with caller.look() as work:
        return item(caller, "incoming-call", whole_call(waiting.found(work, call_id)))


def _retry(caller: Administers, call_id: str, said: Nothing | None = None) -> Response:
    """Do what it asks for, read by its hook as the file describes it now; `kept` means that it waits still."""
    del said
    caller.require(Act.ADMINISTER)
    hooks = caller.site.operator.doors()

    def change(work: Work) -> dict[str, Any]:
        result = waiting.retry(work, call_id, hooks)
        return call_changed(call_id, result, "retry", is_dry_run=caller.is_dry_run)

    return changed(caller, "incoming-changed", change)


def _drop(caller: Administers, call_id: str, said: Because) -> Response:
    """It waits no more, and nothing is done."""

    def change(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        result = waiting.drop(work, call_id, because=said.because)
        return call_changed(call_id, result, "drop", is_dry_run=caller.is_dry_run)

    return changed(caller, "incoming-changed", change)


def _described(caller: Caller) -> list[dict[str, Any]]:
    caller.require(Act.ADMINISTER)
    with caller.look() as work:
        waits = Counter(one.heard.hook for one in waiting.waiting(work))
    base = caller.site.base_url.rstrip("/")
    found = caller.site.operator.doors().values()
    return [hook_document(one, f"{base}/hooks/{one.name}", waits[one.name]) for one in found]
