"""From a file to sheets of cells, whatever wrote the file: .xlsx, .xls, .ods, .csv.

Limits: 20 MB and 20,000 rows a sheet. What a reader library would choke on (a password, a cell in the last row and
column of a sheet, a small archive of gigabytes) is refused before it is read. Formulas are never computed: the value
that the spreadsheet program kept is taken.
"""

import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.intake.delimited import read_delimited
from engine.intake.findings import EmptyWorkbook, EncryptedWorkbook, NotAWorkbook, WorkbookTooLarge

LARGEST_BYTES: Final = 20 * 1024 * 1024
MOST_ROWS: Final = 20_000
_LARGEST_UNPACKED: Final = 400 * 1024 * 1024
_MOST_CELLS: Final = 30_000_000  # reserved at once by the library, 32 bytes each

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
_LAST_ROW = re.compile(rb"""<c\b[^>]*?\sr=["'][A-Z]{1,3}(\d{1,7})["']""")
_WIDE = re.compile(rb"""<c\b[^>]*?\sr=["']([A-Z]{2,3})\d{1,7}["'][^>/]*>""")
_REPEATED_VALUE = re.compile(rb"<table:table-cell(?=[^>]*value-type)[^>]*number-columns-repeated=\"\d{4,}\"")
_TAIL: Final = 1 << 16

Cell = Any  # str, int, float, bool, date, datetime, time or timedelta


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet. *rows* begin with row number *top* (from 1) and with column *left* (from 0, which is A)."""

    name: str
    rows: list[list[Cell]]
    top: int = 1
    left: int = 0


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was read. *encoding* and *delimiter* are told of CSV files, else ""."""

    name: str
    sheets: tuple[Sheet, ...]
    sha256: str
    encoding: str = ""
    delimiter: str = ""


def read_workbook(source: Path | bytes, name: str = "") -> Workbook:
    """Read a spreadsheet by its content; its name is only for messages and for the sheet of a CSV file.

    Raises the leaves of WorkbookError, and OSError where a path cannot be read.
    """
    name = name or (source.name if isinstance(source, Path) else "the file")
    data = _bytes(source, name)
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith((_ZIP, _OLE)):
        return Workbook(name, _sheets(data, name), digest)
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
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    _refuse_encrypted_or_huge(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        sheets = tuple(_sheet(book.get_sheet_by_name(sheet), name) for sheet in names)
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


def _sheet(sheet: Any, name: str) -> Sheet:  # noqa: ANN401 - the library ships its types without this class's fields
    top, left = sheet.start or (0, 0)
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=True)
    if len(rows) > MOST_ROWS:
        filled = sum(1 for row in rows if any(cell != "" for cell in row))
        if filled > MOST_ROWS + 1:  # the header
            raise WorkbookTooLarge(name, f"{filled - 1:,} rows in sheet {sheet.name}", f"{MOST_ROWS:,}")
    return Sheet(sheet.name, rows, top + 1, left)


def _refuse_encrypted_or_huge(data: bytes, name: str) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED_OLE in data:
            raise EncryptedWorkbook(name)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_archive(archive, name)
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise NotAWorkbook(name, "it is damaged") from error


def _refuse_archive(archive: zipfile.ZipFile, name: str) -> None:
    if sum(item.file_size for item in archive.infolist()) > _LARGEST_UNPACKED:
        raise WorkbookTooLarge(name, "too much in it once unpacked", "400 MB")
    names = archive.namelist()
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise EncryptedWorkbook(name)
    for item in names:
        if item.startswith("xl/worksheets/") and item.endswith(".xml"):
            _refuse_wide(archive.read(item), name)
        elif item == "content.xml" and _REPEATED_VALUE.search(archive.read(item)):
            raise WorkbookTooLarge(name, "one value in more than 1,000 cells beside one another", "1,000")


def _refuse_wide(xml: bytes, name: str) -> None:
    """Refuse a sheet whose corner lies so far out that reserving its cells would exhaust the memory."""
    rows = _LAST_ROW.findall(xml, max(0, len(xml) - _TAIL)) or _LAST_ROW.findall(xml)
    last_row = max(map(int, rows), default=1)
    last_column = max((_column(letters) for letters in set(_WIDE.findall(xml))), default=26)
    if last_row * last_column > _MOST_CELLS:
        raise WorkbookTooLarge(name, f"a cell in row {last_row:,} of {last_column:,} columns", f"{MOST_ROWS:,} rows")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
