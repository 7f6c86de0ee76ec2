"""T1: deriving and storing the milestones of 20,000 agreements, against one scheduler job for each reminder."""

from bench import registers
from bench.harness import Figure, Target, scaled, seconds, workshop
from bench.peers import one_job_each
from bench.templates import opened

AGREEMENTS = 20_000
JOBS = 20_000  # as many again cost the same each


def _ours() -> float:
    with workshop() as folder, opened(folder / "register.db") as monitor:
        made: list[int] = []
        spent = seconds(lambda: made.append(registers.fill(monitor, scaled(AGREEMENTS))))
        assert made == [registers.milestones_in(monitor)], "not all milestones were stored"
        return made[0] / spent


def _theirs() -> float:
    with workshop() as folder:
        return one_job_each.added_per_second(folder / "jobs.db", scaled(JOBS))


FIGURES = (
    Figure(
        name="T1",
        what="milestones derived and stored a second, against APScheduler's add_job for each",
        unit="per s",
        target=Target(">=", 4),
        ours=_ours,
        theirs=_theirs,
        runs=3,
    ),
)
