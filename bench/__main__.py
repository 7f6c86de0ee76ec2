"""``python -m bench [T1 T14 ...]``: one JSON line per figure on stdout, progress on stderr; 1 when a target fails."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from bench.harness import Figure, measured


def modules() -> dict[str, str]:
    """``T14`` and the module that measures it, in the order of the numbers."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("t[0-9][0-9]_*.py"))
    return {f"T{int(name[1:3])}": f"bench.{name}" for name in names}


def chosen(words: list[str]) -> Iterator[Figure]:
    """The figures of these names, ``T16`` or ``T16b``; all without any. Exits with 2 on a name that there is not."""
    there = modules()
    names = [word.upper() for word in words] or list(there)
    strangers = [name for name in names if name.rstrip("ABC") not in there]
    if strangers:
        sys.exit(f"No such figure: {', '.join(strangers)}. There are: {', '.join(there)}.")
    for name in names:
        figures = import_module(there[name.rstrip("ABC")]).FIGURES
        yield from (one for one in figures if name in there or one.name.upper() == name)


def main() -> int:
    """Measure, print, and say with the exit code whether all targets hold."""
    all_hold = True
    for figure in chosen(sys.argv[1:]):
        print(f"{figure.name}: {figure.what}", file=sys.stderr)
        result = measured(figure, lambda line: print(f"  {line}", file=sys.stderr))
        print(result.line(), flush=True)
        all_hold &= result.holds
    return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main())
