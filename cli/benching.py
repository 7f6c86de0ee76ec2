"""The measurements against peers, which stand in a source checkout and are no part of what is installed.

Nothing of them is imported here: they are listed by their files, and run in a process of their own.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.errors import Failed, UsageRefused
from lifecycle.errors import LifecycleError
from lifecycle.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Where a checkout has them, beside this package.
FOLDER: Final = Path(__file__).resolve().parents[1] / "bench"
_KEYS: Final = ("name", "what", "ours", "theirs", "unit", "ratio", "target", "holds")


class NoCheckout(LifecycleError):
    """The measurements are not there."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__(
            "The measurements are not installed: they stand in the folder bench of the source checkout.",
            remedy='Run them there: make bench, or make bench T="T1 T14".',
        )


def figures(folder: Path) -> list[dict[str, Any]]:
    """What can be measured: ``T1`` and what it is, in the order of the numbers. Raises NoCheckout."""
    if not (folder / "__main__.py").is_file():
        raise NoCheckout
    return [_figure(path) for path in sorted(folder.glob("t[0-9][0-9]_*.py"))]


def must_be_there(folder: Path, names: Sequence[str]) -> None:
    """Raises NoCheckout, UsageRefused for a name that is none."""
    there = [one["name"] for one in figures(folder)]
    if strangers := [name for name in names if name.upper().rstrip("ABC") not in there]:
        raise UsageRefused(f"There is no figure {listed(strangers)}.", remedy=f"There are {listed(there)}.")


def measured(folder: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Each figure as it is known, all without *names*; how it goes on stands on stderr. Raises Failed."""
    command = [sys.executable, "-m", folder.name, *names]
    with subprocess.Popen(command, cwd=folder.parent, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        is_held = True
        for line in process.stdout or ():
            said = json.loads(line)
            is_held &= said["holds"]
            yield {key: said[key] for key in _KEYS}
    if process.returncode and is_held:  # it ends with 1 as well where a target is missed
        raise Failed("The measurements broke off.", remedy="See above why; `make setup` installs what they need.")


def _figure(path: Path) -> dict[str, Any]:
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    name, _, what = told.partition("\n")[0].partition(": ")
    return {**dict.fromkeys(_KEYS), "name": name, "what": what}
