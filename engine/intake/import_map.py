"""The import map: what a person says about the columns of a file that names them in its own way.

Read from YAML by ``config.import_maps``, or saved by a wizard; here it is a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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
