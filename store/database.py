"""Opening the database, and the three kinds of transaction.

1. *Reading*: one consistent view.
2. *Writing*: nobody else writes meanwhile, so what was read still holds when it is written. On SQLite BEGIN IMMEDIATE,
   on PostgreSQL an advisory lock.
3. *Writing side by side*: for the few transactions that take the rows they change for themselves (claim, gate, settle,
   raise). On PostgreSQL many of them run at once, and none while somebody writes in the second way; on SQLite there is
   one writer anyway.

Every commit is durable (SQLite: WAL, ``synchronous=FULL``). Whoever waits for a lock gives up after ten seconds.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from store import disk
from store.errors import DriverMissing
from store.prepared import say
from store.troubles import told_clearly
from store.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine

PATIENCE: Final = 10.0  # seconds for which a lock is waited for
WAKE: Final = "longstop_wake"  # the channel on which PostgreSQL says that something is due
_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-8192")
_WRITERS: Final = 0x4C6F6E67  # the advisory lock of all who write
_BEGIN: Final = {
    "sqlite": {"reads": "BEGIN", "alone": "BEGIN IMMEDIATE", "beside": "BEGIN IMMEDIATE"},
    "postgresql": {
        "reads": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "alone": f"BEGIN; SELECT pg_advisory_xact_lock({_WRITERS})",
        "beside": f"BEGIN; SELECT pg_advisory_xact_lock_shared({_WRITERS})",
    },
}
# A process that is put to sleep within a transaction must not stop the house for good.
_POSTGRES: Final = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=120s"


@dataclass(frozen=True, slots=True)
class Database:
    """One database and how to open a transaction on it."""

    engine: Engine
    turns: Turns | None = None  # of the writers of this process, where one writes at a time

    @property
    def is_sqlite(self) -> bool:
        """The embedded default."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self, *, side_by_side: bool = False) -> Iterator[Connection]:
        """One transaction that may write; committed at the end, rolled back by any exception.

        Raises DatabaseFull where there is no room, DatabaseBusy where somebody else holds the database too long.
        """
        kind = "beside" if side_by_side else "alone"
        with self.turns.mine() if self.turns else nullcontext(), told_clearly(), self._begun(kind) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; nothing is written."""
        with told_clearly(), self._begun("reads") as connection:
            yield connection

    def tell(self, connection: Connection) -> None:
        """Say to the other processes, with this transaction's commit, that something is due."""
        if not self.is_sqlite:
            connection.exec_driver_sql(f"NOTIFY {WAKE}")

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _begun(self, kind: str) -> Iterator[Connection]:
        with self.engine.connect().execution_options(longstop_kind=kind) as connection:
            try:
                transaction = connection.begin()
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                transaction = connection.begin()  # the server was restarted; nothing was done yet on the old connection
            with transaction, disk.ended(connection):
                yield connection


def time_of(connection: Connection) -> datetime:
    """What time it is on the machine of a PostgreSQL database."""
    found: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return found


def sqlite_url(path: Path) -> str:
    """The URL of an embedded database in a file."""
    return f"sqlite:///{path}"


def open_database(url: str) -> Database:
    """Open *url*: ``sqlite:///FILE``, ``sqlite://`` (in memory) or ``postgresql://...``. Raises DriverMissing."""
    in_memory = url in {"sqlite://", "sqlite:///:memory:"}
    pool: dict[str, Any] = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}} if in_memory else {}
    if url.startswith("postgresql"):
        pool = {"connect_args": {"options": _POSTGRES}, "pool_size": 10, "max_overflow": 20}
    try:
        engine = create_engine(url, **pool)
    except ModuleNotFoundError as error:
        raise DriverMissing(error.name or "?") from error
    event.listen(engine, "connect", _prepare_sqlite if engine.dialect.name == "sqlite" else _prepare_postgres)
    event.listen(engine, "begin", _begin)
    is_file = engine.dialect.name == "sqlite" and not in_memory
    return Database(engine, Turns(PATIENCE) if is_file else None)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver
    connection.isolation_level = None  # the driver opens no transaction of its own
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgres(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver
    connection.autocommit = True  # the driver opens no transaction of its own


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("longstop_kind", "alone")
    say(connection, _BEGIN[connection.dialect.name][kind])
