"""``counterparties``: the other sides of what whoever asks may see, and whom a ladder asks there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response
from pydantic import Field

from engine import operations as ops
from engine.documents.people import contact_row
from lifecycle.rights import Act
from store.queries.counterparty_lists import counterparties_seen, counterparty_named, is_counterparty_seen
from web.agreements.missing import Missing
from web.api.answers import Paged, Pages, changed, item, items, some
from web.api.bodies import Body, Said, Text
from web.api.caller import Reads, Registers
from web.api.routing import get, post

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import APIRouter

    from engine.monitor import Work
    from store.queries.counterparty_lists import CounterpartyRow
    from web.api.caller import Caller


class Listing(Paged):
    """Which; a part of the name narrows."""

    named: Text = ""


class EndContact(Body):
    """*name* is what playbooks say behind ``counterparty:``."""

    name: Said


class NameContact(EndContact):
    email: Annotated[Said, Field(max_length=320)]
    person: Annotated[Text, Field(max_length=100)] = ""


class AmendContact(EndContact):
    """What is left out stays as it is; null forgets what they are called."""

    email: Annotated[Said, Field(max_length=320)] | None = None
    person: Annotated[Text, Field(max_length=100)] | None = None


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/counterparties", _listed, "Counterparty", many=True)
    get(made, "/counterparties/{counterparty_id}", _one, "Counterparty")
    get(made, "/counterparties/{counterparty_id}/contacts", _contacts, "Contact", many=True)
    post(made, "/counterparties/{counterparty_id}/contacts", _name, "Contact", status=201)
    post(made, "/counterparties/{counterparty_id}/contacts/amend", _amend, "Contact")
    post(made, "/counterparties/{counterparty_id}/contacts/end", _end, "Contact")


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


def _contacts(caller: Reads, counterparty_id: str, asked: Pages) -> Response:
    """Whom a ladder asks there, by the name that playbooks say."""
    with caller.look() as work:
        _called(work, caller, counterparty_id)
        page, following = some(work.contacts.of(counterparty_id), lambda one: one.name.casefold(), asked)
    return items(caller, "contacts", [contact_row(one) for one in page], following)


def _name(caller: Registers, counterparty_id: str, said: NameContact) -> Response:
    """Say who is asked by a name that nobody has yet."""

    def change(work: Work, called: str) -> dict[str, Any]:
        return contact_row(ops.add_contact(work, called, **said.model_dump()))

    return _changed(caller, counterparty_id, change, status=201)


def _amend(caller: Registers, counterparty_id: str, said: AmendContact) -> Response:
    """Another address, or another person, behind a name."""

    def change(work: Work, called: str) -> dict[str, Any]:
        known = ops.contact_called(work, called, said.name)
        if known is None:
            raise Missing("such contact", "List those of the counterparty.")
        person = (said.person or "") if "person" in said.model_fields_set else known.person
        told = ops.name_contact(work, called, name=known.name, email=said.email or known.email, person=person)
        return contact_row(told)

    return _changed(caller, counterparty_id, change)


def _end(caller: Registers, counterparty_id: str, said: EndContact) -> Response:
    """Nobody is asked by that name any more: the owner is asked to pass it on."""

    def change(work: Work, called: str) -> dict[str, Any]:
        ops.drop_contact(work, called, name=said.name)
        return {"name": said.name, "email": None, "person": None}

    return _changed(caller, counterparty_id, change)


def _changed(
    caller: Caller, counterparty_id: str, change: Callable[[Work, str], dict[str, Any]], *, status: int = 200
) -> Response:
    def acted(work: Work) -> dict[str, Any]:
        caller.require(Act.REGISTER)
        return change(work, _called(work, caller, counterparty_id))

    return changed(caller, "contact", acted, status=status)


def _called(work: Work, caller: Caller, counterparty_id: str) -> str:
    """Its name. Raises Missing where nothing of it is seen."""
    if not is_counterparty_seen(work, caller.person, counterparty_id):
        raise Missing("such counterparty", "Look for it among the counterparties.")
    return counterparty_named(work, counterparty_id)
