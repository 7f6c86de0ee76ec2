"""Rows that a program sends, as the workbook that a person would have sent: one way in for both."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from engine.intake.sheets import Book
from engine.intake.texts import guarded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def workbook_of(rows: Sequence[Mapping[str, str | None]]) -> bytes:
    """A sheet ``agreements``; None clears a value, what is left out stays as it is."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        with Book(path) as book:
            book.sheet("agreements", headers, ([_cell(row, name) for name in headers] for row in rows))
        return path.read_bytes()


def _cell(row: Mapping[str, str | None], name: str) -> str:
    text = row.get(name, "")
    return "none" if text is None else guarded(text)
