"""Opening the database, and the two kinds of transaction.

On SQLite a write begins with BEGIN IMMEDIATE, so that two writers wait instead of failing half-way, and every commit is
durable (WAL, ``synchronous=FULL``). On PostgreSQL the defaults of the server hold.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import StaticPool

from store.errors import DatabaseBusy, DatabaseFull, RowRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-65536")


@dataclass(frozen=True, slots=True)
class Database:
    """One database and how to open a transaction on it."""

    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        """The embedded default."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that may write; committed at the end, rolled back by any exception.

        Raises DatabaseFull where there is no room, DatabaseBusy where somebody else holds the database too long.
        """
        with told_clearly(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; nothing is written."""
        with told_clearly(), self.engine.connect() as connection:
            reader = connection.execution_options(longstop_reads=True)
            with reader.begin():
                yield reader

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    """The URL of an embedded database in a file."""
    return f"sqlite:///{path}"


def open_database(url: str) -> Database:
    """Open *url*: ``sqlite:///FILE``, ``sqlite://`` (in memory) or ``postgresql://...``."""
    in_memory = url in {"sqlite://", "sqlite:///:memory:"}
    pool: dict[str, Any] = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}} if in_memory else {}
    engine = create_engine(url, **pool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return Database(engine)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver
    connection.isolation_level = None  # the driver opens no transaction of its own
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("longstop_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def told_clearly() -> Iterator[None]:
    """Turn what the driver says about room, locks and constraints into DatabaseFull, DatabaseBusy and RowRefused.

    A full SQLite ends the whole transaction by itself, so that going back to a savepoint fails as well: what it said
    first is what counts (https://www.sqlite.org/lang_transaction.html, section 3).
    """
    try:
        yield
    except IntegrityError as error:
        raise RowRefused from error
    except OperationalError as error:
        texts = [str(one.orig) for one in _reasons(error) if isinstance(one, OperationalError)]
        if any("full" in text or "No space left" in text for text in texts):
            raise DatabaseFull from error
        if any("locked" in text or "busy" in text for text in texts):
            raise DatabaseBusy from error
        raise


def _reasons(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that were being handled when it came."""
    while error is not None:
        yield error
        error = error.__context__
