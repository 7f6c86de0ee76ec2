"""Writing workbooks: sheets of plain cells under bold headers, the same look for template, register and corrections.

Text never becomes a formula. Days are date cells, so that nobody has to ask which number is the month.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

_WIDEST: Final = 48
_FIRST_SAFE_YEAR: Final = 1901  # before March 1900 programs disagree about serial numbers
_LONGEST_NAME: Final = 31
_LAST_ROW: Final = 20_000


class Book:
    """A workbook that is being written; use it in a ``with`` statement."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter

        self._path, self._packed = path, BytesIO()  # so that a disk that is full leaves no half-open file behind
        self._book = xlsxwriter.Workbook(self._packed, {"strings_to_formulas": False, "strings_to_urls": False})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._amount = self._book.add_format({"num_format": "#,##0.00"})
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._faulty = self._book.add_format({"bg_color": "#FFE3A3", "text_wrap": False})
        self._faulty_day = self._book.add_format({"bg_color": "#FFE3A3", "num_format": "yyyy-mm-dd", "align": "left"})
        self._names: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._close()

    def _close(self) -> None:
        """Write it all. Raises OSError where it cannot be written."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:  # no room for its own scratch files
            raise (
                error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error))
            ) from None
        self._path.write_bytes(self._packed.getbuffer())

    def sheet(self, name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> "Page":
        """Add a sheet with *headers* in its first row and *rows* below."""
        page = Page(self._book.add_worksheet(self._free(name)), headers, self)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                page.write(number, column, cell)
        return page

    def _free(self, name: str) -> str:
        """A name that a sheet may have, and that none has yet."""
        bare = "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip("' ")[:_LONGEST_NAME] or "sheet"
        free = next(name for name in _spellings(bare) if name.casefold() not in self._names)
        self._names.add(free.casefold())
        return free


class Page:
    """One sheet of a book."""

    def __init__(self, sheet: Any, headers: Sequence[str], book: Book) -> None:  # noqa: ANN401 - shipped without types
        self._sheet = sheet
        self._book = book
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, book._bold)  # noqa: SLF001 - a page is a part of its book
            sheet.set_column(column, column, min(_WIDEST, max(12, len(header) + 2)))
        sheet.freeze_panes(1, 1)

    def write(self, row: int, column: int, cell: object, *, is_faulty: bool = False) -> None:
        """Write a value as what it is; empty ones are left out, but where they are at fault."""
        book, sheet = self._book, self._sheet
        text_format = book._faulty if is_faulty else None  # noqa: SLF001
        match cell:
            case None | "":
                if is_faulty:
                    sheet.write_blank(row, column, None, text_format)
            case bool():
                sheet.write_string(row, column, "yes" if cell else "no", text_format)
            case date() if cell.year >= _FIRST_SAFE_YEAR:
                sheet.write_datetime(row, column, cell, book._faulty_day if is_faulty else book._day)  # noqa: SLF001
            case Decimal():
                sheet.write_number(row, column, float(cell), book._amount)  # noqa: SLF001
            case int() | float():
                sheet.write_number(row, column, cell, text_format)
            case date():
                sheet.write_string(row, column, cell.isoformat(), text_format)
            case _:
                sheet.write_string(row, column, str(cell), text_format)

    def explain(self, comments: Mapping[int, str]) -> None:
        """Put a comment at the headers of these columns."""
        for column, text in comments.items():
            self._sheet.write_comment(0, column, text, {"x_scale": 2.5, "y_scale": 1.2})

    def offer(self, column: int, words: Sequence[str]) -> None:
        """Offer *words* in the cells of a column; other ones may be typed all the same."""
        options = {"validate": "list", "source": list(words), "error_type": "information"}
        self._sheet.data_validation(1, column, _LAST_ROW, column, options)

    def widen(self, column: int, width: int) -> None:
        self._sheet.set_column(column, column, width)


def _spellings(name: str) -> Iterator[str]:
    """``sheet``, ``sheet 2``, ``sheet 3`` ..., none longer than the name of a sheet may be."""
    yield name
    for number in count(2):
        end = f" {number}"
        yield name[: _LONGEST_NAME - len(end)] + end
