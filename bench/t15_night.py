"""T15: a night on which nothing is due, at 100,000 agreements, against a scan of all of them through an ORM."""

from functools import partial

from bench import registers
from bench.harness import Figure, Target, scaled, seconds
from bench.peers import nightly_scan
from bench.sizes import MILESTONES_EACH, quiet
from bench.templates import made, opened
from engine import passage, raising

AGREEMENTS = 100_000
NIGHTS = 100


def _ours() -> float:
    with opened(quiet(AGREEMENTS * MILESTONES_EACH)) as monitor:
        assert passage.advance(monitor) + raising.raise_due(monitor) == 0, "something is due"
        spent = seconds(lambda: [passage.advance(monitor) + raising.raise_due(monitor) for _ in range(NIGHTS)])
        return NIGHTS / spent


def _theirs() -> float:
    path = made("nightly", partial(nightly_scan.fill, count=scaled(AGREEMENTS), today=registers.TODAY))
    due: list[int] = []
    spent = seconds(lambda: due.append(nightly_scan.scan(path, registers.TODAY)))
    assert due == [0], "something is due"
    return 1 / spent


FIGURES = (
    Figure(
        name="T15",
        what="nights a second on which nothing is due, at 100,000 agreements, against a scan through the ORM",
        unit="per s",
        target=Target(">=", 1_000),
        ours=_ours,
        theirs=_theirs,
    ),
)
