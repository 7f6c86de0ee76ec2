"""T2: raising 5,000 due steps of 100,000 milestones, against a scheduler that fires 5,000 of 100,000 jobs."""

import random
import sqlite3
from datetime import timedelta
from functools import partial
from pathlib import Path

from bench import registers
from bench.harness import Figure, Target, scaled, seconds
from bench.peers import one_job_each
from bench.templates import copied, made, opened
from engine import raising
from engine.clock import VirtualClock

TOTAL = 100_000
DUE = 5_000
MILESTONES_EACH = 10  # about so many has an agreement of the sample
WHEN = registers.NOW + timedelta(weeks=13)
PUT_OFF = 400 * 86_400 * 1_000_000  # microseconds, as instants are stored


def register(path: Path) -> None:
    """A register some weeks after it was filled, with exactly as many steps due as wanted, scattered."""
    with opened(path) as monitor:
        registers.fill(monitor, scaled(TOTAL) // MILESTONES_EACH)
    _leave_due(path, scaled(DUE))


def _leave_due(path: Path, wanted: int) -> None:
    """All due steps but *wanted* random ones are put off; the clock of the run stands where these are due."""
    connection = sqlite3.connect(path)
    query = "SELECT id FROM milestones WHERE next_step_at IS NOT NULL AND next_step_at <= ? ORDER BY id"
    due = [row[0] for row in connection.execute(query, (round(WHEN.timestamp() * 1_000_000),))]
    assert len(due) >= wanted, f"only {len(due)} steps are due at {WHEN}"
    random.Random(2).shuffle(due)
    connection.executemany(
        "UPDATE milestones SET next_step_at = next_step_at + ? WHERE id = ?", [(PUT_OFF, one) for one in due[wanted:]]
    )
    connection.commit()
    connection.close()


def _ours() -> float:
    with copied(made("t2-ours", register)) as path, opened(path) as monitor:
        assert isinstance(monitor.clock, VirtualClock)
        monitor.clock.travel_to(WHEN)
        raised: list[int] = []
        spent = seconds(lambda: raised.append(raising.raise_due(monitor)))
        assert raised[0] >= scaled(DUE), f"only {raised[0]} were raised"
        return raised[0] / spent


def _theirs() -> float:
    fill = partial(one_job_each.fill, total=scaled(TOTAL), due=scaled(DUE))
    with copied(made("t2-theirs", fill)) as path:
        return one_job_each.fired_per_second(path, scaled(DUE))


FIGURES = (
    Figure(
        name="T2",
        what="due steps raised into deliveries a second, of 100,000, against APScheduler firing empty jobs",
        unit="per s",
        target=Target(">=", 2),
        ours=_ours,
        theirs=_theirs,
    ),
)
