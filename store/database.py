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

import os
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from threading import local
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from store import disk
from store.errors import DriverMissing, WrongEncoding
from store.hints import hear_hints
from store.prepared import say
from store.troubles import told_before, told_clearly
from store.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Engine, RootTransaction

PATIENCE: Final = 10.0  # seconds for which a lock is waited for
WAKE: Final = "longstop_wake"  # the channel on which PostgreSQL says that something is due
_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-8192")
_AT_ONCE: Final = nullcontext()
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
_TEXT: Final = "UTF8"  # what every text of ours fits into
# When a server that says nothing any more is given up, in seconds and tries (tcp_user_timeout: milliseconds). Left to
# itself a connection waits for hours: https://www.postgresql.org/docs/current/libpq-connect.html
_GIVEN_UP: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


class _Kept(local):
    """Connections that a thread keeps between its transactions, by their kind; None: it keeps none."""

    by_kind: dict[str, Connection] | None = None


@dataclass(frozen=True, slots=True)
class Database:
    """One database and how to open a transaction on it."""

    engine: Engine
    turns: Turns | None = None  # of the writers of this process, where one writes at a time
    kept: _Kept = field(default_factory=_Kept, repr=False, compare=False)

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
        with self.turns or _AT_ONCE, told_clearly(), self._begun(kind) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; nothing is written."""
        with told_before(), self._begun("reads") as connection:
            yield connection

    def tell(self, connection: Connection) -> None:
        """Say to the other processes, with this transaction's commit, that something is due."""
        if not self.is_sqlite:
            connection.exec_driver_sql(f"NOTIFY {WAKE}")

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Who opens many transactions one after the other keeps their connections until the end."""
        if self.kept.by_kind is not None:
            yield
            return
        mine = self.kept.by_kind = {}
        try:
            yield
        finally:
            self.kept.by_kind = None
            for connection in mine.values():
                connection.close()

    @contextmanager
    def _begun(self, kind: str) -> Iterator[Connection]:
        with told_before():
            connection, kept = self._connected(kind)
        try:
            with told_before():
                transaction = _transaction(connection)
            with transaction, disk.ended(connection):
                yield connection
        except BaseException:
            kept.pop(kind, None)  # whatever is wrong with it, the next transaction begins on another
            connection.close()
            raise
        if kept.get(kind) is not connection:
            connection.close()

    def _connected(self, kind: str) -> tuple[Connection, dict[str, Connection]]:
        """A connection, and those that are kept, itself among them unless the kept one is in use."""
        kept = self.kept.by_kind
        if kept is None or (kind in kept and kept[kind].in_transaction()):
            return self.engine.connect().execution_options(longstop_kind=kind), {}
        if kind not in kept:
            kept[kind] = self.engine.connect().execution_options(longstop_kind=kind)
        return kept[kind], kept


def _transaction(connection: Connection) -> RootTransaction:
    try:
        return connection.begin()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return connection.begin()  # the server was restarted; nothing was done yet on the old connection


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
        said = {"options": f"{_POSTGRES} {_said(url)}".rstrip(), "client_encoding": _TEXT, **patience(url)}
        pool = {"connect_args": said, "pool_size": 10, "max_overflow": 20}
    try:
        engine = create_engine(url, **pool)
    except ModuleNotFoundError as error:
        raise DriverMissing(error.name or "?") from error
    hear_hints(engine)
    event.listen(engine, "connect", _prepare_sqlite if engine.dialect.name == "sqlite" else _prepare_postgres)
    event.listen(engine, "begin", _begin)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _keep_private)
    is_file = engine.dialect.name == "sqlite" and not in_memory
    return Database(engine, Turns(PATIENCE) if is_file else None)


def patience(url: str) -> dict[str, Any]:
    """When a connection to a PostgreSQL server that says nothing any more is given up, where *url* does not say it."""
    return {name: value for name, value in _GIVEN_UP.items() if f"{name}=" not in url}


def _said(url: str) -> str:
    """What the address itself asks of the server's sessions (``?options=``); it comes last, so it counts."""
    said = make_url(url).query.get("options", "")
    return said if isinstance(said, str) else " ".join(said)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver
    connection.isolation_level = None  # the driver opens no transaction of its own
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _keep_private(_dialect: object, _record: object, given: Any, _named: object) -> None:  # noqa: ANN401 - see above
    """A new file is its owner's alone; SQLite makes the files beside it as it is (https://www.sqlite.org/wal.html)."""
    with suppress(OSError):  # where there can be none SQLite says so
        if not given[0].startswith((":", "file:")):
            os.close(os.open(given[0], os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_postgres(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver
    connection.autocommit = True  # the driver opens no transaction of its own
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != _TEXT:
        connection.close()
        raise WrongEncoding(encoding)


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("longstop_kind", "alone")
    say(connection, _BEGIN[connection.dialect.name][kind])
