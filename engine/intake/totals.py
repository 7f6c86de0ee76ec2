"""Rows that add up the others: a word such as *Total* and numbers, or numbers alone. They are no agreements."""

import re
from typing import Final

from engine.intake.findings import Fault
from engine.intake.rows import ReadRow
from engine.intake.texts import as_text
from engine.intake.workbook import Cell

TOTALS: Final = Fault(
    "totals_row",
    "This row adds up others: skipped.",
    "If it is an agreement, give it a reference and a counterparty.",
)
_WORD: Final = re.compile(
    r"(?:(?:(?:grand|sub)[ -]?)?totals?|sum|(?:(?:gesamt|zwischen|end)?summe|gesamt(?:betrag|wert|zahl)?|insgesamt)|Σ)"
    r"(?: (?:value|amount|agreements|contracts|[a-z]{3}))?(?: ?\(\d+\))?",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"[-+(]? ?(?:[a-z]{3}|[€$£])? ?[-+]?\d[\d.,' ]*(?:[a-z]{3}|[€$£%])?\)?", re.IGNORECASE | re.ASCII
)


def adds_up(row: ReadRow, days: frozenset[str]) -> bool:
    """Whether *row* holds numbers and at most one word for their sum; what has a day, or names both sides, does not."""
    named = [bool(row.written(row.plan.by_field.get(field))) for field in ("reference", "counterparty")]
    if all(named):
        return False
    fields = {column.index: column.field for column in row.plan.columns}
    cells = [(fields.get(index), cell) for index, cell in enumerate(row.cells) if as_text(cell)]
    if any(field in days for field, _ in cells):
        return False
    texts = [as_text(cell) for field, cell in cells if field != "currency" and not _is_number(cell)]
    if not texts:
        return not any(named)
    return len(texts) == 1 and _WORD.fullmatch(" ".join(texts[0].split()).rstrip(" :=.")) is not None


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return _NUMBER.fullmatch(" ".join(cell.split())) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)
