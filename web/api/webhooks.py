"""``webhooks``: the programs that are told what happens. They are made on the command line, which shows their key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Response

from engine.documents.webhooks import webhook_document
from lifecycle.rights import Act
from web.api.answers import Pages, item, items, some
from web.api.caller import Reads
from web.api.routing import get

if TYPE_CHECKING:
    from fastapi import APIRouter


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/webhooks", _listed, "Webhook", many=True)
    get(made, "/webhooks/{name}", _one, "Webhook")


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
