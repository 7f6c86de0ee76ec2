"""``python -m bench.floors``: what cannot be less where T11, T1 and T2 do not hold: to derive alone, to write alone.

One JSON line each: microseconds for a row of T11's workbook, and how many times the reading of the row that is; of a
milestone of T1, and how many times it goes into a job that the peer adds; of a raised step of T2, and how many it
goes into the peer's empty job. The least of three runs, since other work on the machine only ever adds.
"""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from bench import registers, t02_raise, t11_import
from bench.harness import scaled, seconds, workshop
from bench.peers import one_job_each
from bench.templates import opened, whole
from config.holiday_calendars import business_calendar
from config.laws import lookup
from engine import raising
from engine.clock import VirtualClock
from engine.importing.taking_in import ImportOptions, import_file
from engine.monitor import Monitor
from lifecycle.agreements.agreement import Agreement
from lifecycle.counting.rules import rule_set
from lifecycle.days.dates import Period
from lifecycle.events import Actor
from lifecycle.milestones.deriving import derive
from lifecycle.milestones.of_terms import Basis
from store.codec import loads
from store.database import open_database, sqlite_url
from store.migrate import upgrade

ROWS = 2_000
AT_ONCE = 200  # rows of the workbook or steps in a transaction, as an import and a look have them
TABLES = ("agreements", "agreement_versions", "milestones", "events")

RAISED = ("deliveries", "bodies", "raised", "events")  # what a raised step adds to

Rows = dict[str, list[tuple[Any, ...]]]


def main() -> None:
    """Measure what lies under an import, under registering, and under a look."""
    _import()
    _register()
    _raise()


def _import() -> None:
    """Fill a register from the workbook, then derive and write the same again."""
    with workshop() as place:
        source, filled = place / "register.xlsx", place / "register.db"
        t11_import.write(source, count=ROWS)
        agreements = _filled(source, filled)
        rows, numbers = _rows(filled), count()
        read = _least(lambda: seconds(lambda: t11_import.read(source)))
        _tell("read", read, read)
        _tell("derive alone", _least(lambda: seconds(lambda: _derive(agreements))), read)
        _tell("write bare", _least(lambda: _written(place / f"bare-{next(numbers)}.db", rows)), read)


def _register() -> None:
    """Register agreements, then derive and write the same again."""
    with workshop() as place:
        filled, numbers = place / "register.db", count()
        with opened(filled) as monitor:
            made = registers.fill(monitor, ROWS)
            agreements = _agreements(monitor)
        whole(filled)
        rows = _rows(filled)
        added = min(1 / one_job_each.added_per_second(place / f"jobs-{run}.db", ROWS) for run in range(3))
        _tell_of("milestone", "peer's added job", added, added)
        for name, measure in (
            ("derive alone", lambda: seconds(lambda: _derive(agreements))),
            ("write bare", lambda: _written(place / f"bare-{next(numbers)}.db", rows)),
        ):
            _tell_of("milestone", name, _least(measure) / made, added)


def _raise() -> None:
    """Raise what is due, then read the same documents and write the same rows again, and nothing else."""
    with workshop() as place:
        before, after, jobs = place / "before.db", place / "after.db", place / "jobs.db"
        t02_raise.register(before)
        whole(before)
        shutil.copy(before, after)
        rows, steps = _raised(before, after)
        total = scaled(t02_raise.TOTAL)
        one_job_each.fill(jobs, total=total, due=steps)
        whole(jobs)
        fired = min(
            steps / one_job_each.fired_per_second(Path(shutil.copy(jobs, place / "run.db")), steps) for _ in range(3)
        )
        read = _least(lambda: seconds(lambda: _documents(after, steps)))
        written = _least(lambda: _rewritten(Path(shutil.copy(before, place / "bare.db")), rows))
        for name, spent in (("peer's empty job", fired), ("read documents", read), ("write bare", written)):
            _tell_of("step", name, spent / steps, fired / steps)


def _raised(before: Path, after: Path) -> tuple[Rows, int]:
    """The rows that a look adds, and of how many steps; *after* is looked at."""
    with opened(after) as monitor:
        assert isinstance(monitor.clock, VirtualClock)
        monitor.clock.travel_to(t02_raise.WHEN)
        steps = raising.raise_due(monitor)
    whole(after)
    connection = sqlite3.connect(after)
    connection.execute("ATTACH ? AS old", (str(before),))
    rows = {}
    for table in RAISED:
        rows[table] = connection.execute(f"SELECT * FROM {table} EXCEPT SELECT * FROM old.{table}").fetchall()  # noqa: S608 - our own names
    connection.close()
    return rows, steps


def _documents(path: Path, steps: int) -> None:
    """Of as many milestones and their agreements as there are steps: from the row to the value."""
    connection = sqlite3.connect(path)
    found = connection.execute(
        "SELECT m.id, a.doc FROM milestones m JOIN agreements a ON a.id = m.agreement_id"
    ).fetchall()
    connection.close()
    for _, document in random.Random(2).sample(found, steps):
        loads(document, Agreement)


def _rewritten(path: Path, rows: Rows) -> float:
    connection = _durable(path)
    steps = scaled(t02_raise.DUE)
    moved = connection.execute("SELECT id FROM milestones LIMIT ?", (steps,)).fetchall()
    try:
        return seconds(lambda: _write(connection, rows, moved, parts=steps // AT_ONCE))
    finally:
        connection.close()


def _least(measure: Callable[[], float]) -> float:
    return min(measure() for _ in range(3))


def _tell(name: str, spent: float, read: float) -> None:
    figures = {"us a row": round(spent / ROWS * 1e6, 1), "times reading": round(spent / read, 1)}
    print(json.dumps({"floor": name, **figures}), flush=True)


def _tell_of(what: str, name: str, spent: float, job: float) -> None:
    """Seconds *spent* for one, and how many times they go into the peer's *job*."""
    figures = {f"us a {what}": round(spent * 1e6, 1), "times into a job": round(job / spent, 1)}
    print(json.dumps({"floor": name, **figures}), flush=True)


def _filled(source: Path, path: Path) -> list[Agreement]:
    with opened(path) as monitor:
        import_file(monitor, source, ImportOptions(actor=Actor("bench"), laws=lookup))
        agreements = _agreements(monitor)
    whole(path)
    return agreements


def _agreements(monitor: Monitor) -> list[Agreement]:
    with monitor.look() as work:
        return list(work.agreements.all())


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
    connection = _durable(path)
    try:
        return seconds(lambda: _write(connection, rows, (), parts=ROWS // AT_ONCE))
    finally:
        connection.close()


def _durable(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _write(connection: sqlite3.Connection, rows: Rows, moved: Sequence[tuple[str]], *, parts: int) -> None:
    for part in range(parts):
        connection.execute("BEGIN IMMEDIATE")
        for table, whole_table in rows.items():
            some = whole_table[part::parts]
            places = ", ".join("?" * len(some[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", some)  # noqa: S608 - our own names
        connection.executemany("UPDATE milestones SET next_step_at = next_step_at + 1 WHERE id = ?", moved[part::parts])
        connection.execute("COMMIT")


if __name__ == "__main__":
    main()
