"""What the database itself refuses: changing or deleting rows of the append-only tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from lifecycle.chain import GENESIS
from store.schema import APPEND_ONLY, chain

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
_POSTGRES_FUNCTION = """CREATE FUNCTION longstop_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"""
_POSTGRES = """CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
FOR EACH ROW EXECUTE FUNCTION longstop_append_only()"""


def install(connection: Connection) -> None:
    """Put the triggers into a database whose tables were just made, and the first link of the chain."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(_POSTGRES_FUNCTION)
    for table in APPEND_ONLY:
        protect(connection, table)
    connection.execute(insert(chain).values(id=1, position=0, hash=GENESIS))


def protect(connection: Connection, table: str) -> None:
    """Let no row of an append-only table be changed or deleted any more."""
    template = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES
    for verb in ("update", "delete"):
        connection.exec_driver_sql(template.format(table=table, verb=verb, VERB=verb.upper()))
