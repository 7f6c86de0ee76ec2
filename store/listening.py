"""Hearing from PostgreSQL that another process made something due.

What is heard is a hint: whoever misses it looks again at the next due instant, 30 seconds at most. So a connection that
is lost is opened again without haste, and then counts as one hint, since something may have been said meanwhile. It is
told once that it is lost, and once that it is there again.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import structlog

from store.database import WAKE, patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from store.database import Database

log = structlog.get_logger(__name__)
_MOMENT: Final = 0.5  # seconds between two looks whether it is over
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0  # seconds until a lost connection is opened again


@contextmanager
def listening(database: Database, wake: Callable[[], None]) -> Iterator[None]:
    """Call *wake* whenever another process says that something is due; on SQLite nobody says so."""
    if database.is_sqlite:
        yield
        return
    over = Event()
    ear = Thread(target=_listen, args=(database, wake, over), name="listening", daemon=True)
    ear.start()
    try:
        yield
    finally:
        over.set()
        ear.join(10 * _MOMENT)


def _listen(database: Database, wake: Callable[[], None], over: Event) -> None:
    import psycopg

    wait, is_lost = _FIRST_WAIT, False
    while not over.is_set():
        try:
            with _connected(database) as connection:
                connection.execute(f"LISTEN {WAKE}")
                if is_lost:
                    log.info("other processes are heard again")
                wait, is_lost = _FIRST_WAIT, False
                wake()
                _hear(connection, wake, over)
        except psycopg.Error as error:
            if not is_lost:
                log.warning("other processes cannot be heard for a while", error=type(error).__name__)
            is_lost = True
            over.wait(wait)
            wait = min(2 * wait, _LONGEST_WAIT)


def _hear(connection: psycopg.Connection, wake: Callable[[], None], over: Event) -> None:
    """Many hints that came together are one."""
    while not over.is_set():
        if list(connection.notifies(timeout=_MOMENT, stop_after=1)):
            wake()


def _connected(database: Database) -> psycopg.Connection:
    """Beside the pool, since it is kept for as long as the process lives."""
    import psycopg

    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)  # as psycopg reads it
    return psycopg.connect(url, autocommit=True, **patience(url))
