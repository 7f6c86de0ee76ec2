"""Assets, and which agreements cover them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from lifecycle.assets.asset import Asset
from store.agreements import key_of
from store.codec import dumps, loads
from store.errors import NotFound
from store.schema import asset_agreements, assets
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.session import Session


class Assets:
    """All assets, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def get(self, asset_id: str) -> Asset:
        """The asset with this id. Raises NotFound."""
        doc = self._session.execute(select(assets.c.doc).where(assets.c.id == asset_id)).scalar()
        if doc is None:
            raise NotFound("asset", asset_id, remedy="List them.", command="longstop asset list")
        return loads(doc, Asset)

    def named(self, name: str) -> Asset | None:
        """The asset of this name, ignoring case and blanks; None if there is none."""
        doc = self._session.execute(select(assets.c.doc).where(assets.c.name_key == key_of(name))).scalar()
        return None if doc is None else loads(doc, Asset)

    def all(self) -> list[Asset]:
        """Every asset, by name."""
        return [
            loads(doc, Asset)
            for doc in self._session.execute(select(assets.c.doc).order_by(assets.c.name_key)).scalars()
        ]

    def behind(self, name_key: str, most: int) -> list[Asset]:
        """The first assets whose name, in the form of ``key_of``, comes behind this one."""
        next_ones = select(assets.c.doc).where(assets.c.name_key > name_key).order_by(assets.c.name_key).limit(most)
        return [loads(doc, Asset) for doc in self._session.execute(next_ones).scalars()]

    def covered_by(self, agreement_ids: Iterable[str]) -> list[Asset]:
        """The assets that any of these agreements covers, by name."""
        found: dict[str, Asset] = {}
        for chunk in chunks(list(dict.fromkeys(agreement_ids))):
            statement = (
                select(assets.c.doc)
                .join(asset_agreements, asset_agreements.c.asset_id == assets.c.id)
                .where(asset_agreements.c.agreement_id.in_(chunk))
            )
            found.update(
                {one.id: one for one in (loads(doc, Asset) for doc in self._session.execute(statement).scalars())}
            )
        return sorted(found.values(), key=lambda one: key_of(one.name))

    def add(self, asset: Asset) -> None:
        """Keep a new asset."""
        self._session.execute(insert(assets), [{"id": asset.id, **_row(asset)}])
        self._keep_agreements(asset)

    def save(self, asset: Asset) -> None:
        """Keep new facts of a known asset."""
        self._session.execute(update(assets).where(assets.c.id == asset.id).values(**_row(asset)))
        self._session.execute(delete(asset_agreements).where(asset_agreements.c.asset_id == asset.id))
        self._keep_agreements(asset)

    def _keep_agreements(self, asset: Asset) -> None:
        rows = [{"asset_id": asset.id, "agreement_id": one} for one in asset.agreements]
        if rows:
            self._session.execute(insert(asset_agreements), rows)


def _row(asset: Asset) -> dict[str, str]:
    return {
        "name": asset.name,
        "name_key": key_of(asset.name),
        "kind": asset.kind.value,
        "ownership": asset.ownership.value,
        "doc": dumps(asset),
    }
