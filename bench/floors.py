"""``python -m bench.floors``: what cannot be less where T11 and T1 do not hold: to derive alone, to write alone.

One JSON line each: microseconds for a row of T11's workbook, the least of three runs, since other work on the machine
only ever adds; and how many times the reading of the row that is.
"""

import json
import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from bench import registers, t11_import
from bench.harness import seconds, workshop
from bench.templates import opened, whole
from config.holiday_calendars import business_calendar
from config.laws import lookup
from engine.importing import ImportOptions, import_file
from lifecycle.agreement import Agreement
from lifecycle.dates import Period
from lifecycle.deriving import derive
from lifecycle.events import Actor
from lifecycle.milestones_of_terms import Basis
from lifecycle.rules import rule_set
from store.database import open_database, sqlite_url
from store.migrate import upgrade

ROWS = 2_000
AT_ONCE = 200  # rows of the workbook in a transaction, as an import has them
TABLES = ("agreements", "agreement_versions", "milestones", "events")

Rows = dict[str, list[tuple[Any, ...]]]


def main() -> None:
    """Fill a register from the workbook, then measure what lies under it."""
    with workshop() as place:
        source, filled = place / "register.xlsx", place / "register.db"
        t11_import.write(source, count=ROWS)
        agreements = _filled(source, filled)
        rows, numbers = _rows(filled), count()
        read = _least(lambda: seconds(lambda: t11_import.read(source)))
        _tell("read", read, read)
        _tell("derive alone", _least(lambda: seconds(lambda: _derive(agreements))), read)
        _tell("write bare", _least(lambda: _written(place / f"bare-{next(numbers)}.db", rows)), read)


def _least(measure: Callable[[], float]) -> float:
    return min(measure() for _ in range(3))


def _tell(name: str, spent: float, read: float) -> None:
    figures = {"us a row": round(spent / ROWS * 1e6, 1), "times reading": round(spent / read, 1)}
    print(json.dumps({"floor": name, **figures}), flush=True)


def _filled(source: Path, path: Path) -> list[Agreement]:
    with opened(path) as monitor:
        import_file(monitor, source, ImportOptions(actor=Actor("bench"), laws=lookup))
        with monitor.look() as work:
            agreements = list(work.agreements.all())
    whole(path)
    return agreements


def _derive(agreements: list[Agreement]) -> None:
    """Days alone: no ladder, no row, no document; every agreement by itself."""
    for one in agreements:
        calendar = business_calendar(one.calendar)
        basis = Basis(rules=rule_set(one.rules), calendar=calendar, buffer=lambda _: Period())
        derive(one, basis, from_on=registers.TODAY, horizon=Period(months=60), today=registers.TODAY)


def _rows(path: Path) -> Rows:
    connection = sqlite3.connect(path)
    rows = {table: connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in TABLES}  # noqa: S608 - our own names
    connection.close()
    return rows


def _written(path: Path, rows: Rows) -> float:
    """The same rows by the driver alone, into the same tables and indexes, in as many transactions."""
    database = open_database(sqlite_url(path))
    upgrade(database)
    database.close()
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    try:
        return seconds(lambda: _write(connection, rows))
    finally:
        connection.close()


def _write(connection: sqlite3.Connection, rows: Rows) -> None:
    parts = ROWS // AT_ONCE
    for part in range(parts):
        connection.execute("BEGIN IMMEDIATE")
        for table, whole_table in rows.items():
            some = whole_table[part::parts]
            places = ", ".join("?" * len(some[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", some)  # noqa: S608 - our own names
        connection.execute("COMMIT")


if __name__ == "__main__":
    main()
