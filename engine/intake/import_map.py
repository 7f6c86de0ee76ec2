"""The import map: what a person says about the columns of a file that names them in its own way.

Read from YAML by ``config.import_maps``, or saved by a wizard; here it is a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from engine.intake.headers import AGREEMENT_FIELDS
from lifecycle.errors import LifecycleError
from lifecycle.words import listed, shown


class DayOrder(StrEnum):
    """How 03/04/2026 is meant."""

    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """What a column holds: its field, the unit of its bare numbers, the order of its days."""

    field: str
    unit: str = ""
    dates: DayOrder | None = None
    is_clause: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMap:
    """What is known of a file beforehand; all of it may be missing.

    *header_row* counts from 1. *columns* are by header as it is written in the file; what is not named here is
    recognised by itself. *constants* are values for every row whose own cell is empty. *accept* names contradictions
    of the terms that are accepted, each with its reason.
    """

    sheet: str = ""
    header_row: int | None = None
    dates: DayOrder | None = None
    columns: Mapping[str, MappedColumn] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    accept: Mapping[str, str] = field(default_factory=dict)


class ImportMapError(LifecycleError):
    """A map that says something nobody understands."""

    code = "import-map"


def import_map(said: Mapping[str, Any]) -> ImportMap:
    """The map that plain values say: the outcome of ``config.import_maps``, or what a wizard has kept as JSON.

    Raises ImportMapError for unknown keys, fields and orders of days.
    """
    known = {each.name for each in fields(ImportMap)}
    if unknown := sorted(set(said) - known):
        raise ImportMapError(f"An import map has no key {shown(unknown[0])}.", remedy=f"Use {listed(sorted(known))}.")
    columns = {name: _column(name, value) for name, value in (said.get("columns") or {}).items()}
    return ImportMap(
        sheet=said.get("sheet") or "",
        header_row=said.get("header_row"),
        dates=_order(said.get("dates")),
        columns=columns,
        constants={_field(name): str(value) for name, value in (said.get("constants") or {}).items()},
        ignore=tuple(said.get("ignore") or ()),
        accept=dict(said.get("accept") or {}),
    )


def _column(name: str, said: Mapping[str, str]) -> MappedColumn:
    if "field" not in said or set(said) - {"field", "unit", "dates"}:
        raise ImportMapError(f"The column {shown(name)} is not understood.", remedy="Say field, unit and dates.")
    field_name = said["field"]
    base = field_name.removesuffix("_clause")
    return MappedColumn(_field(base), said.get("unit") or "", _order(said.get("dates")), base != field_name)


def _field(name: str) -> str:
    if name not in AGREEMENT_FIELDS:
        raise ImportMapError(f"There is no field {shown(name)}.", remedy=f"Use {listed(AGREEMENT_FIELDS)}.")
    return name


def _order(said: str | None) -> DayOrder | None:
    if not said:
        return None
    try:
        return DayOrder(said)
    except ValueError:
        raise ImportMapError(f"There is no order of days {shown(said)}.", remedy="Use dmy or mdy.") from None
