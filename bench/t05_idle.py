"""T5: what a look costs when nothing is due, in a register of a million milestones against one of ten thousand."""

from bench.harness import Figure, Target, seconds
from bench.sizes import is_quiet, quiet
from bench.templates import opened
from jobs import catalogue

LOOKS = 200


def _seconds_a_look(milestones: int) -> float:
    with opened(quiet(milestones)) as monitor:
        assert is_quiet(monitor), "something is due"
        return seconds(lambda: [catalogue.look(monitor) for _ in range(LOOKS)]) / LOOKS


FIGURES = (
    Figure(
        name="T5",
        what="one idle look of every job at 1 million milestones, against 10 thousand",
        unit="s",
        target=Target("<=", 1.2),
        ours=lambda: _seconds_a_look(1_000_000),
        theirs=lambda: _seconds_a_look(10_000),
    ),
)
