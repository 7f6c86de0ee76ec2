"""CSV as spreadsheet programs write it: delimiter and encoding are found, quoted line breaks kept.

The delimiter is the one under which a header row with a reference and a counterparty appears; where none does, the
one that makes the most columns. Encodings: what a byte order mark says, else UTF-8, else Windows-1252.

A quotation mark that is left open makes one cell of the lines after it. Whose rows they were cannot be told, so the
file is refused whole, with the line on which it opened.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from engine.intake.findings import EmptyWorkbook, NotAWorkbook, OpenQuote, WorkbookTooLarge
from engine.intake.headers import HEADER_ROWS, names_agreements

MOST_COLUMNS: Final = 1_000  # in use; spreadsheets have 16,384
DELIMITERS: Final = (",", ";", "\t", "|")
_BY_MARK: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_GUESSED: Final = ("utf-8", "cp1252", "latin-1")
_BREAK: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Delimited:
    """The rows of a CSV file, and how it was read."""

    rows: list[list[str]]
    encoding: str
    delimiter: str


def read_delimited(data: bytes, name: str, *, most_rows: int) -> Delimited:
    """Read CSV. Raises NotAWorkbook for what is no text, OpenQuote, EmptyWorkbook, WorkbookTooLarge."""
    text, encoding = _decoded(data, name)
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        raise NotAWorkbook(name, "it is a page of the web or another text with markup")
    delimiter = _delimiter(text)
    _refuse_open_quote(text, delimiter, name)
    rows = _rows(text, delimiter, name, most_rows)
    if not any(map(any, rows)):
        raise EmptyWorkbook(name)
    return Delimited(rows, encoding, delimiter)


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    marked = [encoding for mark, encoding in _BY_MARK.items() if data.startswith(mark)]
    for encoding in marked or _GUESSED:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise NotAWorkbook(name, "it holds no text")
        return text, encoding
    raise NotAWorkbook(name, "its text cannot be decoded")


def _delimiter(text: str) -> str:
    """The delimiter that brings the headers to light; Excel's own ``sep=;`` line wins."""
    if text[:4].lower() == "sep=" and text[4:5] in DELIMITERS:
        return text[4]
    widest, columns = ",", 0
    for delimiter in DELIMITERS:
        rows = list(islice(_tolerant(text, delimiter), HEADER_ROWS))
        if any(names_agreements(row) for row in rows):
            return delimiter
        width = max((len(row) for row in rows), default=0)
        if width > columns:
            widest, columns = delimiter, width
    return widest


def _tolerant(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        return


def _refuse_open_quote(text: str, delimiter: str, name: str) -> None:
    """Raise OpenQuote for a quoted cell that no mark closes, or that one inside a later line's cell does.

    Within one line a mark in the wrong place stays text, as spreadsheet programs have it.
    """
    if '"' not in text:
        return
    quoted = re.compile(rf'(?:(?<=[{re.escape(delimiter)}\r\n])|\A)"[^"]*+(?:""[^"]*+)*+("|\Z)')
    for cell in quoted.finditer(text):
        is_closed = bool(cell[1])
        is_whole = is_closed and text[cell.end() : cell.end() + 1] in {"", delimiter, "\r", "\n"}
        if not is_whole and (not is_closed or _BREAK.search(cell[0])):
            opened = _line(text, cell.start())
            raise OpenQuote(name, opened, _line(text.rstrip("\r\n"), cell.end()))


def _line(text: str, at: int) -> int:
    """The line of the character *at*, from 1."""
    return 1 + len(_BREAK.findall(text, 0, at))


def _rows(text: str, delimiter: str, name: str, most: int) -> list[list[str]]:
    """The rows; blank ones share one list, so that a file of line breaks stays small."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    blank: list[str] = []
    filled = 0
    try:
        for row in reader:
            is_filled = any(row)
            if is_filled and len(row) > MOST_COLUMNS and (width := _width(row)) > MOST_COLUMNS:
                raise WorkbookTooLarge(name, f"{width:,} columns", f"{MOST_COLUMNS:,}")
            rows.append(row if is_filled else blank)
            filled += is_filled
            if filled > most + 1:  # the header
                raise WorkbookTooLarge(name, f"more than {most:,} rows", f"{most:,}")
    except csv.Error as error:
        raise WorkbookTooLarge(
            name, f"a longer cell near line {reader.line_num}", f"{csv.field_size_limit():,} characters"
        ) from error
    return rows


def _width(row: list[str]) -> int:
    return next(number for number in range(len(row), 0, -1) if row[number - 1])
