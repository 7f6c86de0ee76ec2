"""Assets come into the register, are changed, and are covered by agreements."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from lifecycle.amending import said
from lifecycle.events import AssetAdded, AssetChanged, FieldChange
from store.errors import AlreadyThere

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.assets import Asset


def add_asset(work: Work, asset: Asset) -> Asset:
    """Take an asset into the register; its id is found here. Raises AlreadyThere for a name that is taken."""
    _must_be_free(work, asset)
    known = replace(asset, id=asset.id or work.new_id(), name=" ".join(asset.name.split()))
    work.assets.add(known)
    work.record(AssetAdded(asset_id=known.id, name=known.name, agreements=known.agreements))
    return known


def change_asset(work: Work, new: Asset, *, because: str) -> Asset:
    """Replace the facts of a known asset; the same facts are no event. Raises NotFound, AlreadyThere."""
    old = work.assets.get(new.id)
    changes = tuple(
        FieldChange(field.name, said(getattr(old, field.name)), said(getattr(new, field.name)))
        for field in fields(old)
        if getattr(old, field.name) != getattr(new, field.name)
    )
    if not changes:
        return old
    _must_be_free(work, new)
    work.assets.save(new)
    work.record(AssetChanged(asset_id=new.id, because=because, changes=changes))
    return new


def _must_be_free(work: Work, asset: Asset) -> None:
    known = work.assets.named(asset.name)
    if known is not None and known.id != asset.id:
        raise AlreadyThere("asset", asset.name, remedy="Give it another name, or change the one that is there.")
