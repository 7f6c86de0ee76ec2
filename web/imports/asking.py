"""The form that says what the columns of a file are: its choices, and what was chosen as a map (S10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.intake.headers import AGREEMENT_FIELDS, unit_named
from engine.intake.import_map import import_map
from lifecycle.errors import LifecycleError
from web.frame.forms import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.uploading.seeing import Seen, SeenColumn
    from web.frame.forms import Form

UNITS: Final = ("days", "business days", "weeks", "months", "quarters", "years")
ORDERS: Final = (("", "as its values agree"), ("dmy", "day first: 3 April"), ("mdy", "month first: March 4"))
WITH_UNIT: Final = frozenset({"notice_period", "term", "renewal_term", "survival", "value"})
WITH_ORDER: Final = frozenset({"signed_on", "effective_on", "last_on"})
#: What may be said once for every row that does not say it itself.
CONSTANTS: Final = {
    "owner": "an e-mail address",
    "kind": "NDA, MSA, SOW ...",
    "renewal": "automatic, by option, by agreement, never",
    "currency": "EUR",
    "governing_law": "Germany",
}
CONSTANT: Final = "all-"  # before a field's name, what it is for all rows
_CURRENCY: Final = 3  # letters
_LAST_ROW: Final = 1000


class ColumnsRefused(LifecycleError):
    """A column was said to be something that it cannot be; *errors* by field of the form."""

    code = "columns-refused"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("Some columns are not understood.", remedy="Correct what is marked.")
        self.errors = dict(errors)


def choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What a column may hold, in groups."""
    fields = tuple((name, label(name)) for name in AGREEMENT_FIELDS)
    clauses = tuple((f"{name}_clause", f"{label(name)}: clause") for name in AGREEMENT_FIELDS)
    return (("What it says", fields), ("Where the document says it", clauses))


def label(field: str) -> str:
    """A field as people read it."""
    words = field.removesuffix("_clause").removesuffix("_on").replace("_", " ")
    named = {"signed": "Day of signing", "effective": "Effective from", "last": "Last day in force"}
    return named.get(words, words.capitalize())


def map_said(form: Form, seen: Seen) -> dict[str, Any]:
    """The map that the form says of the columns that it showed. Raises ColumnsRefused, ImportMapError."""
    columns: dict[str, dict[str, str]] = {}
    ignored: list[str] = []
    errors: dict[str, str] = {}
    for column in seen.columns:
        field = form.get(f"field-{column.index}", column.field)
        if field:
            columns[column.header] = _column(form, column, field, errors)
        else:
            ignored.append(column.header)
    named = {column["field"] for column in columns.values()}
    missing = [name for name in ("reference", "counterparty") if name not in named]
    if missing:
        errors["columns"] = f"Say which column is the {' and which is the '.join(missing)}."
    if errors:
        raise ColumnsRefused(errors)
    said: dict[str, Any] = {"sheet": seen.sheet, "header_row": seen.header_row, "columns": columns, "ignore": ignored}
    said["constants"] = {name: form.get(CONSTANT + name) for name in CONSTANTS if form.get(CONSTANT + name)}
    import_map(said)
    return said


def header_row(form: Form, seen: Seen) -> int:
    """The row of headers that the form says. Raises ColumnsRefused."""
    number = whole(form.get("header_row", str(seen.header_row)))
    if number is None or not 1 <= number <= _LAST_ROW:
        raise ColumnsRefused({"header_row": "Write the number of the row that names the columns, such as 3."})
    return number


def _column(form: Form, column: SeenColumn, field: str, errors: dict[str, str]) -> dict[str, str]:
    unit = form.get(f"unit-{column.index}", column.unit) if field in WITH_UNIT else ""
    dates = form.get(f"dates-{column.index}", column.dates) if field in WITH_ORDER else ""
    if unit and not _is_unit(unit, is_money=field == "value"):
        what = (
            "a currency, such as EUR" if field == "value" else "days, business days, weeks, months, quarters or years"
        )
        errors[f"unit-{column.index}"] = f"{column.header}: write {what}."
    return {"field": field, "unit": unit.upper() if field == "value" else unit, "dates": dates}


def _is_unit(unit: str, *, is_money: bool) -> bool:
    if is_money:
        return len(unit) == _CURRENCY and unit.isascii() and unit.isalpha()
    return unit_named(unit) is not None


def questions(columns: Iterable[SeenColumn]) -> dict[str, str]:
    """What columns ask, as the fields of the form that answer it."""
    asked = {}
    for column in columns:
        if column.asks == "dates":
            asked[f"dates-{column.index}"] = f"{column.header}: is “{column.example}” day first, or month first?"
        elif column.field == "value":
            asked[f"unit-{column.index}"] = f"{column.header}: which money is “{column.example}”? Write EUR, USD, ..."
        else:
            asked[f"unit-{column.index}"] = f"{column.header}: “{column.example}” of what? Write days, months or years."
    return asked
