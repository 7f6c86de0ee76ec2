"""``tokens``: everybody's own; an admin's are everybody's. What opens is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Response
from pydantic import Field

from engine.access.tokens import create_token, revoke_token
from engine.documents.people import token_row
from lifecycle.rights import Act, Forbidden
from web.agreements.missing import Missing
from web.agreements.said import somebody
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Body, Day, Nothing, Said, Text
from web.api.caller import Administers, Caller, Reads
from web.api.routing import get, post

if TYPE_CHECKING:
    from fastapi import APIRouter

    from engine.monitor import Work
    from store.entering import TokenRow


class Create(Body):
    """For whom, what for, and until when; without *person* for whoever asks."""

    person: Text = ""
    scopes: Annotated[tuple[Said, ...], Field(min_length=1, max_length=10)]
    expires_on: Day
    name: Text = ""


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/tokens", _listed, "Token", many=True)
    get(made, "/tokens/{token_id}", _one, "Token")
    post(made, "/tokens", _create, "TokenChanged", status=201)
    post(made, "/tokens/{token_id}/revoke", _revoke, "TokenChanged")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By when they were made."""
    with caller.look() as work:
        page, following = some(_seen(work, caller), lambda one: f"{one.created_at.isoformat()} {one.id}", asked)
        return items(caller, "tokens", [token_row(work, one) for one in page], following)


def _one(caller: Reads, token_id: str) -> Response:
    """One of them."""
    with caller.look() as work:
        return item(caller, "tokens", token_row(work, _known(work, caller, token_id)))


def _create(caller: Administers, said: Create) -> Response:
    """Make one; a token makes none that is for more than itself."""

    def change(work: Work) -> dict[str, Any]:
        person = somebody(work, "person", said.person) if said.person else caller.person
        if person.id != caller.person.id:
            caller.require(Act.ADMINISTER)
        if more := sorted(set(said.scopes) - caller.scopes):
            raise Forbidden(f"This token is not for {more[0]}.", remedy="Ask for no more than it is for.")
        made = create_token(work, person, said.scopes, said.expires_on, name=said.name)
        told = {"result": "created", "token": made.text, "is_dry_run": caller.is_dry_run}
        return {**token_row(work, made.row), **told}

    return changed(caller, "token-changed", change, status=201, once=("token",))


def _revoke(caller: Administers, token_id: str, said: Nothing | None = None) -> Response:
    """It opens nothing any more."""
    del said

    def change(work: Work) -> dict[str, Any]:
        _known(work, caller, token_id)
        told = {"result": "revoked", "token": None, "is_dry_run": caller.is_dry_run}
        return {**token_row(work, revoke_token(work, token_id)), **told}

    return changed(caller, "token-changed", change)


def _seen(work: Work, caller: Caller) -> list[TokenRow]:
    return work.entering.tokens(None if caller.may(Act.ADMINISTER) else caller.person.id)


def _known(work: Work, caller: Caller, token_id: str) -> TokenRow:
    for one in _seen(work, caller):
        if one.id == token_id:
            return one
    raise Missing("such token", "List them.")
