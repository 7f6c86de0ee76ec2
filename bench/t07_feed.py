"""T7: a feed of 5,000 entries after one entry moved, against joining and hashing as many ready-made components."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bench.harness import SCALE, Figure, Target, seconds
from bench.subscribing import subscribed
from engine import operations
from lifecycle.milestones.milestone import MilestoneKind

if TYPE_CHECKING:
    from engine.monitor import Monitor

ENTRIES = 4_500


def _move(monitor: Monitor) -> None:
    """The same deadline, a day earlier each time."""
    with monitor.work() as work:
        row = next(
            one for one in work.milestones.live() if one.key.kind is MilestoneKind.NOTICE and one.key.cycle != "0"
        )
        operations.pin(work, row.id, on=row.safe_on - timedelta(days=1), because="it moves")


def _ours() -> float:
    monitor, bodies, which, _ = subscribed()
    assert bodies.fresh(which)[0].body.entries >= ENTRIES * SCALE, "too few entries"
    before = bodies.fresh(which)[0].etag
    _move(monitor)
    spent = seconds(lambda: bodies.fresh(which))
    assert bodies.fresh(which)[0].etag != before, "nothing moved"
    return spent


def _theirs() -> float:
    _, bodies, which, _ = subscribed()
    ready = [piece.data for some in bodies.fresh(which)[0].pieces.values() for piece in some]
    return seconds(lambda: sha256(b"".join(ready)).hexdigest())


FIGURES = (
    Figure(
        name="T7",
        what="a feed of 5,000 entries after one moved, against joining and hashing 5,000 ready-made ones",
        unit="s",
        target=Target("<=", 5),
        ours=_ours,
        theirs=_theirs,
    ),
)
