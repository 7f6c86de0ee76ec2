"""``disclosures``: what was handed over in confidence, under agreements that whoever asks may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query, Response

from engine import operations as ops
from engine.documents.relationship import disclosure_documents
from lifecycle.rights import Act
from store.queries.agreement_lists import agreement_by_id
from store.queries.assets import returns_of, seen_asset, seen_assets_of
from web.agreements.acts import standing_of
from web.agreements.missing import Missing
from web.agreements.said import at
from web.api.agreement_acts import operated, told
from web.api.answers import changed, item, items, some
from web.api.bodies import Because, Body, Day, Said, Text, texts
from web.api.caller import Reads, Registers
from web.api.holders import OnAgreements
from web.api.routing import get, post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from web.api.caller import Caller


class Create(Body):
    """*what* may be left out where *asset_id* names an asset."""

    agreement_id: Said
    given_on: Day
    what: Text = ""
    to: Text = ""
    asset_id: Text = ""


class Withdraw(Because):
    agreement_id: Said


class RequestReturn(Body):
    """*by_on*: by when; left out, in 30 days."""

    agreement_id: Said
    by_on: Day | None = None


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/disclosures", _listed, "Disclosure", many=True)
    get(made, "/disclosures/{agreement_id}/{disclosure_id}", _one, "Disclosure")
    post(made, "/disclosures", _create, "AgreementChanged", status=201)
    post(made, "/disclosures/{disclosure_id}/withdraw", _withdraw, "AgreementChanged")
    post(made, "/disclosures/{disclosure_id}/request-return", _request_return, "AgreementChanged")


def _listed(caller: Reads, asked: Annotated[OnAgreements, Query()]) -> Response:
    """By agreement."""
    with caller.look() as work:
        found = [(holder, one.id) for holder in asked.holders(caller, work) for one in holder.disclosures]
        page, following = some(found, lambda each: f"{each[0].id} {each[1]}", asked)
        documents = _documents(caller, work, [holder for holder, _ in page])
    return items(caller, "disclosures", [documents[holder.id, one] for holder, one in page], following)


def _one(caller: Reads, agreement_id: str, disclosure_id: str) -> Response:
    """One of them; its id is its agreement's own."""
    with caller.look() as work:
        holder = agreement_by_id(work, agreement_id, caller.person)
        found = _documents(caller, work, [holder]).get((holder.id, disclosure_id))
    if found is None:
        raise Missing("such disclosure", "List them by their agreement.")
    return item(caller, "disclosures", found)


def _create(caller: Registers, said: Create) -> Response:
    """Record it; one that nothing protects is recorded too, and said so."""

    def change(work: Work) -> dict[str, Any]:
        known = agreement_by_id(work, said.agreement_id, caller.person)
        caller.require(Act.REGISTER, standing_of(caller.person, known))
        with at("asset_id"):
            asset_id = seen_asset(work, said.asset_id, caller.person).asset.id if said.asset_id else None
        found = ops.disclose(work, known, given_on=said.given_on, what=said.what, to=said.to, asset_id=asset_id)
        document = told(caller, work, found.agreement, "disclose")
        return document | {"remarks": [*document["remarks"], *([found.warning] if found.warning else [])]}

    return changed(caller, "agreement-changed", change, status=201)


def _withdraw(caller: Registers, disclosure_id: str, said: Withdraw) -> Response:
    """It was recorded by mistake."""
    fields = texts(said) | {"disclosure": disclosure_id}
    return operated(caller, fields.pop("agreement_id"), "withdraw-disclosure", fields)


def _request_return(caller: Registers, disclosure_id: str, said: RequestReturn) -> Response:
    """Ask to have it back, or destroyed."""
    fields = texts(said) | {"disclosure": disclosure_id}
    return operated(caller, fields.pop("agreement_id"), "request-return", fields)


def _documents(caller: Caller, work: Work, holders: Sequence[Agreement]) -> dict[tuple[str, str], dict[str, Any]]:
    """All of these agreements, by agreement and their own id; what they need is asked once for all of them."""
    by_id = {one.id: one for one in holders}
    names = {one.asset.id: one.asset.name for one in seen_assets_of(work, by_id, caller.person)}
    owed = returns_of(work, by_id)
    found = {}
    for holder in by_id.values():
        whose = {"agreement_id": holder.id, "reference": holder.reference}
        for one in disclosure_documents(holder, owed[holder.id], names):
            found[holder.id, one["id"]] = {**one, **whose}
    return found
