"""Registers without rows, as many as a test wants: in memory, or on the PostgreSQL server of this run.

``fresh`` has all tables, ``nothing`` has none. On PostgreSQL a database that was ``let_go``, or whose register nobody
holds any more, is emptied and used again, since making one takes longer than most tests.
"""

import os
import weakref
from collections import deque
from functools import cache
from itertools import count

import pytest
from sqlalchemy import event, insert

from lifecycle.chain import GENESIS
from store.database import open_database, sqlite_url
from store.migrate import create
from store.schema import chain, metadata
from tests.support import postgres

_EMPTY = "SET LOCAL session_replication_role = replica; " + "; ".join(
    f"DELETE FROM {table.name}" for table in metadata.sorted_tables
)
_FILLED = " UNION ALL ".join(
    f"SELECT '{table.name}' AS name WHERE EXISTS (SELECT FROM {table.name})" for table in metadata.sorted_tables
)
_GO_ON_COUNTING = "SELECT " + ", ".join(
    f"setval(pg_get_serial_sequence('{table.name}', '{one.name}'), (SELECT max({one.name}) FROM {table.name}))"
    for table in metadata.sorted_tables
    if (one := table.autoincrement_column) is not None
)
_USES = 100  # of one database, before what was deleted from it slows it down
_free = deque()  # (URL, uses)
_lent_out = weakref.WeakKeyDictionary()  # engine -> how its database is given back
_engines, _compiled = {}, {}  # the first engine of each kind, and what was composed for it
_numbers = count(1)


def is_postgres():
    """Whether the tests of this run are to use PostgreSQL."""
    return postgres.FOLDER in os.environ


#: For tests of what only a register in a file can be or suffer.
in_a_file = pytest.mark.skipif(f"{postgres.FOLDER!r} in os.environ", reason="of SQLite's file alone")


def fresh():
    """A register with all its tables and no rows, for one process."""
    return _lent() if is_postgres() else in_memory()


def in_memory():
    """As ``fresh``, and never on PostgreSQL."""
    database = _opened("sqlite://")
    with database.engine.connect() as connection:
        connection.connection.driver_connection.deserialize(_image())
    return database


def in_file(folder):
    """As ``fresh``, in a file, and never on PostgreSQL."""
    (folder / "longstop.db").write_bytes(_image())
    return open_database(sqlite_url(folder / "longstop.db"))


def copied(database):
    """Another register, for one process, with the rows of a small one as they stand now."""
    twin = fresh()
    if is_postgres():
        _copy_rows(database, twin)
        return twin
    with database.engine.connect() as connection, twin.engine.connect() as other:
        other.connection.driver_connection.deserialize(connection.connection.driver_connection.serialize())
    return twin


def let_go(database):
    """Nobody needs it any more."""
    database.close()
    give_back = _lent_out.pop(database.engine, None)
    if give_back is not None:
        give_back()


def nothing():
    """A database without tables."""
    return open_database(made() if is_postgres() else "sqlite://")


def fresh_at(folder):
    """The URL of a register with all its tables, for several connections or processes."""
    if not is_postgres():
        in_file(folder).close()
        return sqlite_url(folder / "longstop.db")
    return made(_with_tables())


def made(like="template0"):
    """The URL of a new database on the server of this run, made *like* another one."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    folder = os.environ[postgres.FOLDER]
    with postgres.asked(folder) as ask:
        ask(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
    return postgres.url(folder, name)


def name_of(place):
    """The name of a database on the server of this run, from its URL."""
    return place.partition("@/")[2].partition("?")[0]


def refuse(connection, table, condition, *, event="INSERT"):
    """Let the database refuse new rows of a table of which a condition holds, until ``allow``."""
    if is_postgres():
        connection.exec_driver_sql("""CREATE OR REPLACE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE 'poisoned' USING ERRCODE = 'integrity_constraint_violation'; END $$""")
        then = f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION poison()"
    else:
        then = f"WHEN {condition} BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
    connection.exec_driver_sql(f"CREATE TRIGGER poison BEFORE {event} ON {table} {then}")


def refuse_change(connection, table, condition):
    """Let the database refuse changes after which a condition holds, until ``allow``."""
    refuse(connection, table, condition, event="UPDATE")


def allow(connection, table):
    """As it was before ``refuse``."""
    connection.exec_driver_sql("DROP TRIGGER poison" + (f" ON {table}" if is_postgres() else ""))


def unguard(connection, table):
    """Let rows of an append-only table be changed in this transaction, as somebody can who owns the database."""
    if is_postgres():
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return
    for verb in ("update", "delete"):
        connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")


def _opened(url):
    """Statements are composed once for all registers of this process, not once for each."""
    database = open_database(url)
    engine = _engines.setdefault(database.engine.dialect.name, database.engine)
    database.engine.dialect = engine.dialect
    database.engine.update_execution_options(compiled_cache=_compiled)
    return database


@cache
def _image():
    """The bytes of an empty register's file: making the tables takes longer than most tests."""
    database = open_database("sqlite://")
    create(database)
    with database.engine.connect() as connection:
        image = connection.connection.driver_connection.serialize()
    database.close()
    return image


def _lent():
    place, uses = _free.popleft() if _free else (made(_with_tables()), 0)
    database = _opened(place)
    connections = []
    event.listen(database.engine, "connect", lambda connection, _: connections.append(connection))
    url = database.engine.url.render_as_string()
    _lent_out[database.engine] = weakref.finalize(database.engine, _given_back, connections, url, uses + 1)
    if uses:
        _empty(database)
    return database


@cache
def _with_tables():
    """The name of a database to make others like it."""
    place = made()
    database = open_database(place)
    create(database)
    database.close()
    return name_of(place)


def _given_back(connections, place, uses):
    for connection in connections:
        connection.close()
    if uses < _USES:
        _free.append((place, uses))


def _empty(database):
    """No rows, and none of the triggers that ``refuse`` made and nobody took away."""
    with database.writing() as connection:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS poison() CASCADE")
        connection.exec_driver_sql(_EMPTY)
        connection.execute(insert(chain).values(id=1, position=0, hash=GENESIS))


def _copy_rows(database, twin):
    """As they lie in the tables, with nobody who checks or counts them."""
    with database.reading() as connection, twin.writing() as other:
        reads, writes = connection.connection.driver_connection, other.connection.driver_connection
        writes.execute("SET LOCAL session_replication_role = replica")
        writes.execute("DELETE FROM chain")
        for table in [name for (name,) in reads.execute(_FILLED, prepare=False)]:
            with (
                reads.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as rows,
                writes.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copies,
            ):
                for row in rows:
                    copies.write(row)
        writes.execute(_GO_ON_COUNTING, prepare=False)
