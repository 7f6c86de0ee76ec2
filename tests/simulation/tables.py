"""Which tables are written, so that nothing has to be asked again that cannot have changed.

A table has a version, which grows with every statement that might write it. A statement touches the tables whose names
are words in it: rather one too many than one too few.
"""

import re
from collections import defaultdict
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import event

from store.schema import metadata

_WORD = re.compile(r"\w+")
_HARMLESS = ("SELECT", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "NOTIFY", "PRAGMA")


class Tables:
    """Listens to all that is said on an engine."""

    def __init__(self, engine):
        self.versions = defaultdict(int)
        self._read = None
        event.listen(engine, "before_cursor_execute", self._heard)

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

    def _heard(self, _connection, _cursor, statement, *_):
        names, is_harmless = _said(statement)
        if not is_harmless:
            for name in names:
                self.versions[name] += 1
        elif self._read is not None:
            self._read |= names


@lru_cache(4096)
def _said(statement):
    return frozenset(_WORD.findall(statement)) & metadata.tables.keys(), statement.startswith(_HARMLESS)
