"""Assets come into the register, are changed, retired, and are covered by agreements."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from engine.licences import keep_in_step
from lifecycle.agreements.amending import said
from lifecycle.errors import LifecycleError
from lifecycle.events import AssetAdded, AssetChanged, FieldChange
from store.errors import AlreadyThere

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.assets.asset import Asset


class AssetRefused(LifecycleError):
    """Facts of an asset that cannot be."""

    code = "refused"


def add_asset(work: Work, asset: Asset) -> Asset:
    """Take an asset into the register; its id is found here.

    Raises AlreadyThere for a name that is taken, AssetRefused for facts that cannot be.
    """
    known = _normal(replace(asset, id=asset.id or work.new_id()))
    _must_be_sound(known)
    _must_be_free(work, known)
    work.assets.add(known)
    work.record(AssetAdded(asset_id=known.id, name=known.name, agreements=known.agreements))
    keep_in_step(work, known)
    return known


def change_asset(work: Work, new: Asset, *, because: str) -> Asset:
    """Replace the facts of a known asset; the same facts are no event. Raises NotFound, AlreadyThere, AssetRefused."""
    old, new = work.assets.get(new.id), _normal(new)
    changes = tuple(
        FieldChange(field.name, said(getattr(old, field.name)), said(getattr(new, field.name)))
        for field in fields(old)
        if getattr(old, field.name) != getattr(new, field.name)
    )
    if not changes:
        return old
    _must_be_sound(new)
    _must_be_free(work, new)
    work.assets.save(new)
    work.record(AssetChanged(asset_id=new.id, because=because, changes=changes))
    keep_in_step(work, new, old)
    return new


def retire_asset(work: Work, asset_id: str, *, because: str) -> Asset:
    """It is gone, or nobody has to watch it any more: it stays as *retired*, and owes nothing. Raises NotFound."""
    if not because.strip():
        raise AssetRefused("It is not said why it is retired.", remedy="Say why.", command="--because TEXT")
    known = work.assets.get(asset_id)
    if known.is_retired:
        return known
    name = f"{known.name} (retired {known.id})"  # its name is free for another
    return change_asset(work, replace(known, name=name, retired_because=because.strip()), because=because.strip())


def _normal(asset: Asset) -> Asset:
    return replace(asset, name=" ".join(asset.name.split()), agreements=tuple(dict.fromkeys(asset.agreements)))


def _must_be_sound(asset: Asset) -> None:
    if not asset.name:
        raise AssetRefused("The asset has no name.", remedy="Say in a few words what it is.")
    licence = asset.licence
    if licence and licence.ends_on and licence.fee_due_on and licence.fee_due_on > licence.ends_on:
        sentence = f"The fee is first due on {licence.fee_due_on}, after the licence has ended on {licence.ends_on}."
        raise AssetRefused(sentence, remedy="Correct one of the two days.")
    if licence and licence.fee_every and (licence.fee_due_on is None or licence.fee_every.is_zero):
        raise AssetRefused("It is not said when the fee is first due.", remedy="Give the first day.")


def _must_be_free(work: Work, asset: Asset) -> None:
    known = work.assets.named(asset.name)
    if known is not None and known.id != asset.id:
        raise AlreadyThere("asset", asset.name, remedy="Give it another name, or change the one that is there.")
