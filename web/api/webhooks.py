"""``webhooks``: the programs that are told what happens. The key that signs is told once, where it was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Response
from pydantic import Field

from engine.documents.webhooks import webhook_document
from lifecycle.errors import LifecycleError
from lifecycle.rights import Act
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Body, Nothing, Said
from web.api.caller import Administers, Caller, Reads
from web.api.routing import get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from web.frame.operator import Webhooks

_NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"


class Create(Body):
    """Where it is; which events it hears (none named: all); whether also those of restricted agreements."""

    name: Annotated[str, Field(pattern=_NAME)]
    url: Said
    events: Annotated[tuple[Said, ...], Field(max_length=200)] = ()
    may_see_restricted: bool = False


class Rotate(Body):
    """*drop_old*: the other side knows the newest key."""

    drop_old: bool = False


class NotHere(LifecycleError):
    """These pages were put together without what makes keys."""

    code = "no-webhooks"

    def __init__(self) -> None:
        super().__init__(
            "Webhooks cannot be changed here.", remedy="Change them where Longstop runs.", command="longstop webhook"
        )


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/webhooks", _listed, "Webhook", many=True)
    get(made, "/webhooks/{name}", _one, "Webhook")
    post(made, "/webhooks", _create, "Webhook", status=201)
    post(made, "/webhooks/{name}/rotate", _rotate, "Webhook")
    post(made, "/webhooks/{name}/on", _on, "Webhook")
    post(made, "/webhooks/{name}/revoke", _revoke, "Webhook")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By name, each with how far it was told."""
    caller.require(Act.ADMINISTER)
    with caller.look() as work:
        page, following = some(work.endpoints.all(), lambda one: one.name, asked)
    return items(caller, "webhooks", [webhook_document(one) for one in page], following)


def _one(caller: Reads, name: str) -> Response:
    """One of them."""
    caller.require(Act.ADMINISTER)
    with caller.look() as work:
        return item(caller, "webhooks", webhook_document(work.endpoints.get(name)))


def _create(caller: Administers, said: Create) -> Response:
    """Tell a program what happens from now on; `secret` is told in this answer alone."""
    caller.require(Act.ADMINISTER)
    webhooks = _webhooks(caller)
    webhooks.refuse(said.url, said.events)  # it may ask who a name is, which no transaction waits for
    given = said.model_dump()
    return _changed(caller, lambda work: webhooks.add(work, **given), status=201)


def _rotate(caller: Administers, name: str, said: Rotate | None = None) -> Response:
    """Sign with a new key beside the old one; then, with `drop_old`, with the new one alone."""
    drop_old = bool(said and said.drop_old)
    return _changed(caller, lambda work: _webhooks(caller).rotated(work, name, drop_old=drop_old))


def _on(caller: Administers, name: str, said: Nothing | None = None) -> Response:
    """Tell it again what happens, from where it stood when it was switched off."""
    del said
    return _changed(caller, lambda work: _webhooks(caller).switched_on(work, name))


def _revoke(caller: Administers, name: str, said: Nothing | None = None) -> Response:
    """Tell it nothing any more, and forget its keys."""
    del said
    return _changed(caller, lambda work: _webhooks(caller).removed(work, name))


def _changed(caller: Caller, change: Callable[[Work], dict[str, Any]], *, status: int = 200) -> Response:
    def act(work: Work) -> dict[str, Any]:
        caller.require(Act.ADMINISTER)
        return change(work)

    return changed(caller, "webhook-changed", act, status=status, once=("secret",))


def _webhooks(caller: Caller) -> Webhooks:
    """Raises NotHere."""
    if caller.site.operator.webhooks is None:
        raise NotHere
    return caller.site.operator.webhooks
