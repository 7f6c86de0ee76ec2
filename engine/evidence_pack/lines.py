"""The rows of a file against the hashes of the rows that were written: which one was changed, taken away or put in.

Both are read side by side, a few lines ahead, so that one row too few does not make all that follow look changed.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from itertools import islice
from typing import IO, TYPE_CHECKING, Final

from engine.evidence_pack.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_AHEAD: Final = 16  # rows
_MOST: Final = 20  # damages that are named one by one
#: What names a row to people, in this order.
_NAMES: Final = ("position", "reference", "deadline_id", "name", "playbook", "subject", "id")


def changed_lines(name: str, file: IO[bytes], hashes: IO[bytes]) -> Iterator[Damage]:
    """Every row of *file* that is not the row that was written; after so many only how many more."""
    found = _compared(file, hashes)
    for where, text in islice(found, _MOST):
        yield Damage(name, where, text)
    if more := sum(1 for _ in found):
        yield Damage(name, "", f"{more} more rows are not as they were written")


def _compared(file: IO[bytes], hashes: IO[bytes]) -> Iterator[tuple[str, str]]:
    lines, expected = _Ahead(file), _Ahead(one.strip() for one in hashes)
    number = 0
    while lines.first is not None or expected.first is not None:
        line, wanted = lines.first, expected.first
        if line is None:
            yield f"row {number + 1}", "is missing"
            expected.go_on()
            number += 1
            continue
        if wanted is not None and _hash(line) == wanted:
            lines.go_on()
            expected.go_on()
            number += 1
            continue
        where = f"row {number + 1}{_called(line)}"
        if wanted is None or wanted in map(_hash, lines.next):
            yield where, "was put in"
            lines.go_on()
        elif _hash(line) in expected.next:
            yield f"row {number + 1}", "is missing"
            expected.go_on()
            number += 1
        else:
            yield where, "was changed"
            lines.go_on()
            expected.go_on()
            number += 1


class _Ahead:
    """An iterator that can be looked into, a few places ahead."""

    def __init__(self, source: Iterable[bytes]) -> None:
        self._source = iter(source)
        self._waiting = deque(islice(self._source, _AHEAD + 1))

    @property
    def first(self) -> bytes | None:
        """What comes now; None at the end."""
        return self._waiting[0] if self._waiting else None

    @property
    def next(self) -> Iterator[bytes]:
        """What comes then."""
        return islice(self._waiting, 1, None)

    def go_on(self) -> None:
        self._waiting.popleft()
        self._waiting.extend(islice(self._source, 1))


def _hash(line: bytes) -> bytes:
    return hashlib.sha256(line).hexdigest().encode()


def _called(line: bytes) -> str:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    named = next((str(read[key]) for key in _NAMES if read.get(key)), "") if isinstance(read, dict) else ""
    return f" ({named})" if named else ""
