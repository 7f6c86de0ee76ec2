"""Copying a whole register into an empty database, of the same kind or the other.

For work that must not touch the real one, and for moving house: from SQLite to PostgreSQL and back. Every row stays as
it is, so the log's chain holds in the copy as well. Who is at work at the moment is not copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, text, update

from store.errors import StoreError
from store.events import EventLog
from store.schema import chain, instances, leases, metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, Connection, Row, Table

    from store.database import Database

_AT_ONCE: Final = 1000
_COPIED: Final = tuple(table for table in metadata.sorted_tables if table not in {leases, instances})


class TargetNotEmpty(StoreError):
    """There is something already where the copy should lie."""

    code = "target-not-empty"

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The target holds a register already: there are rows in {table}.",
            remedy="Name a database that is empty; nothing was changed.",
        )


def copy_register(source: Database, target: Database, *, verify: bool = False) -> dict[str, int]:
    """Copy in one transaction; how many rows there are now, by table. *target* has its tables.

    1. Nothing may lie in the target but the first link of the chain. Raises TargetNotEmpty.
    2. Tables are copied in the order in which they refer to one another; what refers to its own table comes after it.
    3. The counters of the target go on behind the highest numbers.
    4. To *verify*, the log is walked through in the copy. Raises ChainBroken, and nothing is kept.
    """
    with source.reading() as reader, target.writing() as writer:
        _must_be_empty(writer)
        writer.execute(delete(chain))
        copied = {table.name: _copy(reader, writer, table) for table in _COPIED}
        if not target.is_sqlite:
            _go_on_counting(writer)
        if verify:
            EventLog(writer).verify()
    return copied


def _must_be_empty(writer: Connection) -> None:
    for table in _COPIED:
        if table is not chain and writer.execute(select(table).limit(1)).first() is not None:
            raise TargetNotEmpty(table.name)


def _copy(reader: Connection, writer: Connection, table: Table) -> int:
    inward = [key.parent for key in table.foreign_keys if key.column.table is table]
    late: list[Row[Any]] = []
    count = 0
    with reader.execute(select(table), execution_options={"yield_per": _AT_ONCE}) as found:
        for rows in found.partitions():
            count += len(rows)
            empty = dict.fromkeys(column.name for column in inward)
            writer.execute(insert(table), [{**row._mapping, **empty} for row in rows])  # noqa: SLF001 - public name
            late += [row for row in rows if any(getattr(row, name) is not None for name in empty)]
    if late:
        _refer(writer, table, inward, late)
    return count


def _refer(writer: Connection, table: Table, inward: Sequence[Column[Any]], rows: Sequence[Row[Any]]) -> None:
    """People name their managers, whatever the order."""
    (key,) = table.primary_key.columns
    statement = update(table).where(key == bindparam("of_key"))
    values = [{"of_key": getattr(row, key.name)} | {one.name: getattr(row, one.name) for one in inward} for row in rows]
    writer.execute(statement.values({one.name: bindparam(one.name) for one in inward}), values)


def _go_on_counting(writer: Connection) -> None:
    for table in _COPIED:
        column = table.autoincrement_column
        if column is None or not writer.execute(select(func.max(column))).scalar():
            continue
        last = f"SELECT max({column.name}) FROM {table.name}"  # noqa: S608 - our own names
        counter = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
        writer.execute(text(f"SELECT setval({counter}, ({last}))"))
