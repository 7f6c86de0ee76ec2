"""A map that somebody brings with their file: the one they have downloaded here, or wrote for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from web.govern.rules import Finding, Rules

_MOST: Final = 256 * 1024  # bytes: a line for each of a thousand columns is far less
_SHOWN: Final = 3


class MapRefused(LifecycleError):
    """A file that says nothing about columns, or something that nobody understands."""

    code = "import-map"

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(f"The map: {sentence}", remedy=remedy)


def brought_map(rules: Rules, content: bytes) -> dict[str, Any]:
    """What it says, as it is kept. Raises MapRefused."""
    if len(content) > _MOST:
        raise MapRefused("it is too large.", f"A map is a text of at most {_MOST // 1024} kB.")
    said, findings = rules.column_map(content.decode("utf-8-sig", errors="replace"))
    if findings:
        first, more = findings[:_SHOWN], len(findings) - _SHOWN
        rest = f" And {more} more." if more > 0 else ""
        raise MapRefused(f"{' '.join(map(_told, first))}{rest}", "Correct the map, or leave it out and say it here.")
    return said


def _told(one: Finding) -> str:
    return f"line {one.line}: {one.sentence} {one.remedy}".strip()
