"""``assets``: what is worth protecting, as far as whoever asks may see what covers it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Response
from pydantic import Field

from engine import operations as ops
from engine.asset_rights import covering, must_be_theirs
from engine.documents.relationship import asset_document
from engine.intake.money import money_said
from lifecycle.assets.asset import Asset, AssetKind, Licence, Ownership
from lifecycle.errors import LifecycleError
from store.queries.assets import seen_asset, seen_assets
from web.agreements.said import FormRefused
from web.agreements.said import Said as Texts
from web.api.answers import Pages, changed, item, items, some
from web.api.bodies import Because, Body, Day, Said, Text
from web.api.caller import Reads, Registers
from web.api.routing import get, post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import APIRouter

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Money
    from lifecycle.days.periods import Period
    from web.api.caller import Caller

_Names = Annotated[list[Said], Field(max_length=200)]


class LicenceSaid(Body):
    """Under what it is used; *fee* with its currency, such as EUR 1,200."""

    from_whom: Text = ""
    ends_on: Day | None = None
    fee: Text = ""
    fee_due_on: Day | None = None
    fee_every: Text = ""


class Facts(Body):
    """What is left out stays as it is; *agreements* are references, *licence* null takes it away."""

    kind: AssetKind | None = None
    ownership: Ownership | None = None
    holders: _Names | None = None
    agreements: _Names | None = None
    licence: LicenceSaid | None = None
    note: Text | None = None


class Create(Facts):
    name: Said
    kind: AssetKind


class Amend(Facts, Because):
    name: Said | None = None


def routes(made: APIRouter) -> None:
    """See the module."""
    get(made, "/assets", _listed, "Asset", many=True)
    get(made, "/assets/{asset_id}", _one, "Asset")
    post(made, "/assets", _create, "Asset", status=201)
    post(made, "/assets/{asset_id}/amend", _amend, "Asset")
    post(made, "/assets/{asset_id}/retire", _retire, "Asset")


def _listed(caller: Reads, asked: Pages) -> Response:
    """By name."""
    with caller.look() as work:
        found = seen_assets(work, caller.person)
    page, following = some(found, lambda one: f"{one.asset.name.casefold()}\n{one.asset.id}", asked)
    return items(caller, "assets", [asset_document(one) for one in page], following)


def _one(caller: Reads, asset_id: str) -> Response:
    """One of them, by its id."""
    with caller.look() as work:
        return item(caller, "asset", asset_document(seen_asset(work, asset_id, caller.person)))


def _create(caller: Registers, said: Create) -> Response:
    """Take it into the register."""

    def change(work: Work) -> dict[str, Any]:
        ids = _ids(caller, work, said.agreements or ())
        must_be_theirs(work, caller.person, ids)
        made = _laid_over(Asset(id="", name=said.name, kind=said.kind, agreements=ids), said)
        return _told(caller, work, ops.add_asset(work, made).id)

    return changed(caller, "asset", change, status=201)


def _amend(caller: Registers, asset_id: str, said: Amend) -> Response:
    """Change facts of it."""

    def change(work: Work) -> dict[str, Any]:
        known = seen_asset(work, asset_id, caller.person).asset
        ids = known.agreements
        if said.agreements is not None:
            ids = covering(work, caller.person, known, _ids(caller, work, said.agreements))
        must_be_theirs(work, caller.person, known.agreements, ids)
        new = replace(_laid_over(known, said), name=said.name or known.name, agreements=ids)
        return _told(caller, work, ops.change_asset(work, new, because=said.because).id)

    return changed(caller, "asset", change)


def _retire(caller: Registers, asset_id: str, said: Because) -> Response:
    """It is watched no longer."""

    def change(work: Work) -> dict[str, Any]:
        known = seen_asset(work, asset_id, caller.person).asset
        must_be_theirs(work, caller.person, known.agreements)
        return _told(caller, work, ops.retire_asset(work, known.id, because=said.because).id)

    return changed(caller, "asset", change)


def _laid_over(base: Asset, said: Facts) -> Asset:
    return replace(
        base,
        kind=said.kind or base.kind,
        ownership=said.ownership or base.ownership,
        holders=base.holders if said.holders is None else tuple(said.holders),
        licence=_licence(said.licence) if "licence" in said.model_fields_set else base.licence,
        note=base.note if said.note is None else said.note,
    )


def _licence(said: LicenceSaid | None) -> Licence | None:
    if said is None:
        return None
    return Licence(
        from_whom=said.from_whom,
        ends_on=said.ends_on,
        fee=_fee(said.fee) if said.fee else None,
        fee_due_on=said.fee_due_on,
        fee_every=_length(said.fee_every),
    )


def _length(text: str) -> Period | None:
    said = Texts({"licence": text})
    found = said.length("licence")
    said.check()
    return found


def _fee(text: str) -> Money:
    found = money_said(text)
    if found is None:
        raise FormRefused({"licence": "Write the fee with its currency, such as EUR 1,200."})
    return found


def _ids(caller: Caller, work: Work, references: Sequence[str]) -> tuple[str, ...]:
    found = []
    for one in references:
        try:
            found.append(caller.queries(work).agreement(one).id)
        except LifecycleError:
            raise FormRefused({"agreements": f"There is no agreement {one}."}) from None
    return tuple(dict.fromkeys(found))


def _told(caller: Caller, work: Work, asset_id: str) -> dict[str, Any]:
    return asset_document(seen_asset(work, asset_id, caller.person))
