"""Writing a row that may be there already, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table

    from store.session import Session


def upsert(session: Session, table: Table, row: dict[str, Any], *, key: Sequence[str]) -> None:
    """Keep *row*, in place of the one that has the same *key*."""
    maker = sqlite.insert if session.is_sqlite else postgresql.insert
    statement = maker(table).values(row)
    rest = {name: value for name, value in row.items() if name not in key}
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=rest))


def insert_new(session: Session, table: Table, row: dict[str, Any]) -> bool:
    """Keep *row* unless its key is taken; whether it was free."""
    maker = sqlite.insert if session.is_sqlite else postgresql.insert
    kept = maker(table).values(row).on_conflict_do_nothing().returning(*table.primary_key)
    return session.execute(kept).first() is not None  # a count of rows is not told by every driver
