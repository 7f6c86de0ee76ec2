"""From a file to sheets of cells, whatever wrote the file: .xlsx, .xls, .ods, .csv.

Limits: 20 MB, 20,000 rows a sheet, 1,000 columns in use. What a reader library would choke on (a password, a cell in
the last row and column of a sheet, a small archive of gigabytes) is refused before it is read (``archives``). Formulas
are never computed: the value that the spreadsheet program kept is taken. Where one has failed its error stands in the
cell (``failed_cells``), but in .xls, which says so nowhere that can be read: there the cell is empty. Nor is it
known of .xls which rows and columns are hidden; which sheets are is known of every format.
"""

import hashlib
import io
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from engine.intake.archives import Seen, looked_through
from engine.intake.delimited import MOST_COLUMNS, read_delimited
from engine.intake.failed_cells import FailedCells, Row
from engine.intake.findings import EmptyWorkbook, EncryptedWorkbook, NotAWorkbook, WorkbookTooLarge
from engine.intake.layout import PLAIN, Area, Layout, Layouts

LARGEST_BYTES: Final = 20 * 1024 * 1024
MOST_ROWS: Final = 20_000
_MOST_CELLS: Final = 4_000_000  # filled, in all sheets together

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
Cell = Any  # str, int, float, bool, date, datetime, time or timedelta


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet. *rows* begin with row number *top* (from 1) and with column *left* (from 0, which is A)."""

    name: str
    rows: list[list[Cell]]
    top: int = 1
    left: int = 0
    layout: Layout = PLAIN
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was read. *encoding* and *delimiter* are told of CSV files, else ""; of *is_xls* see the module."""

    name: str
    sheets: tuple[Sheet, ...]
    sha256: str
    encoding: str = ""
    delimiter: str = ""
    is_xls: bool = False


def read_workbook(source: Path | bytes, name: str = "") -> Workbook:
    """Read a spreadsheet by its content; its name is only for messages and for the sheet of a CSV file.

    Raises the leaves of WorkbookError, and OSError where a path cannot be read.
    """
    name = name or (source.name if isinstance(source, Path) else "the file")
    data = _bytes(source, name)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith((_ZIP, _OLE)):
        return Workbook(name, _sheets(data, name), digest, is_xls=data.startswith(_OLE))
    text = read_delimited(data, name, most_rows=MOST_ROWS)
    sheet = Sheet(Path(name).stem or name, text.rows)
    return Workbook(name, (sheet,), digest, text.encoding, text.delimiter)


def _bytes(source: Path | bytes, name: str) -> bytes:
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > LARGEST_BYTES:
        raise WorkbookTooLarge(name, f"{size / 1024 / 1024:.1f} MB", "20 MB")
    data = source.read_bytes() if isinstance(source, Path) else source
    if not data.strip():
        raise EmptyWorkbook(name)
    return data


def _sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    seen = _looked_through(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        reader = _Reader(name, seen)
        sheets = tuple(
            replace(reader.sheet(book.get_sheet_by_name(one.name)), is_hidden=one.visible != SheetVisibleEnum.Visible)
            for one in found
        )
    except PasswordError:
        raise EncryptedWorkbook(name) from None
    except (CalamineError, OSError, ValueError) as error:
        raise NotAWorkbook(name, str(error)) from error
    except BaseException as error:
        # The library's own panics are no Exception; anything else that is none (an interrupt) goes on.
        if type(error).__name__ != "PanicException":
            raise
        raise NotAWorkbook(name, "it is damaged") from error
    if not any(sheet.rows for sheet in sheets):
        raise EmptyWorkbook(name)
    return sheets


def _looked_through(data: bytes, name: str) -> Seen:
    if data.startswith(_ZIP):
        return looked_through(data, name)
    if _ENCRYPTED_OLE in data:
        raise EncryptedWorkbook(name)
    return Seen(FailedCells(), Layouts())


class _Reader:
    """Takes the filled cells of one sheet after the other, as many as there may be."""

    def __init__(self, name: str, seen: Seen) -> None:
        self._name = name
        self._failed, self._layouts = seen
        self._cells = 0

    def sheet(self, sheet: Any) -> Sheet:  # noqa: ANN401 - the library ships its types without this class's fields
        top, left = sheet.start or (0, 0)
        rows: list[list[Cell]] = []
        blank: list[Cell] = []
        filled, failed = 0, self._failed.of_sheet(sheet.name)
        found = islice(sheet.iter_rows(), top, None)  # they begin with the first row, but with the first column in use
        for number, cells in enumerate(found, start=top + 1):
            if number in failed:
                _fill(cells, failed[number], left)
            width = _width(cells)
            rows.append(cells[:width] if width else blank)
            filled += bool(width)
            self._refuse(sheet.name, filled, width)
        while rows and not rows[-1]:
            rows.pop()
        return Sheet(sheet.name, rows, top + 1, left, self._layout(sheet))

    def _layout(self, sheet: Any) -> Layout:  # noqa: ANN401 - see above
        """The library tells what is merged in .xlsx and .xls, of .ods it was noted."""
        noted = self._layouts.of(self._failed.place_of(sheet.name))
        told = sheet.merged_cell_ranges or ()
        merged = tuple(Area(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in told)
        return replace(noted, merged=merged or noted.merged)

    def _refuse(self, sheet: str, filled: int, width: int) -> None:
        self._cells += width
        if filled > MOST_ROWS + 1:  # the header
            raise WorkbookTooLarge(self._name, f"more than {MOST_ROWS:,} rows in sheet {sheet}", f"{MOST_ROWS:,}")
        if width > MOST_COLUMNS:
            raise WorkbookTooLarge(self._name, f"{width:,} columns in sheet {sheet}", f"{MOST_COLUMNS:,}")
        if self._cells > _MOST_CELLS:
            raise WorkbookTooLarge(self._name, "too many cells", f"{_MOST_CELLS:,}")


def _fill(cells: list[Cell], failed: Row, left: int) -> None:
    """Put the errors of a row into its *cells*, of which the first stands in column *left*."""
    for column, error in failed.items():
        place = column - left
        if 0 <= place < len(cells) and cells[place] == "":
            cells[place] = error


def _width(cells: list[Cell]) -> int:
    """How many cells there are up to the last that is filled."""
    width = len(cells)
    while width and cells[width - 1] == "":
        width -= 1
    return width
