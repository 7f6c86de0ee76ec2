"""How a figure is measured: pairs interleaved, the first pair thrown away, medians divided."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Side = Callable[[], float]
#: A part of the full size, for a look while working on it: BENCH_SCALE=0.05 make bench T=T1.
SCALE = float(os.environ.get("BENCH_SCALE", "1"))


@dataclass(frozen=True, slots=True)
class Target:
    """What the ratio ours / theirs has to be."""

    sign: Literal[">=", "<="]
    bound: float

    def holds(self, ratio: float) -> bool:
        """Whether a measured ratio is on the right side."""
        return ratio >= self.bound if self.sign == ">=" else ratio <= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: two callables that each return what was measured, in the same unit."""

    name: str
    what: str
    unit: str
    target: Target
    ours: Side
    theirs: Side
    runs: int = 5  # three for what takes over a minute


@dataclass(frozen=True, slots=True)
class Result:
    """Both medians and what they say."""

    figure: Figure
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.ours / self.theirs

    @property
    def holds(self) -> bool:
        """Whether the target holds."""
        return self.figure.target.holds(self.ratio)

    def line(self) -> str:
        """The result as one JSON line."""
        figure = self.figure
        told = {
            "name": figure.name,
            "ours": _short(self.ours),
            "theirs": _short(self.theirs),
            "ratio": _short(self.ratio),
            "target": str(figure.target),
            "holds": self.holds,
            "unit": figure.unit,
            "what": figure.what,
            "command": f'make bench T="{figure.name.rstrip("abcdef")}"',
        }
        if SCALE != 1:
            told["scale"] = SCALE  # a look while working on it, not the figure
        return json.dumps(told, ensure_ascii=False)


def measured(figure: Figure, tell: Callable[[str], None] = lambda _: None) -> Result:
    """1. One pair to warm up. 2. The counted pairs, one of ours and one of theirs in turn. 3. Medians."""
    pairs = []
    for number in range(figure.runs + 1):
        pairs.append((figure.ours(), figure.theirs()))
        tell(f"{figure.name} {number or 'warm-up'}: {pairs[-1][0]:.6g} / {pairs[-1][1]:.6g}")
    ours, theirs = zip(*pairs[1:], strict=True)
    return Result(figure, statistics.median(ours), statistics.median(theirs))


def scaled(count: int) -> int:
    """*count* things at full size, at least ten."""
    return max(10, round(count * SCALE))


def seconds(work: Callable[[], object]) -> float:
    """How long *work* takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def process_seconds(command: list[str]) -> float:
    """How long a process takes from its start to its end, in seconds; raises CalledProcessError when it fails."""
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True))


def in_process(function: str, *arguments: object) -> float:
    """What ``module:function`` returns in a process of its own, where memory and imports are its own."""
    module, _, name = function.partition(":")
    code = f"import {module} as m; print(m.{name}(*{arguments!r}))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for one run's files, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="longstop-bench-") as folder:
        yield Path(folder)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
