"""How a file is taken in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.intake.import_map import DayOrder, ImportMap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from engine.intake.context import Law
    from lifecycle.events import Actor
    from lifecycle.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How a file is taken in. *progress* hears how many rows are done, of how many; *waits* that somebody else writes.

    *person* is whose rights hold, None the operator's. *mends* are other texts for cells, by ``agreements!H17``; *name*
    is what the file was called where it came from.
    """

    actor: Actor
    laws: Callable[[str], Law | None]
    given: ImportMap = field(default_factory=ImportMap)
    sheet: str = ""
    dates: DayOrder | None = None
    is_dry_run: bool = False
    quiet_until_on: date | None = None
    progress: Callable[[int, int], None] = lambda _done, _of: None
    waits: Callable[[], None] = lambda: None
    person: Person | None = None
    mends: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
