"""What stands in a file, column by column: how much of it is filled, what it says, how that is understood.

Columns ask where nobody can know: 03/04/2026 in a column whose values do not settle the order, 60 without a unit, an
amount without a currency. A file whose headers nobody recognises is shown all the same, from the row that looks most
like headers, so that somebody can say what its columns are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from engine.intake.cells import SaidRenewal
from engine.intake.columns import PROBLEM, column_plan, has_headers
from engine.intake.findings import NoHeaderRow, cell_name
from engine.intake.headers import HEADER_ROWS, REQUIRED, SheetKind, plain, recognised, sheet_kind
from engine.intake.import_map import import_map
from engine.intake.money import SaidMoney
from engine.intake.reading import read_intake
from engine.intake.texts import CLEARED, as_text
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import StatedPeriod

if TYPE_CHECKING:
    from engine.intake.drafts import Draft
    from engine.intake.findings import Finding
    from engine.intake.reading import Intake
    from engine.intake.workbook import Sheet, Workbook

_SAMPLES: Final = 3
_LONGEST: Final = 60
_ASKS: Final = {"ambiguous_day": "dates", "unit_missing": "unit"}
MOST_SHOWN: Final = 200  # columns


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenColumn:
    """One column. *samples* are pairs: what is written, and how it is understood ("" where it is not).

    *asks* is ``dates`` or ``unit`` where somebody has to say it, *example* the first cell of which nobody knows;
    *wrong* counts its cells with an error.
    """

    index: int
    letter: str
    header: str
    filled: int
    of: int
    samples: tuple[tuple[str, str], ...]
    field: str = ""
    unit: str = ""
    dates: str = ""
    asks: str = ""
    example: str = ""
    wrong: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A sheet as it is understood. *missing* are fields without which no row says anything."""

    sheet: str
    header_row: int
    columns: tuple[SeenColumn, ...]
    missing: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)

    @property
    def asking(self) -> tuple[SeenColumn, ...]:
        return tuple(column for column in self.columns if column.asks)


def likely_sheet(workbook: Workbook, said: Mapping[str, Any]) -> str:
    """The sheet that lists agreements, as far as one can tell: the one named, with their headers, or the longest."""
    if said.get("sheet"):
        return str(said["sheet"])
    given = import_map(said)
    others = [sheet for sheet in workbook.sheets if sheet_kind(sheet.name) in {None, SheetKind.AGREEMENTS}]
    possible = others or list(workbook.sheets)
    found = [sheet for sheet in possible if sheet_kind(sheet.name) or has_headers(sheet, given)]
    return (found or sorted(possible, key=lambda sheet: -len(sheet.rows)))[0].name


def said_of(workbook: Workbook, said: Mapping[str, Any]) -> dict[str, Any]:
    """*said* as far as it can be said of *workbook*: a sheet that it does not have (a file of another name) is not."""
    names = {plain(sheet.name) for sheet in workbook.sheets}
    return {key: value for key, value in said.items() if key != "sheet" or plain(str(value)) in names}


def seen(workbook: Workbook, said: Mapping[str, Any]) -> Seen:
    """How the sheet that *said* names is understood by what *said* says. Raises NoSuchSheet, NoHeaderRow."""
    name = likely_sheet(workbook, said)
    intake = _intake(workbook, said, name)
    sheet = _named(workbook, name)
    number = intake.plan.header_row if intake and intake.plan else _header_row(sheet, said)
    columns = tuple(_columns(sheet, number, said, intake))
    known = {column.field for column in columns}
    missing = tuple(field for field in REQUIRED[SheetKind.AGREEMENTS] if field not in known)
    findings = tuple(one for one in intake.findings if one.code != "unknown_column") if intake else ()
    return Seen(sheet=name, header_row=number, columns=columns, missing=missing, findings=findings)


def _intake(workbook: Workbook, said: Mapping[str, Any], name: str) -> Intake | None:
    try:
        return read_intake(workbook, import_map(said), sheet=name)
    except NoHeaderRow:
        return None


def _named(workbook: Workbook, name: str) -> Sheet:
    return next(sheet for sheet in workbook.sheets if plain(sheet.name) == plain(name))


def _header_row(sheet: Sheet, said: Mapping[str, Any]) -> int:
    """The row that names the columns, or looks most like it: that with the most different texts."""
    asked = said.get("header_row")
    if isinstance(asked, int) and sheet.top <= asked < sheet.top + len(sheet.rows):
        return asked
    try:
        return column_plan(sheet, import_map(said)).header_row
    except NoHeaderRow:
        pass
    rows = sheet.rows[:HEADER_ROWS]
    if not rows:
        raise NoHeaderRow(sheet.name)
    sizes = [len({cell for cell in row if isinstance(cell, str) and cell.strip()}) for row in rows]
    return sheet.top + sizes.index(max(sizes))


def _columns(sheet: Sheet, number: int, said: Mapping[str, Any], intake: Intake | None) -> Iterable[SeenColumn]:
    rows = sheet.rows[number - sheet.top + 1 :]
    drafts = intake.drafts if intake else ()
    asked, wrong = _asked(drafts)
    for index, cell in enumerate(sheet.rows[number - sheet.top][:MOST_SHOWN]):
        header = " ".join(as_text(cell)[:200].split())
        if not header or plain(header) == plain(PROBLEM):
            continue
        texts = [as_text(row[index]) for row in rows if index < len(row)]
        filled = [text for text in texts if text]
        field, unit, dates = _meant(header, said)
        asks, example = asked.get(header, ("", ""))
        yield SeenColumn(
            index=index,
            letter=cell_name(sheet.left + index, number).rstrip("0123456789"),
            header=header,
            filled=len(filled),
            of=sum(1 for row in rows if any(each != "" for each in row)),
            samples=_samples(filled, _understood(drafts, field, index)),
            field=field,
            unit=unit,
            dates=dates,
            asks=asks,
            example=example[:_LONGEST],
            wrong=wrong[header],
        )


def _meant(header: str, said: Mapping[str, Any]) -> tuple[str, str, str]:
    """The field, unit and order of days that were said of a header, or that it says itself."""
    if header in said.get("ignore", ()):
        return "", "", ""
    mapped = said.get("columns", {}).get(header)
    if mapped is not None:
        return mapped["field"], mapped.get("unit", ""), mapped.get("dates", "")
    known = recognised(header)
    if known is None:
        return "", "", ""
    return (f"{known.field}_clause" if known.is_clause else known.field), known.unit, ""


def _asked(drafts: Sequence[Draft]) -> tuple[dict[str, tuple[str, str]], Counter[str]]:
    """What columns ask and the first cell for which, and how many of their cells have an error, by header."""
    asked: dict[str, tuple[str, str]] = {}
    wrong: Counter[str] = Counter()
    for draft in (one for one in drafts if not one.adds_up):
        for one in draft.errors:
            wrong[one.column] += 1
            if one.code in _ASKS:
                asked.setdefault(one.column, (_ASKS[one.code], one.value))
        if _is_without_currency(draft) and (column := draft.row.plan.by_field.get("value")):
            wrong[column.text] += 1
            asked.setdefault(column.text, ("unit", as_text(draft.row.cells[column.index])))
    return asked, wrong


def _is_without_currency(draft: Draft) -> bool:
    """As ``merging`` will find it."""
    value = draft.fields.get("value")
    return isinstance(value, SaidMoney) and not value.currency and not draft.fields.get("currency")


def _understood(drafts: Sequence[Draft], field: str, index: int) -> dict[str, str]:
    """What the texts of a column come to."""
    found: dict[str, str] = {}
    is_clause = field.endswith("_clause")
    for draft in drafts:
        cells = draft.row.cells
        values = draft.clauses if is_clause else {**draft.fields, "reference": draft.reference}
        value = values.get(field.removesuffix("_clause"))
        if value is not None and index < len(cells):
            found.setdefault(as_text(cells[index]), _words(value))
    return found


def _samples(texts: Sequence[str], understood: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The first texts that differ, those that are understood last: what is not has to be seen."""
    distinct = list(dict.fromkeys(texts))
    chosen = sorted(distinct[:50], key=lambda text: text in understood)[:_SAMPLES]
    return tuple((text[:_LONGEST], understood.get(text, "")[:_LONGEST]) for text in chosen)


def _words(value: object) -> str:
    if value is CLEARED:
        return "none"
    match value:
        case date():
            return f"{value.day} {value:%b %Y}"
        case StatedPeriod():
            words = str(value.period) if value.period else "perpetual"
        case SaidRenewal():
            words = value.kind.replace("-", " ")
        case Clause():
            words = f"{value.ref}, p. {value.page}" if value.page else value.ref
        case SaidMoney():
            words = f"{value.currency} {value.amount:,}".strip()
        case list() | tuple() | frozenset():
            words = ", ".join(str(one) for one in value)
        case _:
            words = str(value)
    return words
