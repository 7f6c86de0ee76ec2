"""What a sheet shows otherwise than its cells hold it: merged cells are read in each row, what is hidden is said.

1. Below the headers, a value whose cell is merged downwards is the value of every row beside it that holds anything.
2. A reference names one agreement and an amount is counted once: of these only the first row has the value.
3. Rows and columns that are hidden are read like all others: who does not see them hears of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from engine.intake.findings import Finding, cell_name
from engine.intake.headers import SheetKind
from engine.intake.layout import Area
from engine.intake.texts import as_text
from engine.intake.workbook import Cell, Sheet

if TYPE_CHECKING:
    from engine.intake.columns import Column

_ONE_ROW_ALONE: Final = {SheetKind.AGREEMENTS: frozenset({"reference", "value"})}
_SPANS_TOLD: Final = 8


def unfolded(
    sheet: Sheet, header_row: int, columns: Sequence["Column"], kind: SheetKind
) -> tuple[Sheet, list[Finding]]:
    """*sheet* as it is read by these *columns*, and what is said of it. See the module."""
    by_place = {sheet.left + column.index: column for column in columns}
    findings = [*_hidden_rows(sheet, header_row), *_hidden_columns(sheet, by_place)]
    rows = list(sheet.rows)
    for area in _downwards(sheet, header_row, by_place):
        column = by_place[area.left]
        is_alone = column.field in _ONE_ROW_ALONE.get(kind, ()) and not column.is_clause
        wanting = [number for number in _rows_of(area, sheet) if _lacks(sheet, number, column)]
        value = _cell(sheet.rows[area.top - sheet.top], column.index)
        if not wanting or value == "":
            continue
        if not is_alone:
            for number in wanting:
                rows[number - sheet.top] = _with(rows[number - sheet.top], column.index, value)
        findings.append(_merged(sheet, area, column, value, is_alone=is_alone))
    return replace(sheet, rows=rows), findings


def _downwards(sheet: Sheet, header_row: int, by_place: dict[int, "Column"]) -> Iterator[Area]:
    """Areas below the headers of more than one row, those of each column one below the other."""
    end = header_row
    column = -1
    last = sheet.top + len(sheet.rows) - 1
    for area in sorted(sheet.layout.merged, key=lambda one: (one.left, one.top)):
        if area.left != column:
            column, end = area.left, header_row
        if area.bottom > area.top > end and area.top <= last and area.left in by_place:
            end = area.bottom
            yield area


def _rows_of(area: Area, sheet: Sheet) -> range:
    """The rows of an area below its first, as far as anything stands in the sheet."""
    return range(area.top + 1, min(area.bottom, sheet.top + len(sheet.rows) - 1) + 1)


def _lacks(sheet: Sheet, number: int, column: "Column") -> bool:
    """Whether a row holds something, but nothing in this column."""
    cells = sheet.rows[number - sheet.top]
    return _cell(cells, column.index) == "" and any(cell != "" for cell in cells)


def _cell(cells: list[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else ""


def _with(cells: list[Cell], index: int, value: Cell) -> list[Cell]:
    made = [*cells, *[""] * (index + 1 - len(cells))]
    made[index] = value
    return made


def _merged(sheet: Sheet, area: Area, column: "Column", value: Cell, *, is_alone: bool) -> Finding:
    first, last = cell_name(area.left, area.top), cell_name(area.left, area.bottom)
    if is_alone:
        message = f"{first} to {last} are merged: only row {area.top} has this {column.field}."
        remedy = "Take the cells apart, and write in each row what is its own."
    else:
        message = f"{first} to {last} are merged: each row beside them is read with this value."
        remedy = "If that is not meant, take the cells apart and write in each row what is its own."
    return Finding(sheet.name, first, column.text, as_text(value), "merged_cells", message, remedy, is_error=False)


def _hidden_rows(sheet: Sheet, header_row: int) -> Iterator[Finding]:
    last = sheet.top + len(sheet.rows) - 1
    read = (number for number in sheet.layout.hidden_rows if header_row < number <= last)
    found = sorted(number for number in read if any(cell != "" for cell in sheet.rows[number - sheet.top]))
    if found:
        spans = [f"{first} to {end}" if first < end else str(first) for first, end in _spans(found)]
        what = f"{'Row' if len(found) == 1 else 'Rows'} {_told(spans)}"
        yield _hidden(sheet, "hidden_rows", what, is_one=len(found) == 1, remedy="Take out those that are not meant.")


def _hidden_columns(sheet: Sheet, by_place: dict[int, "Column"]) -> Iterator[Finding]:
    found = sorted(sheet.layout.hidden_columns & by_place.keys())
    if found:
        told = [f"{cell_name(place, 0)[:-1]} ({by_place[place].text})" for place in found]
        what = f"{'Column' if len(found) == 1 else 'Columns'} {_told(told)}"
        remedy = "Take out those that are not meant, or name them under ignore in a map."
        yield _hidden(sheet, "hidden_columns", what, is_one=len(found) == 1, remedy=remedy)


def _hidden(sheet: Sheet, code: str, what: str, *, is_one: bool, remedy: str) -> Finding:
    message = f"{what} {'is' if is_one else 'are'} hidden in the spreadsheet, and read all the same."
    return Finding(sheet.name, "", "", "", code, message, remedy, is_error=False)


def _spans(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of numbers, which are in order."""
    for _, run in groupby(enumerate(numbers), key=lambda one: one[1] - one[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]


def _told(spans: list[str]) -> str:
    more = len(spans) - _SPANS_TOLD
    return ", ".join(spans if more <= 0 else [*spans[:_SPANS_TOLD], f"and {more} more"])
