"""The same register at several sizes, quiet: everything that was due has been done."""

from pathlib import Path

from bench import registers, templates
from bench.harness import scaled
from engine import outbox, passage, raising
from engine.monitor import Monitor

SEED = 1_000  # milestones of the smallest one, about
MILESTONES_EACH = 10


def quiet(milestones: int) -> Path:
    """A register of about *milestones* in which nothing is due at ``registers.NOW``."""
    times = max(1, scaled(milestones) // SEED)
    seed = templates.made("seed", _seed)
    return templates.made(f"quiet-{times}", lambda path: templates.multiplied(seed, path, times))


def look(monitor: Monitor) -> int:
    """One look of every job; how much there was to do."""
    done = passage.advance(monitor) + raising.raise_due(monitor) + outbox.sweep(monitor)
    return done + len(outbox.claim(monitor))


def _seed(path: Path) -> None:
    with templates.opened(path) as monitor:
        registers.fill(monitor, SEED // MILESTONES_EACH)
        passage.advance(monitor)
        raising.raise_due(monitor)
        outbox.deliver(monitor)
        assert look(monitor) == 0, "the register does not come to rest"
