"""A table as a page shows it and as a file takes it along: the same rows, so that no file says what no page does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from fastapi import Response

from engine.tabling import as_csv, as_xlsx
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from engine.tabling import Cell as FileCell

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class NoSuchFile(LifecycleError):
    """A list asked for as something that it is not given as."""

    code = "no-such-file"

    def __init__(self, suffix: str) -> None:
        super().__init__(f"A list is not given as .{suffix}.", remedy="Ask for .csv or .xlsx.")


class Link(NamedTuple):
    """A cell that leads to a page of ours."""

    text: str
    path: str


Cell = str | int | date | datetime | Link | None


class Column(NamedTuple):
    """*name* is its header in a file, *label* on a page."""

    name: str
    label: str
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under their columns. *total* is how many there are, shown or not."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int

    @property
    def shown(self) -> list[list[tuple[str, Cell]]]:
        """The rows with what each cell is, for a template; long numbers with their thousands apart."""
        told = [
            [_grouped(cell) if one.is_number else cell for one, cell in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]
        return [[(_kind_of(cell), cell) for cell in row] for row in told]


def as_file(table: Table, name: str, suffix: str) -> Response:
    """The table as ``csv`` or ``xlsx``; what a spreadsheet would take for a formula is text. Raises NoSuchFile."""
    if suffix not in _TYPES:
        raise NoSuchFile(suffix)
    headers = [column.name for column in table.columns]
    rows = [[_plain(cell) for cell in row] for row in table.rows]
    content = as_csv(headers, rows) if suffix == "csv" else as_xlsx(name[:31], headers, rows)
    told = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"', "Cache-Control": "no-store"}
    return Response(content, media_type=_TYPES[suffix], headers=told)


def _plain(cell: Cell) -> FileCell:
    match cell:
        case Link():
            return cell.text
        case datetime():
            return cell.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case _:
            return cell


def _grouped(cell: Cell) -> Cell:
    """``41500.00`` as ``41,500.00``."""
    whole, dot, rest = str(cell).partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole.isdecimal() else cell


def _kind_of(cell: Cell) -> str:
    """What a template has to do with a cell."""
    match cell:
        case Link():
            return "link"
        case datetime():
            return "instant"
        case date():
            return "day"
        case _:
            return "text"
