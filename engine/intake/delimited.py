"""CSV as spreadsheet programs write it: delimiter and encoding are found, quoted line breaks kept.

The delimiter is the one under which a header row with a reference and a counterparty appears; where none does, the
one that makes the most columns. Encodings: what a byte order mark says, else UTF-8, else Windows-1252.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from engine.intake.findings import EmptyWorkbook, NotAWorkbook, WorkbookTooLarge
from engine.intake.headers import HEADER_ROWS, names_agreements

DELIMITERS: Final = (",", ";", "\t", "|")
_BY_MARK: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_GUESSED: Final = ("utf-8", "cp1252", "latin-1")


@dataclass(frozen=True, slots=True)
class Delimited:
    """The rows of a CSV file, and how it was read."""

    rows: list[list[str]]
    encoding: str
    delimiter: str


def read_delimited(data: bytes, name: str, *, most_rows: int) -> Delimited:
    """Read CSV. Raises NotAWorkbook for what is no text, EmptyWorkbook, WorkbookTooLarge."""
    text, encoding = _decoded(data, name)
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter, name)
    filled = sum(1 for row in rows if any(row))
    if not filled:
        raise EmptyWorkbook(name)
    if filled > most_rows + 1:  # the header
        raise WorkbookTooLarge(name, f"{filled - 1:,} rows", f"{most_rows:,}")
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


def _rows(text: str, delimiter: str, name: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return list(reader)
    except csv.Error as error:
        raise NotAWorkbook(name, f"near line {reader.line_num} a quotation mark is left open ({error})") from error
