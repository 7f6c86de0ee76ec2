"""The same register at several sizes, quiet: everything that was due has been done."""

from pathlib import Path

from bench import registers, templates
from bench.harness import scaled
from engine.monitor import Monitor
from jobs import catalogue

SEED = 1_000  # milestones of the smallest one, about
MILESTONES_EACH = 10


def quiet(milestones: int) -> Path:
    """A register of about *milestones* in which nothing is due at ``registers.NOW``."""
    times = max(1, scaled(milestones) // SEED)
    seed = templates.made("seed", _seed)
    return templates.made(f"quiet-{times}", lambda path: templates.multiplied(seed, path, times))


def is_quiet(monitor: Monitor) -> bool:
    """Whether no job has anything to do now."""
    due = (job.due_at(monitor) for job in catalogue.JOBS)
    return all(at is None or at > monitor.clock.now() for at in due)


def _seed(path: Path) -> None:
    with templates.opened(path) as monitor:
        registers.fill(monitor, SEED // MILESTONES_EACH)
        catalogue.look(monitor)
        assert is_quiet(monitor), "the register does not come to rest"
