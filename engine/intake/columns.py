"""Which column of a sheet holds which field.

The header row is the first of 20 that names the required fields, or the one that the map says. What the map says of a
column wins; other headers are recognised; unknown ones are listed and left alone. Two columns for one field are an
error: nobody can know which of them counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.intake.findings import Finding, NoHeaderRow, cell_name
from engine.intake.headers import HEADER_ROWS, REQUIRED, Header, SheetKind, fields_of, plain, recognised, unit_named
from engine.intake.import_map import DayOrder, ImportMap, MappedColumn
from engine.intake.unfolding import unfolded
from engine.intake.workbook import Cell, Sheet

PROBLEM: Final = "Problem"  # the column of a correction file that says what was wrong


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it is in the rows, what is written above it, what it holds."""

    index: int
    text: str
    field: str
    is_clause: bool = False
    unit: str = ""
    dates: DayOrder | None = None


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How a sheet is read. *first* is the number of the first row below the headers, *rows* those rows."""

    sheet: Sheet
    kind: SheetKind
    header_row: int
    columns: tuple[Column, ...]
    unknown: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    by_field: dict[str, Column] = field(default_factory=dict, compare=False)

    @property
    def rows(self) -> Sequence[list[Cell]]:
        return self.sheet.rows[self.first - self.sheet.top :]

    @property
    def first(self) -> int:
        return self.header_row + 1

    def cell(self, column: Column | None, row: int) -> str:
        """The name of a cell; "" where the field has no column."""
        return cell_name(self.sheet.left + column.index, row) if column else ""


def column_plan(sheet: Sheet, given: ImportMap | None = None, kind: SheetKind = SheetKind.AGREEMENTS) -> ColumnPlan:
    """Find the header row of *sheet* and the field of each of its columns.

    Raises NoHeaderRow when no row names the required fields.
    """
    given = given or ImportMap()
    number = _header_row(sheet, given, kind)
    headers = [_text(cell) for cell in sheet.rows[number - sheet.top]]
    columns, unknown, findings = [], [], []
    for index, text in enumerate(headers):
        if not text or plain(text) == plain(PROBLEM) or _is_ignored(text, given):
            continue
        column = _column(index, text, given, kind)
        if column is None:
            unknown.append(text)
            findings.append(_unknown(sheet, index, number, text))
        else:
            columns.append(column)
    findings += _doubled(sheet, columns, number)
    sheet, told = unfolded(sheet, number, columns, kind)
    findings += told
    by_field = {column.field: column for column in columns if not column.is_clause}
    return ColumnPlan(sheet, kind, number, tuple(columns), tuple(unknown), tuple(findings), by_field)


def has_headers(sheet: Sheet, given: ImportMap | None = None, kind: SheetKind = SheetKind.AGREEMENTS) -> bool:
    """Whether one of the first rows, or the one that the map names, has what a sheet of *kind* needs."""
    given = given or ImportMap()
    row = given.header_row
    is_named = row is not None and _is_header_at(sheet, row, given, kind)
    return is_named or _found_row(sheet, given, kind) is not None


def _header_row(sheet: Sheet, given: ImportMap, kind: SheetKind) -> int:
    number = given.header_row if kind is SheetKind.AGREEMENTS else None
    if number is None or not _is_header_at(sheet, number, given, kind):
        number = _found_row(sheet, given, kind)  # a correction file has its headers on top, whatever the map says
    if number is not None:
        return number
    if kind is SheetKind.AGREEMENTS:
        raise NoHeaderRow(sheet.name)
    needs = " and ".join(REQUIRED[kind])
    raise NoHeaderRow(sheet.name, f"No row among the first 20 of sheet {sheet.name} has the headers {needs}.")


def _is_header_at(sheet: Sheet, number: int, given: ImportMap, kind: SheetKind) -> bool:
    is_there = sheet.top <= number < sheet.top + len(sheet.rows)
    return is_there and _is_header(sheet.rows[number - sheet.top], given, kind)


def _found_row(sheet: Sheet, given: ImportMap, kind: SheetKind) -> int | None:
    found = (sheet.top + offset for offset, row in enumerate(sheet.rows[:HEADER_ROWS]) if _is_header(row, given, kind))
    return next(found, None)


def _is_header(row: Sequence[Cell], given: ImportMap, kind: SheetKind) -> bool:
    texts = [_text(cell) for cell in row]
    columns = [_column(index, text, given, kind) for index, text in enumerate(texts) if text]
    fields = {column.field for column in columns if column and not column.is_clause}
    constants = set(given.constants) if kind is SheetKind.AGREEMENTS and fields else set()
    return (fields | constants).issuperset(REQUIRED[kind])


def _text(cell: Cell) -> str:
    return " ".join(cell[:200].split()) if isinstance(cell, str) else ""


def _is_ignored(text: str, given: ImportMap) -> bool:
    return any(plain(text) == plain(other) for other in given.ignore)


def _column(index: int, text: str, given: ImportMap, kind: SheetKind) -> Column | None:
    header = recognised(text, kind)
    mapped = _mapped(text, given) if kind is SheetKind.AGREEMENTS else None
    if mapped is not None:
        own = header.unit if header else ""
        header = Header(mapped.field, mapped.is_clause, unit_named(mapped.unit) or mapped.unit or own)
    if header is None or header.field not in fields_of(kind):
        return None
    dates = mapped.dates if mapped else None
    return Column(index, text, header.field, header.is_clause, header.unit, dates)


def _mapped(text: str, given: ImportMap) -> MappedColumn | None:
    exact = given.columns.get(text)
    if exact is not None:
        return exact
    return next((mapped for name, mapped in given.columns.items() if plain(name) == plain(text)), None)


def _unknown(sheet: Sheet, index: int, row: int, text: str) -> Finding:
    return Finding(
        sheet.name,
        cell_name(sheet.left + index, row),
        text,
        text,
        "unknown_column",
        "This column is not known; it is left out.",
        "Name its field in a map, or name it under ignore.",
        is_error=False,
    )


def _doubled(sheet: Sheet, columns: Sequence[Column], row: int) -> list[Finding]:
    seen: dict[tuple[str, bool], Column] = {}
    findings = []
    for column in columns:
        first = seen.setdefault((column.field, column.is_clause), column)
        if first is not column:
            cell = cell_name(sheet.left + column.index, row)
            message = f"{first.text} and {column.text} both hold {column.field}."
            ignored = "" if first.text == column.text else ", or name one under ignore in a map"
            remedy = f"Remove one of the two columns{ignored}."
            findings.append(Finding(sheet.name, cell, column.text, column.text, "doubled_column", message, remedy))
    return findings
