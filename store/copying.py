"""Copying a whole register into an empty embedded database, for work that must not touch the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select

from store.schema import chain, metadata

if TYPE_CHECKING:
    from store.database import Database

_AT_ONCE: Final = 1000


def copy_register(source: Database, target: Database) -> None:
    """Every row of *source* as it is; *target* has its tables and nothing in them. SQLite only, as a target."""
    with source.reading() as reader, target.writing() as writer:
        writer.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # people name their managers, whatever the order
        writer.execute(delete(chain))
        for table in metadata.sorted_tables:
            for rows in reader.execution_options(yield_per=_AT_ONCE).execute(select(table)).mappings().partitions():
                writer.execute(insert(table), [dict(row) for row in rows])
