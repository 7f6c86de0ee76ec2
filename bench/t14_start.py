"""T14: how long somebody waits for ``longstop --help``, against importing typer alone."""

import sys

from bench.harness import Figure, Target, process_seconds

_TYPER = [sys.executable, "-c", "import typer"]


def _typer() -> float:
    return process_seconds(_TYPER)


def _help() -> float:
    return process_seconds([sys.executable, "-c", "from cli.main import main; main()", "--help"])


def _import() -> float:
    return process_seconds([sys.executable, "-c", "import cli.main"])


FIGURES = (
    Figure("T14a", "longstop --help against importing typer", "s", Target("<=", 1.6), _help, _typer),
    Figure("T14b", "importing the command line against importing typer", "s", Target("<=", 1.6), _import, _typer),
)
