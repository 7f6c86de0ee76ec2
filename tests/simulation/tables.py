"""Which tables are written, so that nothing has to be asked again that cannot have changed.

A table has a version, which grows with every statement that might write it. A statement touches the tables whose names
are words in it: rather one too many than one too few. What is said is heard at the driver, where all ways lead, and the
engine of SQLAlchemy has no listener: with one, the store would not speak as it does in production.
"""

import re
import sqlite3
from collections import defaultdict
from contextlib import contextmanager
from functools import lru_cache

import psycopg
from sqlalchemy import event

from store.schema import metadata

_WORD = re.compile(r"\w+")
_HARMLESS = ("SELECT", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "NOTIFY", "PRAGMA")


class Tables:
    """Listens to all that an engine says; to be made before its first connection."""

    def __init__(self, engine):
        self.versions = defaultdict(int)
        self._read = None
        heard = _sqlite_heard(self._heard) if engine.dialect.name == "sqlite" else _postgres_heard(self._heard)

        @event.listens_for(engine, "do_connect")
        def connect(_dialect, _record, _positional, named):
            named |= heard

    @contextmanager
    def reading(self):
        """Collect the names of the tables that are read meanwhile."""
        self._read = set()
        try:
            yield self._read
        finally:
            self._read = None

    def versions_of(self, names):
        return tuple(self.versions[name] for name in names)

    def all_written(self):
        """Past the driver."""
        for name in metadata.tables:
            self.versions[name] += 1

    def _heard(self, statement):
        names, is_harmless = _said(statement)
        if not is_harmless:
            for name in names:
                self.versions[name] += 1
        elif self._read is not None:
            self._read |= names


@lru_cache(4096)
def _said(statement):
    return frozenset(_WORD.findall(statement)) & metadata.tables.keys(), statement.lstrip().startswith(_HARMLESS)


def _sqlite_heard(hear):
    class Cursor(sqlite3.Cursor):
        def execute(self, statement, *values):
            hear(statement)
            return super().execute(statement, *values)

        def executemany(self, statement, rows):
            hear(statement)
            return super().executemany(statement, rows)

    class Connection(sqlite3.Connection):
        def cursor(self, factory=Cursor):
            return super().cursor(factory)

        def execute(self, statement, *values):
            return self.cursor().execute(statement, *values)

    return {"factory": Connection}


def _postgres_heard(hear):
    class Cursor(psycopg.Cursor):
        def execute(self, query, *values, **said):
            hear(query if isinstance(query, str) else query.decode())
            return super().execute(query, *values, **said)

        def executemany(self, query, *values, **said):
            hear(query if isinstance(query, str) else query.decode())
            return super().executemany(query, *values, **said)

    return {"cursor_factory": Cursor}
