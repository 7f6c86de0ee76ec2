"""T11: taking in a workbook of 20,000 rows, tried and for real, against reading its cells with python-calamine."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from bench import registers
from bench.harness import Figure, Target, scaled, seconds, workshop
from bench.templates import folder, opened
from config.laws import lookup
from engine.importing.taking_in import ImportOptions, import_file
from lifecycle.events import Actor

ROWS = 20_000
HEADERS = (
    "Contract no",
    "Counterparty",
    "Title",
    "Type",
    "Owner",
    "Signed on",
    "Effective on",
    "Initial term",
    "Renewal",
    "Renewal term",
    "Notice period",
    "Governing law",
    "Value",
    "Tags",
)
LAWS = ("Germany", "New York", "England and Wales", "")


def write(path: Path, *, count: int) -> None:
    """Renewing and fixed agreements with dates as dates and periods as people write them."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as workbook:
        sheet = workbook.add_worksheet("agreements")
        sheet.write_row(0, 0, HEADERS)
        for number in range(count):
            sheet.write_row(number + 1, 0, _row(number))


def _row(number: int) -> tuple[object, ...]:
    begun = registers.TODAY - timedelta(days=number * 7919 % 2000)
    renews = number % 3 != 0
    return (
        f"W-{number:05}",
        f"Counterparty {number % 977}",
        f"Agreement {number}",
        ("NDA", "MSA", "SOW", "licence")[number % 4],
        f"owner{number % registers.OWNERS}@example.com",
        begun,
        begun,
        ("12 months", "2 years", "36 months")[number % 3] if renews else "7 years",
        "automatic" if renews else "never",
        "12 months" if renews else "",
        ("30 days", "60 days", "ninety (90) days")[number % 3] if renews else "",
        LAWS[number % len(LAWS)],
        f"EUR {number % 500 * 1000}",
        "critical; hosting" if number % 10 == 0 else "",
    )


def _workbook() -> Path:
    path = folder() / "register.xlsx"
    if not path.exists():
        write(path, count=scaled(ROWS))
    return path


def _imported(*, is_dry_run: bool) -> float:
    options = ImportOptions(actor=Actor("bench"), laws=lookup, is_dry_run=is_dry_run)
    source = _workbook()
    with workshop() as place, opened(place / "register.db") as monitor:
        counts: list[dict[str, int]] = []
        spent = seconds(lambda: counts.append(import_file(monitor, source, options).counts))
        assert counts[0]["created"] == scaled(ROWS), f"not all rows were taken in: {counts[0]}"
        return spent


def read(source: Path) -> int:
    """How many rows python-calamine finds in a workbook, having read every cell."""
    return len(CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python())


def _read() -> float:
    source = _workbook()
    rows: list[int] = []
    spent = seconds(lambda: rows.append(read(source)))
    assert rows == [scaled(ROWS) + 1], "not all rows were read"
    return spent


FIGURES = (
    Figure(
        name="T11a",
        what="a dry run of 20,000 rows, against reading the workbook",
        unit="s",
        target=Target("<=", 25),
        ours=partial(_imported, is_dry_run=True),
        theirs=_read,
        runs=3,
    ),
    Figure(
        name="T11b",
        what="an import of 20,000 rows, against reading the workbook",
        unit="s",
        target=Target("<=", 25),
        ours=partial(_imported, is_dry_run=False),
        theirs=_read,
        runs=3,
    ),
)
