"""T17: from the due instant to the raised step, p99, against a DateTrigger job on the same kind of database.

The clock runs. One step is due at a time, so that nothing waits for anything but for its instant.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from bench import t02_raise
from bench.harness import Figure, Target, scaled
from bench.peers import one_job_each
from bench.templates import copied, folder, made, opened
from engine.clock import SystemClock
from engine.points import Moment, Point
from jobs.catalogue import DELIVER, RAISE
from jobs.heap import keep_for_good
from jobs.scheduler import Scheduler

COUNT = 200
GAP = timedelta(milliseconds=130)
FIRST = timedelta(seconds=2)
_SYSTEM = SystemClock()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Running:
    """A clock that runs on from an instant; *elapsed* is the machine's own."""

    def __init__(self, at: datetime) -> None:
        self._ahead = at - _SYSTEM.now()

    def now(self) -> datetime:
        """The instant at which it stands."""
        return _SYSTEM.now() + self._ahead

    def elapsed(self) -> float:
        """Seconds since some moment."""
        return _SYSTEM.elapsed()


def _ours() -> float:
    with copied(made("t2-ours", t02_raise.register)) as path, opened(path) as bare:
        scheduler = Scheduler("bench", jobs=(RAISE, DELIVER), watch=())
        clock, kept_at = _Running(t02_raise.WHEN), []

        def note(point: Point, moment: Moment = Moment.AFTER) -> None:
            if point is Point.RAISED and moment is Moment.AFTER:
                kept_at.append(clock.now())

        monitor = replace(bare, clock=clock, reached=note, wake=scheduler.wake)
        due = _spread(path, clock.now() + FIRST, min(scaled(COUNT), scaled(t02_raise.DUE)))
        keep_for_good()  # as a process at work does
        scheduler.start(monitor)
        with sqlite3.connect(path) as connection:
            _wait_for(lambda: len(_raised(connection, due)), len(due))
            raised = _raised(connection, due)
        assert scheduler.stop()
        # A step is there for others when its transaction is kept: the first one that was after it had begun.
        return _p99([min(at for at in kept_at if at >= began) - due[one] for one, began in raised.items()])


def _spread(path: Path, first_at: datetime, count: int) -> dict[str, datetime]:
    """Let *count* of the steps that are due become due one after the other, and none of the others."""
    connection = sqlite3.connect(path)
    ids = [row[0] for row in connection.execute("SELECT id FROM milestones WHERE next_step_at <= ?", (_us(first_at),))]
    connection.execute("UPDATE milestones SET next_step_at = next_step_at + ?", (t02_raise.PUT_OFF,))
    due = {one: first_at + GAP * number for number, one in enumerate(ids[:count])}
    assert len(due) == count, f"only {len(due)} steps are there"
    rows = [(_us(at), one) for one, at in due.items()]
    connection.executemany("UPDATE milestones SET next_step_at = ? WHERE id = ?", rows)
    connection.commit()
    connection.close()
    return due


def _raised(connection: sqlite3.Connection, due: dict[str, datetime]) -> dict[str, datetime]:
    """The steps that were raised, and when their transaction had begun."""
    first = (_us(min(due.values())),)
    rows = connection.execute("SELECT milestone_id, at FROM raised WHERE at >= ?", first).fetchall()
    return {one: _EPOCH + timedelta(microseconds=at) for one, at in rows if one in due}


def _theirs() -> float:
    path = folder() / "t17-theirs.db"
    path.unlink(missing_ok=True)
    one_job_each.ran_at.clear()
    count = scaled(COUNT)
    scheduler = one_job_each.scheduler_on(path)
    keep_for_good()
    scheduler.start()
    first_at = _SYSTEM.now() + FIRST
    due = [first_at + GAP * number for number in range(count)]
    for number, at in enumerate(due):
        scheduler.add_job(one_job_each.noting, "date", run_date=at, id=f"reminder-{number}")
    _wait_for(lambda: len(one_job_each.ran_at), count)
    scheduler.shutdown()
    return _p99([at - wanted for wanted, at in zip(due, one_job_each.ran_at, strict=True)])


def _wait_for(came: Callable[[], int], count: int) -> None:
    until = time.monotonic() + 30 + 3 * count * GAP.total_seconds()
    while came() < count:
        assert time.monotonic() < until, f"{came()} of {count} came"
        time.sleep(0.1)


def _p99(late: list[timedelta]) -> float:
    """Seconds; the 99th percentile of how much later each came than it was due."""
    assert min(late) >= timedelta(), "one came before it was due"
    return quantiles([one.total_seconds() for one in late], n=100, method="inclusive")[98]


def _us(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


FIGURES = (
    Figure(
        name="T17",
        what="from the due instant to the step that is raised and committed, p99, against a DateTrigger job",
        unit="s",
        target=Target("<=", 3),
        ours=_ours,
        theirs=_theirs,
    ),
)
