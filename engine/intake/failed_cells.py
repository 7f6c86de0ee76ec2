"""Formulas that have failed: the library that reads workbooks takes their cells for empty ones, and a value were lost.

They are noted while an archive is looked through (``archives``), by the part of the archive that holds the sheet. Which
part is which sheet is known at the end: a workbook names its sheets by relations, these name the parts.
"""

from collections import defaultdict
from collections.abc import Mapping
from posixpath import basename, dirname, join, normpath
from typing import Final

from engine.intake.texts import is_cell_error

MOST_FAILED: Final = 200_000  # cells of one file
_OTHER: Final = "#VALUE!"  # an error whose name is not known

Row = Mapping[int, str]  # column -> which error


class FailedCells:
    """Where formulas have failed. Rows count from 1, columns from 0, which is A."""

    def __init__(self) -> None:
        self.number = 0
        self._cells: dict[str, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
        self._sheets: dict[str, tuple[str, str]] = {}  # a sheet -> the part that names it, and its relation there
        self._targets: dict[tuple[str, str], str] = {}  # the part of relations, and one of them -> its target

    def note(self, place: str, rows: range, columns: range, text: str) -> None:
        """Cells of *place*, a part or a sheet; told again, with the rest of their *text*."""
        for row in rows:
            cells = self._cells[place][row]
            for column in columns:
                self.number += column not in cells
                cells[column] = cells.get(column, "") + text

    def name_sheet(self, part: str, sheet: str, relation: str) -> None:
        """The workbook in *part* names a sheet."""
        self._sheets[sheet] = part, relation

    def relate(self, part: str, relation: str, target: str) -> None:
        """The relations in *part* name a target."""
        self._targets[part, relation] = target

    def of_sheet(self, sheet: str) -> Mapping[int, Row]:
        """Row -> column -> which error; a sheet of .ods goes by its own name."""
        found = self._cells.get(self.place_of(sheet), {})
        return {row: {column: _known(text) for column, text in cells.items()} for row, cells in found.items()}

    def place_of(self, sheet: str) -> str:
        """The part that holds a sheet; a sheet of .ods goes by its own name."""
        if sheet not in self._sheets:
            return sheet
        part, relation = self._sheets[sheet]
        relations = join(dirname(part), "_rels", f"{basename(part)}.rels")
        return normpath(join("/", dirname(part), self._targets.get((relations, relation), ""))).lstrip("/")


def _known(text: str) -> str:
    bare = text.strip()
    return bare if is_cell_error(bare) else _OTHER
