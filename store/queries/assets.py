"""Assets as somebody may see them: what only agreements cover that they may not see is not there for them (R2)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from lifecycle.milestones.milestone import MilestoneKind
from store.agreements import key_of
from store.errors import NotFound
from store.queries import visible
from store.schema import milestones
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.assets.asset import Asset
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork


class SeenAsset(NamedTuple):
    """An asset, and those of the agreements that cover it which may be seen."""

    asset: Asset
    agreements: tuple[Agreement, ...]


class AssetPage(NamedTuple):
    """Some assets by name; *following* is behind what the next ones come, "" where there are none."""

    rows: tuple[SeenAsset, ...]
    following: str


def seen_assets(work: UnitOfWork, person: Person | None = None) -> list[SeenAsset]:
    """All assets that *person* may see and that are still watched, by name; None sees all."""
    return _seen(work, (one for one in work.assets.all() if not one.is_retired), person)


def asset_page(work: UnitOfWork, person: Person | None, *, after: str = "", limit: int) -> AssetPage:
    """The next so many of ``seen_assets``; *after* is what the page before has said."""
    found: list[SeenAsset] = []
    after = key_of(after).replace("\0", "")  # which PostgreSQL takes in no text
    while len(found) <= limit:
        read = work.assets.behind(after, limit + 1)
        found += _seen(work, (one for one in read if not one.is_retired), person)
        if len(read) <= limit:
            break
        after = key_of(read[-1].name)
    is_more = len(found) > limit
    return AssetPage(tuple(found[:limit]), key_of(found[limit - 1].asset.name) if is_more else "")


def assets_of(work: UnitOfWork, agreements: Iterable[Agreement]) -> list[Asset]:
    """The assets that are still watched and that any of *agreements* covers: all of those may be seen."""
    return [one for one in work.assets.covered_by(each.id for each in agreements) if not one.is_retired]


def seen_assets_of(work: UnitOfWork, agreement_ids: Iterable[str], person: Person | None = None) -> list[SeenAsset]:
    """Those that any of these agreements covers."""
    return _seen(work, (one for one in work.assets.covered_by(agreement_ids) if not one.is_retired), person)


def seen_asset(work: UnitOfWork, name: str, person: Person | None = None) -> SeenAsset:
    """The asset of this name or id. Raises NotFound, also for one that may not be seen."""
    known = work.assets.named(name)
    found = _seen(work, [known if known is not None else work.assets.get(name)], person)
    if not found:
        raise NotFound("asset", name, remedy="List them.", command="longstop asset list")
    return found[0]


def returns_of(work: UnitOfWork, agreement_ids: Iterable[str]) -> dict[str, list[Milestone]]:
    """The milestones by which something has to come back, by agreement, in one question for all of them."""
    found: dict[str, list[Milestone]] = defaultdict(list)
    for chunk in chunks(list(dict.fromkeys(agreement_ids))):
        mine = milestones.c.agreement_id.in_(chunk) & (milestones.c.kind == MilestoneKind.RETURN.value)
        ids = list(work.session.execute(select(milestones.c.id).where(mine)).scalars())
        for row in work.milestones.many(ids).values():
            found[row.key.holder].append(row)
    return found


def _seen(work: UnitOfWork, found: Iterable[Asset], person: Person | None) -> list[SeenAsset]:
    listed = list(found)
    known = work.agreements.many(one for asset in listed for one in asset.agreements)
    may_see = visible(person)
    told = []
    for asset in listed:
        covering = [known[one] for one in asset.agreements if one in known]
        seen = tuple(one for one in covering if may_see(one))
        if seen or not covering:
            told.append(SeenAsset(asset, seen))
    return told
