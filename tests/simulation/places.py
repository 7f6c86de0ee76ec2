"""Where registers of a simulation lie: in memory, or on the PostgreSQL server of this run; one in each process.

A register is filled once and put back before each run; the statements that were compiled for its database are kept.
A *driver* is a connection past the engine, to look at rows and to break them.
"""

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import psycopg

from store.backup import doubt
from store.database import Database, open_database
from store.migrate import create
from store.schema import metadata
from tests.simulation.tables import Tables
from tests.support import databases

_TIDIED_EVERY = 25  # runs: what was deleted makes tables slow


@cache
def usual():
    """Where the registers of this run lie."""
    return OnServer() if databases.is_postgres() else in_memory()


@cache
def in_memory():
    return InMemory()


class InMemory:
    """The default."""

    name = "sqlite"

    def __init__(self):
        self.database = _Standing(open_database("sqlite://").engine)
        self.tables = Tables(self.database.engine)
        self._filled = {}

    def filled(self, name, fill):
        """The database with the rows that *fill* has made the first time, and nothing else."""
        if name not in self._filled:
            self._filled[name] = open_database("sqlite://")
            create(self._filled[name])
            fill(self._filled[name])
        _driver_of(self._filled[name]).backup(_driver_of(self.database))
        return self.database

    def ask(self, statement, *values):
        return _driver_of(self.database).execute(statement, values).fetchall()

    def backup(self):
        """All rows as they are now."""
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        _driver_of(self.database).backup(copy)
        return copy

    def restore(self, copy, *, made_at, now):
        """The rows of a copy, made ready to be worked on as a restore makes them."""
        copy.backup(_driver_of(self.database))
        with self.database.writing() as connection:
            doubt(connection, made_at=made_at, now=now)
        self.tables.all_written()

    def change_schema(self, statements):
        """Until the next run."""
        _driver_of(self.database).executescript(statements)


@dataclass(frozen=True, slots=True)
class _Standing(Database):
    """The same transactions on connections that are never given back: an eighth of a run's time."""

    _connections: dict = field(default_factory=dict)

    @contextmanager
    def _begun(self, kind):
        if kind not in self._connections:
            self._connections[kind] = self.engine.connect().execution_options(longstop_kind=kind)
        with self._connections[kind].begin():
            yield self._connections[kind]


class OnServer:
    """A database of its own on a server that waits for no disk."""

    name = "postgres"
    backup = None  # a restored register is a SQLite file

    def __init__(self):
        place = databases.made()
        self.database = open_database(place)
        self.tables = Tables(self.database.engine)
        create(self.database)
        self._driver = psycopg.connect(place, autocommit=True)
        self._filled, self._last, self._runs = {}, None, 0

    def filled(self, name, fill):
        """As in memory; only tables that were written since are put back."""
        if name not in self._filled:
            self._put_back("nothing")
            fill(self.database)
            self._keep(name)
        self._put_back(name)
        return self.database

    def ask(self, statement, *values):
        found = self._driver.execute(statement.replace("?", "%s").encode(), values)
        return found.fetchall() if found.description else []

    def _put_back(self, name):
        if name not in self._filled:
            self._keep(name)
        self._runs += 1
        if self._runs % _TIDIED_EVERY == 0:
            self._driver.execute("VACUUM")
        versions = self._versions()
        written = [table for table in _NAMES if self._last is None or self._last[1][table] != versions[table]]
        put_back = _NAMES if self._last is None or self._last[0] != name else written
        rows = [f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {name}.{table}" for table in put_back]
        said = "; ".join(
            ["BEGIN", "SET LOCAL session_replication_role = replica", *rows, *self._filled[name], "COMMIT"]
        )
        self._driver.execute(said.encode())
        self._last = (name, versions)

    def _keep(self, name):
        """All rows in a schema of this name, and where its counters stand."""
        tables = "; ".join(f"CREATE TABLE {name}.{table} AS TABLE {table}" for table in _NAMES)
        self._driver.execute(f"CREATE SCHEMA {name}; {tables}".encode())
        counters = self._driver.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname='public'")
        self._filled[name] = [
            f"SELECT setval('{counter}', {last or 1}, {last is not None})" for counter, last in counters.fetchall()
        ]

    def _versions(self):
        return {table: self.tables.versions[table] for table in _NAMES}


_NAMES = [table.name for table in metadata.sorted_tables]


def _driver_of(database):
    """The one connection of a database in memory."""
    return database.engine.raw_connection().driver_connection
