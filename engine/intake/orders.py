"""What is said of a column whose own values have settled the order of its days.

Nobody has named that order, so it is told once for each column: at the first day that could be read either way, with
the day that shows the order.
"""

from collections.abc import Collection
from typing import Final, NamedTuple

from engine.intake.columns import Column, ColumnPlan
from engine.intake.days import column_order, is_two_ways, read_day, shown_order
from engine.intake.findings import Finding
from engine.intake.import_map import DayOrder
from engine.intake.texts import as_text
from lifecycle.words import shown, spoken

_FIRST: Final = {DayOrder.DMY: "day first", DayOrder.MDY: "month first"}


class _Cell(NamedTuple):
    row: int
    text: str


def told_orders(plan: ColumnPlan, days: Collection[str], dates: DayOrder | None) -> list[Finding]:
    """A remark for each column of *days* with days of two readings, whose order neither *dates* nor a map says."""
    if dates is not None:
        return []
    columns = [column for column in plan.columns if column.field in days and column.dates is None]
    return [found for column in columns if (found := _told(plan, column))]


def _told(plan: ColumnPlan, column: Column) -> Finding | None:
    cells = [
        _Cell(number, row[column.index])
        for number, row in enumerate(plan.rows, start=plan.first)
        if column.index < len(row) and isinstance(row[column.index], str)
    ]
    order = column_order(cell.text for cell in cells)
    unclear = [cell for cell in cells if is_two_ways(cell.text)] if order else []
    if order is None or not unclear:
        return None
    first, shows = unclear[0], shown(as_text(next(cell.text for cell in cells if shown_order(cell.text))))
    others = f", and {len(unclear) - 1} more of this column likewise" if len(unclear) > 1 else ""
    read_as = spoken(read_day(first.text, order).value)
    return Finding(
        plan.sheet.name,
        plan.cell(column, first.row),
        column.text,
        as_text(first.text),
        "day_order_settled",
        f"Read {_FIRST[order]}, as {read_as}{others}: {shows} shows it.",
        "If that is wrong, say which order its days have, dmy or mdy.",
        is_error=False,
    )
