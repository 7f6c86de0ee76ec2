"""Registers on disk that are made once per process and copied for each run."""

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from bench.registers import house_at
from engine.monitor import Monitor

#: Of each table what makes a copied row another one.
_NAMES = {
    "agreements": ("id", "reference", "reference_key"),
    "agreement_versions": ("agreement_id",),
    "obligations": ("agreement_id",),
    "milestones": ("id", "agreement_id"),
}
COPY = """
WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n + 1 < {times})
INSERT INTO {table} ({columns}) SELECT {picked} FROM {table}, more WHERE {times} > 1
"""


@cache
def folder() -> Path:
    """Where the templates of this process lie; gone at its end."""
    path = Path(tempfile.mkdtemp(prefix="longstop-bench-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def made(name: str, make: Callable[[Path], object]) -> Path:
    """The template of this name, made by *make* the first time."""
    path = folder() / f"{name}.db"
    if not path.exists():
        draft = folder() / f"{name}.draft"
        make(draft)
        whole(draft)
        draft.rename(path)
    return path


@contextmanager
def copied(template: Path) -> Iterator[Path]:
    """A copy to work on, gone afterwards; it lies on the disk already, so that no commit measured waits for it."""
    with tempfile.TemporaryDirectory(dir=folder()) as place:
        copy = Path(shutil.copy(template, Path(place) / "register.db"))
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        yield copy


@contextmanager
def opened(path: Path) -> Iterator[Monitor]:
    """The engine over a register, closed afterwards."""
    monitor = house_at(path)
    try:
        yield monitor
    finally:
        monitor.database.close()


def whole(path: Path) -> None:
    """Everything in the one file, nothing in a log beside it."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()


def multiplied(source: Path, target: Path, times: int) -> None:
    """A register *times* as large: each agreement with its milestones again and again under other names.

    Rows alone, no events: what is measured on it is how its size changes the cost of something else.
    """
    shutil.copy(source, target)
    connection = sqlite3.connect(target)
    connection.execute("PRAGMA synchronous=OFF")
    for table, names in _NAMES.items():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        picked = ", ".join(f"{column} || '~' || n" if column in names else column for column in columns)
        connection.execute(COPY.format(times=times, table=table, columns=", ".join(columns), picked=picked))
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()
