"""The correction file: the rows that failed, as they stand in the file, and beside each what is wrong.

Mended, it imports: headers, sheet names and cells are those of the file. A day that was understood is written as a date
cell, for in the short file nothing may be left of what settled the order of its column. Who is named and not known is
listed once in a sheet ``people``, which adds them all where it is left as it is.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from engine.intake.columns import PROBLEM, Column
from engine.intake.drafts import Draft
from engine.intake.findings import Finding
from engine.intake.headers import SheetKind, sheet_kind
from engine.intake.rows import ReadRow
from engine.intake.sheets import Book, Page
from engine.intake.sides import PersonDraft
from engine.intake.workbook import Cell
from lifecycle.people import is_address

_PROBLEM_WIDTH: Final = 80
_FORMULAS: Final = ("=", "+", "-", "@")
_PEOPLE: Final = ("owner", "backup")
_ADDED: Final = "Nobody here has this address yet: this row adds them. Take it out if they are not meant."
_NAMELESS: Final = "Nobody here bears this name yet: write their mail address, or take the row out."


class Failed(NamedTuple):
    """A draft or a person that could not be taken in, with all findings."""

    draft: Draft | PersonDraft
    findings: Sequence[Finding]


def write_corrections(path: Path, failed: Iterable[Failed]) -> None:
    """Write the rows of *failed* to *path*, by sheet, with a column *Problem*; cells with an error are coloured."""
    failed = list(failed)
    by_sheet: dict[str, list[tuple[ReadRow, list[Finding]]]] = {}
    for draft, findings in failed:
        rows = draft.rows if isinstance(draft, Draft) else (draft.row,)
        for row in rows:
            of_row = [each for each in findings if each.is_error and _is_of(each, row, is_first=row is rows[0])]
            by_sheet.setdefault(row.plan.sheet.name, []).append((row, of_row))
    with Book(path) as book:
        for name, rows_of_sheet in by_sheet.items():
            _page(book, name, rows_of_sheet)
        if SheetKind.PEOPLE not in map(sheet_kind, by_sheet):
            _newcomers(book, _unknown(failed))


def _is_of(finding: Finding, row: ReadRow, *, is_first: bool) -> bool:
    """Whether *finding* is about *row*; what is about no cell is said at the first row."""
    if not finding.cell:
        return is_first
    return finding.sheet == row.plan.sheet.name and finding.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(row.number)


def _page(book: Book, name: str, rows: list[tuple[ReadRow, list[Finding]]]) -> None:
    plan = rows[0][0].plan
    headers = [_header(cell) for cell in plan.sheet.rows[plan.header_row - plan.sheet.top]]
    kept = [index for index, header in enumerate(headers) if header != PROBLEM]
    page = book.sheet(name, [*(headers[index] for index in kept), PROBLEM], ())
    page.widen(len(kept), _PROBLEM_WIDTH)
    columns = {column.index: column for column in plan.columns if not column.is_clause}
    for number, (row, findings) in enumerate(rows, start=1):
        faulty = {finding.cell for finding in findings}
        for place, index in enumerate(kept):
            column = columns.get(index)
            cell = _cell(row, index, column)
            page.write(number, place, cell, is_faulty=column is not None and plan.cell(column, row.number) in faulty)
        _problem(page, number, len(kept), findings)


def _unknown(failed: Iterable[Failed]) -> list[str]:
    """Whom rows name as owner or backup and nobody knows, each once, as they are written first."""
    found: dict[str, str] = {}
    for draft, findings in failed:
        places = {(one.sheet, one.cell) for one in findings if one.code == "unknown_person"}
        for row in draft.rows if places and isinstance(draft, Draft) else ():
            for column in filter(None, map(row.plan.by_field.get, _PEOPLE)):
                if (row.plan.sheet.name, row.plan.cell(column, row.number)) in places:
                    name = str(row.fields[column.field])
                    found.setdefault(name.casefold(), name)
    return list(found.values())


def _newcomers(book: Book, unknown: Sequence[str]) -> None:
    if not unknown:
        return
    page = book.sheet("people", ["email", "name", "role", PROBLEM], ())
    page.widen(3, _PROBLEM_WIDTH)
    for number, name in enumerate(unknown, start=1):
        is_known = is_address(name)
        page.write(number, 0, name if is_known else None, is_faulty=not is_known)
        page.write(number, 1, None if is_known else name)
        page.write(number, 3, _ADDED if is_known else _NAMELESS)


def _problem(page: Page, row: int, column: int, findings: Iterable[Finding]) -> None:
    texts = [f"{each.column}: {each.message} {each.remedy}".strip() for each in findings]
    page.write(row, column, "\n".join(dict.fromkeys(texts)))


def _cell(row: ReadRow, index: int, column: Column | None) -> Any:  # noqa: ANN401 - whatever stands in a cell
    cell: Cell = row.cells[index] if index < len(row.cells) else ""
    if column is not None and type(day := row.fields.get(column.field)) is date:
        return day
    if isinstance(cell, str) and len(cell) > 1 and cell.startswith(_FORMULAS):
        return f"'{cell}"
    return cell


def _header(cell: Cell) -> str:
    return " ".join(str(cell).split())
