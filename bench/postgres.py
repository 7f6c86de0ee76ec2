"""A PostgreSQL server for a figure, as durable as a real one, and copies of a register on it."""

from __future__ import annotations

import atexit
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from store.copying import copy_register
from store.database import open_database, sqlite_url
from store.migrate import create
from tests.support.postgres import Server, asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@cache
def server() -> Server:
    """One for all figures of a run; it ends with the process."""
    started = Server(durable=True)
    atexit.register(started.stop)
    started.start()
    return started


@cache
def template(path: Path) -> str:
    """The name of a database that holds the register of a SQLite file."""
    name = path.stem.replace("-", "_")
    source, target = open_database(sqlite_url(path)), open_database(server().make(name))
    create(target)
    copy_register(source, target)
    for one in (source, target):
        one.close()
    return name


@contextmanager
def copied(path: Path) -> Iterator[str]:
    """The URL of a copy of the register of a SQLite file, gone afterwards."""
    with copied_of(template(path)) as place:
        yield place


@contextmanager
def copied_of(name: str) -> Iterator[str]:
    """The URL of a copy of one of the server's databases, gone afterwards."""
    place = server().make("run", like=name)
    database = open_database(place)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # neither may stand in a transaction
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("CHECKPOINT")
    database.close()
    try:
        yield place
    finally:
        with asked(server().folder) as ask:
            ask("DROP DATABASE run WITH (FORCE)")
