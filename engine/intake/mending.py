"""Cells mended on the way in: what somebody wrote in place of a text that could not be read.

The file stays as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from engine.intake.workbook import Cell, Sheet, Workbook

_CELL: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)


def mended(workbook: Workbook, mends: Mapping[str, str]) -> Workbook:
    """*workbook* with other texts in the cells of *mends*, by ``sheet!H17``; what names no cell of it is ignored."""
    if not mends:
        return workbook
    return replace(workbook, sheets=tuple(_mended(sheet, mends) for sheet in workbook.sheets))


def _mended(sheet: Sheet, mends: Mapping[str, str]) -> Sheet:
    rows: list[list[Cell]] = list(sheet.rows)
    for place, text in mends.items():
        name, _, cell = place.rpartition("!")
        found = _CELL.fullmatch(cell)
        if name != sheet.name or found is None:
            continue
        row, column = int(found[2]) - sheet.top, _column(found[1]) - sheet.left
        if 0 <= row < len(rows) and column >= 0:
            cells = [*rows[row], *[""] * (column + 1 - len(rows[row]))]
            cells[column] = text
            rows[row] = cells
    return replace(sheet, rows=rows)


def _column(letters: str) -> int:
    """The column that spreadsheets call so, counted from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
