"""What is wrong in a file, and where: findings by cell, and the faults that refuse a file whole.

A fault is what a value has; a finding is a fault at its cell. Warnings stop nothing, an error stops its reference
alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from lifecycle.errors import LifecycleError
from lifecycle.words import listed, shown


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value, wherever it stands."""

    code: str
    message: str
    remedy: str = ""


class Said(NamedTuple):
    """What a cell says, what was noted while reading it, or why it cannot be read."""

    value: Any = None
    warning: Fault | None = None
    fault: Fault | None = None


def refused(code: str, message: str, remedy: str = "") -> Said:
    return Said(None, None, Fault(code, message, remedy))


def noted(value: object, code: str, message: str, remedy: str = "") -> Said:
    return Said(value, Fault(code, message, remedy))


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at its cell. *cell* is the spreadsheet's own name, such as ``H17``; "" where no cell is to blame."""

    sheet: str
    cell: str
    column: str  # the header as it is written
    value: str
    code: str
    message: str
    remedy: str = ""
    is_error: bool = True
    row: int = 0  # where no cell of it is to blame: its column is not there

    @property
    def place(self) -> str:
        """``agreements!H17``, ``agreements, row 17``, or the sheet."""
        if self.cell:
            return f"{self.sheet}!{self.cell}"
        return f"{self.sheet}, row {self.row}" if self.row else self.sheet

    def __str__(self) -> str:
        """``agreements!H17 "60": 60 what? Write 60 days or 60 business days``."""
        value = f" {shown(self.value)}" if self.value and not self.message.startswith(shown(self.value)) else ""
        return f"{self.place}{value}: {self.message} {self.remedy}".rstrip()


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.is_error)


def warnings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if not finding.is_error)


def cell_name(column: int, row: int) -> str:
    """``H17`` for column 7 (counted from 0) and row 17 (counted from 1), as spreadsheets name cells."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


class WorkbookError(LifecycleError):
    """A file that cannot be taken in at all."""

    code = "workbook"


class NotAWorkbook(WorkbookError):
    """Something else: a letter, a picture, a broken file."""

    code = "not-a-workbook"

    def __init__(self, name: str, because: str = "") -> None:
        super().__init__(
            f"{shown(name)} is no spreadsheet that can be read{f': {because}' if because else ''}.",
            remedy="Save it as .xlsx, .xls, .ods or .csv and try again.",
        )


class OpenQuote(WorkbookError):
    """A quotation mark in a CSV file that is not closed where its cell ends."""

    code = "open-quote"

    def __init__(self, name: str, opened: int, last: int) -> None:
        swallowed = f", so that all up to line {last} is read as one cell" if last > opened else ""
        super().__init__(
            f"In {shown(name)} the quotation mark that opens on line {opened} is not closed where its cell"
            f" ends{swallowed}. Nothing of the file was taken in.",
            remedy=f'Close it on line {opened}, or write "" for a quotation mark inside a quoted cell; then try again.',
        )


class EncryptedWorkbook(WorkbookError):
    """A workbook behind a password."""

    code = "encrypted-workbook"

    def __init__(self, name: str) -> None:
        super().__init__(f"{shown(name)} is protected by a password.", remedy="Save a copy without the password.")


class EmptyWorkbook(WorkbookError):
    """Nothing is written in it."""

    code = "empty-workbook"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{shown(name)} is empty.", remedy="Give a file with a header row and at least one row below it."
        )


class WorkbookTooLarge(WorkbookError):
    """More than is taken in at once."""

    code = "workbook-too-large"

    def __init__(self, name: str, has: str, limit: str) -> None:
        super().__init__(
            f"{shown(name)} has {has}; at most {limit} are taken in.", remedy="Split it into several files."
        )


class NoHeaderRow(WorkbookError):
    """No row names the columns."""

    code = "no-header-row"

    def __init__(self, name: str, because: str = "") -> None:
        super().__init__(
            because or f"No row among the first 20 of {shown(name)} has the headers Reference and Counterparty.",
            remedy="Name these two columns, or say with a map which columns they are.",
        )


class NoSuchSheet(WorkbookError):
    """A sheet is asked for that is not there."""

    code = "no-such-sheet"

    def __init__(self, name: str, sheet: str, choices: Iterable[str]) -> None:
        super().__init__(f"{shown(name)} has no sheet {shown(sheet)}.", remedy=f"Use {listed(choices)}.")
