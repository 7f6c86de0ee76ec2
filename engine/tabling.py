"""A list as a file that spreadsheets open: comma-separated values, or a workbook.

Text that a spreadsheet would take for a formula stands behind an apostrophe, in both. Days are days in a workbook and
ISO in values, so that no reader has to guess their order.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from engine.intake.texts import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cell = str | int | float | date | None
_WIDTHS: Final = (10, 50)  # of a column, in letters
_BOM: Final = "\ufeff"  # without it spreadsheets take UTF-8 for the system's own code


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a header row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return (_BOM + out.getvalue()).encode()


def as_xlsx(name: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet with a header row that stays in sight."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    widths = [len(header) for header in headers]
    sheet.write_row(0, 0, headers, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], len(str(cell)))
            _write(sheet, (number, column), cell, day)
    least, most = _WIDTHS
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width, least), most))
    book.close()
    return out.getvalue()


def _write(sheet: Any, place: tuple[int, int], cell: Cell, day: Any) -> None:  # noqa: ANN401 - the library has no types
    match cell:
        case None | "":
            return
        case date():
            sheet.write_datetime(*place, cell, day)
        case int() | float():
            sheet.write_number(*place, cell)
        case _:
            sheet.write_string(*place, guarded(cell.strip()))


def _plain(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()
        case int() | float():
            return cell
        case _:
            return guarded(cell.strip())
