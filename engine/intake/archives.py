"""What a zipped workbook (.xlsx, .ods) may not be: a bomb. It is looked through before a library reads it.

1. Not more than 400 MB unpacked, by what is in it and not by what it says of itself; a part that lies is damaged.
2. No password.
3. No document type: nobody who writes spreadsheets declares entities.
4. No filled cell so far out that reserving the cells before it would exhaust the memory.
5. No value that is repeated over thousands of cells, and no run of millions of blanks (.ods).

Where formulas have failed (``failed_cells``), what is hidden and what is merged (``layout``) is noted on the way.

Parts are read in pieces, so that looking takes neither memory nor more time than their length.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple
from xml.parsers import expat

from engine.intake.failed_cells import MOST_FAILED, FailedCells
from engine.intake.findings import EncryptedWorkbook, NotAWorkbook, WorkbookTooLarge
from engine.intake.layout import Area, Layouts

_LARGEST_UNPACKED: Final = 400 * 1024 * 1024
_MOST_PARTS: Final = 5_000
_MOST_RESERVED: Final = 10_000_000  # cells of the library, 32 bytes each
_MOST_REPEATED: Final = 1_000
_PIECE: Final = 1 << 20
_LONGEST_NUMBER: Final = 18
_DAMAGED: Final = (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError, zlib.error, OSError)

_YES: Final = frozenset({"1", "true"})
_UNSEEN: Final = frozenset({"collapse", "filter"})  # how .ods says of rows and columns that they are not shown

_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,10})", re.ASCII)


class Seen(NamedTuple):
    """What was noted on the way."""

    failed: FailedCells
    layouts: Layouts


def looked_through(data: bytes, name: str) -> Seen:
    """See the module. Raises WorkbookTooLarge, EncryptedWorkbook, NotAWorkbook."""
    seen = Seen(FailedCells(), Layouts())
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _look(archive, name, seen)
    except _DAMAGED as error:
        raise NotAWorkbook(name, "it is damaged") from error
    return seen


def _look(archive: zipfile.ZipFile, name: str, seen: Seen) -> None:
    parts = archive.infolist()
    left = _LARGEST_UNPACKED
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > left:
        raise _bomb(name)
    for part in parts:
        declared, watch = part.file_size, None
        for piece in _pieces(archive, part, left):
            watch = watch or _watch(part.filename, piece[:100], name, seen)
            left -= len(piece)
            if left < 0:
                raise _bomb(name)
            watch.see(piece)
        if declared != (watch.size if watch else 0):
            raise NotAWorkbook(name, "it is damaged")


def _bomb(name: str) -> WorkbookTooLarge:
    return WorkbookTooLarge(name, "too much in it once unpacked", "400 MB")


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """What is in a part, to its very end, whatever size it says it has."""
    part.file_size = most + _PIECE
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _watch(part: str, head: bytes, name: str, seen: Seen) -> "_Watch":
    """Who sees a part: sheets of .xlsx may be called anything, so that all XML is looked at as if it were one."""
    if part == "META-INF/manifest.xml":
        return _Manifest(name)
    if part == "content.xml":
        return _OdsCells(name, seen)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _XlsxCells(name, part, seen)
    return _Watch(name)


class _Watch:
    """Sees a part piece by piece, and refuses what it may not have. This one lets all pass but cells in disguise."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.size = 0
        self._tail = b""

    def see(self, piece: bytes) -> None:
        self.size += len(piece)
        self.look(piece)

    def look(self, piece: bytes) -> None:
        """Refuse what this kind of part may not have."""
        if b"sheetData" in self._tail + piece:
            raise NotAWorkbook(self.name, "it is damaged")
        self._tail = piece[-16:]


class _Elements(_Watch):
    """Sees the elements of XML, each with its attributes, by their names without prefix."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def look(self, piece: bytes) -> None:
        try:
            self._parser.Parse(piece, False)  # noqa: FBT003 - the library's own: more follows
        except expat.ExpatError as error:
            raise NotAWorkbook(self.name, "it is damaged") from error

    def element(self, kind: str, attributes: dict[str, str]) -> None:
        """Refuse what this kind of part may not have."""

    def hear(self, heard: Callable[[str], None] | None) -> None:
        """What to do with text, until it is said otherwise; None: nothing."""
        self._parser.CharacterDataHandler = heard

    def _start(self, kind: str, attributes: dict[str, str]) -> None:
        self.element(kind.rpartition(":")[2], attributes)

    def _refuse_doctype(self, *_: object) -> None:
        raise NotAWorkbook(self.name, "it declares a document type of its own, as no spreadsheet does")


class _Manifest(_Elements):
    """Says whether parts are behind a password."""

    def element(self, kind: str, attributes: dict[str, str]) -> None:
        del attributes
        if kind == "encryption-data":
            raise EncryptedWorkbook(self.name)


class _Cells(_Elements):
    """The cells of sheets, and what is noted of them; *place* is where the one that is read belongs."""

    def __init__(self, name: str, place: str, seen: Seen) -> None:
        super().__init__(name)
        self.place = place
        self.failed, self.layouts = seen

    def fail(self, rows: range, columns: range) -> None:
        """The cells that begin have failed; the text in them says how."""
        self.failed.note(self.place, rows, columns, "")
        if self.failed.number > MOST_FAILED:
            raise WorkbookTooLarge(self.name, "too many formulas that have failed", f"{MOST_FAILED:,}")
        self.hear(lambda text: self.failed.note(self.place, rows, columns, text))


class _XlsxCells(_Cells):
    """How far out a sheet goes: the last row and the last column with a cell that is more than a format."""

    def __init__(self, name: str, part: str, seen: Seen) -> None:
        super().__init__(name, part, seen)
        self._row = self._column = 0  # of the cell that is being read
        self._last_row = self._last_column = 1
        self._has_failed = False

    def element(self, kind: str, attributes: dict[str, str]) -> None:
        if kind == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
            if attributes.get("hidden") in _YES:
                self.layouts.hide_rows(self.place, range(self._row, self._row + 1))
        elif kind == "c":
            self._column += 1
            found = _PLACE.fullmatch(attributes.get("r", ""))
            if found:
                self._column, self._row = _column(found[1]), int(found[2])
            if self._has_failed:
                self.hear(None)
            self._has_failed = attributes.get("t") == "e"
        elif kind in {"v", "is", "f"}:
            self._reach()
            if self._has_failed and kind == "v":
                self.fail(range(self._row, self._row + 1), range(self._column - 1, self._column))
        else:
            self._beside(kind, attributes)

    def _beside(self, kind: str, attributes: dict[str, str]) -> None:
        """What is no cell: columns, and which part is which sheet."""
        if kind == "col" and attributes.get("hidden") in _YES:
            first = _number(attributes.get("min"), 0)
            self.layouts.hide_columns(self.place, range(first - 1, _number(attributes.get("max"), first)))
        elif kind == "sheet":
            relation = next((text for name, text in attributes.items() if name.endswith(":id")), "")
            self.failed.name_sheet(self.place, attributes.get("name", ""), relation)
        elif kind == "Relationship":
            self.failed.relate(self.place, attributes.get("Id", ""), attributes.get("Target", ""))

    def _reach(self) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        if self._last_row * self._last_column > _MOST_RESERVED:
            far = f"a cell in row {self._last_row:,} of {self._last_column:,} columns"
            raise WorkbookTooLarge(self.name, far, "20,000 rows and 1,000 columns")


class _OdsCells(_Cells):
    """How often rows and cells with something in them are repeated: empty ones may be, to the end of the sheet."""

    def __init__(self, name: str, seen: Seen) -> None:
        super().__init__(name, "", seen)
        self._row = self._times = 1  # the row that is being read, and how often it stands there
        self._column = 0  # of the next cell, before the first row of the next column

    def element(self, kind: str, attributes: dict[str, str]) -> None:
        said = {name.rpartition(":")[2]: text for name, text in attributes.items()}
        if kind == "table":
            self.place, self._row, self._times, self._column = said.get("name", ""), 1, 0, 0
        elif kind == "table-column":
            columns = self._next(said)
            if said.get("visibility") in _UNSEEN:
                self.layouts.hide_columns(self.place, columns)
        elif kind == "table-row":
            self._row, self._column = self._row + self._times, 0
            self._times = _number(said.get("number-rows-repeated"), 1)
            if said.get("visibility") in _UNSEEN:
                self.layouts.hide_rows(self.place, range(self._row, self._row + self._times))
        elif kind in {"table-cell", "covered-table-cell"}:
            self._cell(said, has_failed="error" in attributes.values())
        elif kind == "s" and _number(said.get("c"), 1) > _MOST_REPEATED:
            raise WorkbookTooLarge(self.name, "too many blanks in a cell", f"{_MOST_REPEATED:,}")

    def _cell(self, said: dict[str, str], *, has_failed: bool) -> None:
        columns = self._next(said)
        if "value-type" in said and self._times * len(columns) > _MOST_REPEATED:
            has = "one value in more than 1,000 cells beside or below one another"
            raise WorkbookTooLarge(self.name, has, f"{_MOST_REPEATED:,}")
        self.hear(None)
        if has_failed and "value-type" in said:
            self.fail(range(self._row, self._row + self._times), columns)
        down, across = (_number(said.get(f"number-{name}-spanned"), 1) for name in ("rows", "columns"))
        if down > 1 or across > 1:
            left = columns.start
            self.layouts.merge(self.place, Area(self._row, left, self._row + down - 1, left + across - 1))

    def _next(self, said: dict[str, str]) -> range:
        """The columns of what is read now."""
        first = self._column
        self._column += _number(said.get("number-columns-repeated"), 1)
        return range(first, self._column)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and len(text) <= _LONGEST_NUMBER and text.isdecimal() else otherwise


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
