"""T16: one worker on PostgreSQL with its default senders, against queues made for PostgreSQL, of 100,000 rows each.

Ours asks the gate of each message, keeps each try for good and writes each end into the chain of the log; theirs take
a job off a table. What becomes of both when they are killed stands in PERFORMANCE.md.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from bench import postgres, registers, t02_raise, t03_settle
from bench.harness import Figure, Target, scaled, seconds
from bench.peers import pg_queuer, procrastinated
from bench.templates import made
from engine.clock import VirtualClock
from engine.delivery import outbox
from store.database import open_database

TOTAL = 100_000
DUE = 5_000
_FAR = 400 * 86_400 * 1_000_000  # microseconds, as instants are stored
_OTHERS = """
WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < {times})
INSERT INTO deliveries ({columns}) SELECT {picked} FROM deliveries, more WHERE state = 'pending'
"""
_ANOTHER = {
    "id": "id || '~' || n",
    "dedupe_key": "dedupe_key || '~' || n",
    "next_attempt_at": f"next_attempt_at + {_FAR}",
    "expires_at": f"expires_at + {_FAR}",
}


def waiting(path: Path) -> None:
    """The register of T3, and for each message that is due as many that are due next year as make the total."""
    t03_settle.raised(path)
    connection = sqlite3.connect(path)
    columns = [row[1] for row in connection.execute("PRAGMA table_info(deliveries)")]
    picked = ", ".join(_ANOTHER.get(name, name) for name in columns)
    due = connection.execute("SELECT count(*) FROM deliveries WHERE state = 'pending'").fetchone()[0]
    times = max(1, scaled(TOTAL) // max(1, due) - 1)
    connection.execute(_OTHERS.format(times=times, columns=", ".join(columns), picked=picked))
    connection.commit()
    connection.close()


def _ours() -> float:
    with postgres.copied(made("t16", waiting)) as place:
        monitor = registers.house_on(open_database(place), "t16")
        assert isinstance(monitor.clock, VirtualClock)
        monitor.clock.travel_to(t02_raise.WHEN)
        outbox.due_at(monitor)  # connected, as they are
        sent: list[int] = []
        spent = seconds(lambda: sent.append(outbox.deliver(monitor)))
        monitor.database.close()
    assert sent[0] > 0
    return sent[0] / spent


@cache
def _filled(fill: Callable[[str, int, int], None], name: str) -> str:
    fill(postgres.server().make(name), scaled(TOTAL), scaled(DUE))
    return name


@contextmanager
def _copied(fill: Callable[[str, int, int], None], name: str) -> Iterator[str]:
    with postgres.copied_of(_filled(fill, name)) as place:
        yield place


def _pg_queuer() -> float:
    with _copied(pg_queuer.fill, "pgqueuer") as place:
        return pg_queuer.finished_per_second(place, scaled(DUE))


def _procrastinate() -> float:
    with _copied(procrastinated.fill, "procrastinate") as place:
        return procrastinated.finished_per_second(place, scaled(DUE))


def _figure(name: str, peer: str, bound: float, theirs: Callable[[], float]) -> Figure:
    return Figure(
        name=name,
        what=f"messages claimed, gated and settled a second by one worker on PostgreSQL, against {peer} finishing jobs",
        unit="per s",
        target=Target(">=", bound),
        ours=_ours,
        theirs=theirs,
        runs=3,
    )


FIGURES = (
    _figure("T16a", "PgQueuer", 0.5, _pg_queuer),
    _figure("T16b", "procrastinate", 10, _procrastinate),
)
