"""``counterparties``: the other sides of what whoever asks may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response

from store.queries.counterparty_lists import counterparties_seen
from web.agreements.missing import Missing
from web.api.answers import Paged, item, items, some
from web.api.bodies import Text
from web.api.caller import Reads
from web.api.routing import get

if TYPE_CHECKING:
    from fastapi import APIRouter

    from store.queries.counterparty_lists import CounterpartyRow


class Listing(Paged):
    """Which; a part of the name narrows."""

    named: Text = ""


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/counterparties", _listed, "Counterparty", many=True)
    get(made, "/counterparties/{counterparty_id}", _one, "Counterparty")


def _listed(caller: Reads, asked: Annotated[Listing, Query()]) -> Response:
    """By name, each with how many agreements."""
    with caller.look() as work:
        found = counterparties_seen(work, caller.person, named=asked.named)
    page, following = some(found, lambda one: f"{one.name.casefold()}\n{one.id}", asked)
    return items(caller, "counterparties", [_document(one) for one in page], following)


def _one(caller: Reads, counterparty_id: str) -> Response:
    """One of them."""
    with caller.look() as work:
        for one in counterparties_seen(work, caller.person):
            if one.id == counterparty_id:
                return item(caller, "counterparties", _document(one))
    raise Missing("such counterparty", "Look for it among the counterparties.")


def _document(one: CounterpartyRow) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "agreements": one.agreements}
