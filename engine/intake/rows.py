"""One row of a sheet, read: the fields that its cells say, and what is wrong with them.

Only what is said is there: an empty cell leaves a value as it is, ``CLEARED`` takes it away. Each distinct text of a
column is read once.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from engine.intake.cells import Reader
from engine.intake.columns import Column, ColumnPlan
from engine.intake.days import column_order, read_day
from engine.intake.findings import Fault, Finding, Said, refused
from engine.intake.import_map import DayOrder
from engine.intake.money import money_of
from engine.intake.texts import CLEARED, as_text, is_cell_error, says_none, unguarded
from engine.intake.workbook import Cell
from lifecycle.counting.derivation import Clause

EMPTY: Final = Said()
_FAILED: Final = refused(
    "cell_error", "The spreadsheet's formula has failed here.", "Mend the formula, or write the value."
)
_CLAUSE = re.compile(
    r"(?:(?:cl|clause|sec|section)\.?\s+)?(.*?)[,;\s]*(?:\b(?:pp?|page|s|seite)\.?\s*(\d{1,5}))?", re.IGNORECASE
)
_LONGEST_CLAUSE: Final = 200

CellReader = Callable[[Cell], Said]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What row *number* of a sheet says. *cells* stay beside it, for messages and for the correction file."""

    plan: ColumnPlan
    number: int
    cells: list[Cell]
    fields: dict[str, Any] = field(default_factory=dict)
    clauses: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def finding(self, name: str, fault: Fault, *, is_error: bool = True) -> Finding:
        """*fault* at the cell of field *name* in this row."""
        return self._at(self.plan.by_field.get(name), name, fault, is_error=is_error)

    def note(self, column: Column, fault: Fault, *, is_error: bool) -> None:
        self.findings.append(self._at(column, column.field, fault, is_error=is_error))

    def written(self, column: Column | None) -> str:
        """What stands in the cell, as text."""
        return as_text(self.cells[column.index]) if column and column.index < len(self.cells) else ""

    def _at(self, column: Column | None, name: str, fault: Fault, *, is_error: bool) -> Finding:
        cell = self.plan.cell(column, self.number)
        return Finding(
            self.plan.sheet.name,
            cell,
            column.text if column else name,
            self.written(column),
            fault.code,
            fault.message,
            fault.remedy,
            is_error,
            0 if cell else self.number,
        )


@dataclass(frozen=True, slots=True)
class SheetReaders:
    """How the fields of a kind of sheet are read.

    *days* have the order of their column, *perpetual* ones may have no end, *amounts* are money, and in *uncleared*
    ones a word that clears may be a value ("none" of a renewal).
    """

    readers: Mapping[str, Reader]
    days: tuple[str, ...] = ()
    perpetual: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    uncleared: tuple[str, ...] = ()


def settled(plan: ColumnPlan, known: SheetReaders, dates: DayOrder | None) -> ColumnPlan:
    """*plan* with the order of days of each column: its own by the map, else *dates*, else what its values agree on."""
    columns = tuple(
        replace(column, dates=column.dates or dates or _evidence(plan, column))
        if column.field in known.days
        else column
        for column in plan.columns
    )
    by_field = {column.field: column for column in columns if not column.is_clause}
    return replace(plan, columns=columns, by_field=by_field)


class _Task(NamedTuple):
    """What is done with one column: *kept* is what each distinct text said."""

    place: int
    column: Column
    read: CellReader
    kept: dict[str, Said]


def read_rows(plan: ColumnPlan, known: SheetReaders, constants: Mapping[str, Any]) -> Iterator[ReadRow]:
    """The rows of *plan* that are not blank; *constants* fill fields that a row does not say."""
    tasks = [_Task(column.index, column, _cell_reader(column, known), {}) for column in plan.columns]
    for number, cells in enumerate(plan.rows, start=plan.first):
        row = ReadRow(plan, number, cells)
        if _read(row, tasks):
            for name, value in constants.items():
                row.fields.setdefault(name, value)
            yield row


def _read(row: ReadRow, tasks: list[_Task]) -> bool:
    """Fill *row* from its cells; False where it is blank, but for formulas that find nothing and boxes without a tick.

    The hot loop of an import: one look-up for a known text.
    """
    cells, fields, found = row.cells, row.fields, False
    width = len(cells)
    for index, column, read, kept in tasks:
        if index >= width or (cell := cells[index]) == "":
            continue
        if type(cell) is str:  # 1, 1.0 and True would be one key
            said = kept.get(cell)
            if said is None:
                said = kept[cell] = read(cell)
        else:
            said = read(cell)
        value, warning, fault = said
        if fault is not None:
            row.note(column, fault, is_error=True)
        elif value is not None:
            (row.clauses if column.is_clause else fields)[column.field] = value
            if warning is not None:
                row.note(column, warning, is_error=False)
        says = value is not None or (fault is not None and said is not _FAILED)
        found = found or (says and cell is not False and cell != "FALSE")
    return found


def _cell_reader(column: Column, known: SheetReaders) -> CellReader:
    if column.is_clause:
        return _read_clause
    if column.field in known.days:
        return _day_reader(column, may_be_perpetual=column.field in known.perpetual)
    return _text_reader(column, known)


def _day_reader(column: Column, *, may_be_perpetual: bool) -> CellReader:
    def read(cell: Cell) -> Said:
        value = as_text(cell) if isinstance(cell, str) else cell
        if value in {"", None}:
            return EMPTY
        if isinstance(value, str) and says_none(value):
            return Said(CLEARED)
        if isinstance(value, str) and is_cell_error(value):
            return _FAILED
        return read_day(value, column.dates, may_be_perpetual=may_be_perpetual)

    return read


def _text_reader(column: Column, known: SheetReaders) -> CellReader:
    unit, reader = column.unit, known.readers[column.field]
    may_clear = column.field not in known.uncleared
    is_money = column.field in known.amounts

    def read(cell: Cell) -> Said:
        # A number is a number whatever its digits; only in text are three digits after a point thousands.
        if is_money and isinstance(cell, float):
            return money_of(cell, unit)
        text = as_text(cell)
        if not text:
            return EMPTY
        if is_cell_error(text):
            return _FAILED
        said = EMPTY if may_clear and says_none(text) else reader(unguarded(text), unit)
        is_none = said is EMPTY or (said.fault is not None and says_none(text))
        return Said(CLEARED) if is_none else said

    return read


def _read_clause(cell: Cell) -> Said:
    text = " ".join(unguarded(as_text(cell)).split())
    if not text:
        return EMPTY
    if says_none(text):
        return Said(CLEARED)
    if len(text) > _LONGEST_CLAUSE:
        return refused("too_long", f"More than {_LONGEST_CLAUSE} characters for a clause.", "Write 12.3, p. 9.")
    found = _CLAUSE.fullmatch(text)
    if not found or not found[1]:
        return Said(Clause(text))
    return Said(Clause(found[1], int(found[2]) if found[2] else None))


def _evidence(plan: ColumnPlan, column: Column) -> DayOrder | None:
    index = column.index
    return column_order(row[index] for row in plan.rows if index < len(row))
