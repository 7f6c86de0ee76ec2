"""How fast channels may be, for all workers together: one row per pace, locked while one is taken."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from lifecycle.pacing import Bucket
from store.schema import buckets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from store.session import Session


class Buckets:
    """All buckets, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def locked(self, names: Sequence[str], now: datetime) -> dict[str, Bucket]:
        """The buckets of these names, locked until commit in one order for all; full ones where there are none."""
        found = self._read(names)
        missing = [name for name in names if name not in found]
        if missing:
            rows = [{"name": name, "full_at": now} for name in sorted(missing)]
            maker = sqlite.insert if self._session.is_sqlite else postgresql.insert
            self._session.execute(maker(buckets).on_conflict_do_nothing(index_elements=["name"]), rows)
            found = self._read(names)
        return found

    def save(self, changed: Iterable[Bucket]) -> None:
        """Keep what was taken."""
        for one in changed:
            values: dict[str, Any] = asdict(one)
            self._session.execute(update(buckets).where(buckets.c.name == values.pop("name")).values(values))

    def _read(self, names: Sequence[str]) -> dict[str, Bucket]:
        statement = select(buckets).where(buckets.c.name.in_(names)).order_by(buckets.c.name).with_for_update()
        rows = self._session.execute(statement)
        return {
            row.name: Bucket(
                name=row.name, full_at=row.full_at, line_at=row.line_at, blocked_until=row.blocked_until
            )
            for row in rows
        }  # fmt: skip
