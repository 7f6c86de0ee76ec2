"""How a sheet is laid out, as far as it bears on what its rows say: what is merged, and what is hidden.

What a spreadsheet shows is not what a library reads: of merged cells only the first one holds the value, and what is
hidden, by hand or by a filter, is there all the same.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_MOST_HIDDEN: Final = 100_000  # rows of one file that are noted; of no file more than 20,000 are read
_MOST_COLUMNS: Final = 1_000
_MOST_MERGED: Final = 100_000  # areas of one sheet


class Area(NamedTuple):
    """Cells merged into one. Rows count from 1, columns from 0, which is A; all four are inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How one sheet is laid out; rows count from 1, columns from 0."""

    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


PLAIN: Final = Layout()


@dataclass(slots=True)
class _Noted:
    merged: list[Area] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


class Layouts:
    """What was noted while an archive was looked through, by the part of it, or the sheet of .ods."""

    def __init__(self) -> None:
        self._places: dict[str, _Noted] = defaultdict(_Noted)
        self._hidden = 0

    def hide_rows(self, place: str, rows: range) -> None:
        """Rows that are not shown, as many as matter."""
        left = _MOST_HIDDEN - self._hidden
        noted = rows[: max(0, left)]
        self._hidden += len(noted)
        self._places[place].rows.update(noted)

    def hide_columns(self, place: str, columns: range) -> None:
        """Columns that are not shown."""
        self._places[place].columns.update(columns[:_MOST_COLUMNS])

    def merge(self, place: str, area: Area) -> None:
        """Cells that are shown as one."""
        merged = self._places[place].merged
        if len(merged) < _MOST_MERGED:
            merged.append(area)

    def of(self, place: str) -> Layout:
        """How the sheet at *place* is laid out."""
        noted = self._places.get(place)
        if noted is None:
            return PLAIN
        return Layout(tuple(noted.merged), frozenset(noted.rows), frozenset(noted.columns))
