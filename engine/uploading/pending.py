"""An import that somebody has begun: what they have said of their file so far, kept for seven days.

What they said is a map (S10), other texts for cells, and from which day newcomers are told. What is kept in the
register holds no cell of the file but those they typed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from engine.intake.import_map import ImportMap, import_map
from store.errors import NotFound
from store.kept import KeptForm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.monitor import Work

KIND: Final = "import"
MAP_KIND: Final = "import-map"
KEPT: Final = timedelta(days=7)
_AGAIN: Final = "Bring it again: what is not confirmed waits for seven days, for whoever brought it."
_MAP_KEPT: Final = timedelta(days=400)  # a register comes once a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """See the module. *said* is the map as plain values; *batch* is that of the import, once it is done."""

    id: str
    person_id: str
    name: str
    begun_at: str
    said: Mapping[str, Any] = field(default_factory=dict)
    mends: Mapping[str, str] = field(default_factory=dict)
    quiet_until: str = ""  # ISO
    batch: str = ""
    is_imported: bool = False

    @property
    def begun_on(self) -> date:
        return date.fromisoformat(self.begun_at[:10])

    @property
    def map(self) -> ImportMap:
        """Raises ImportMapError."""
        return import_map(self.said)

    @property
    def quiet_until_on(self) -> date | None:
        return date.fromisoformat(self.quiet_until) if self.quiet_until else None

    @property
    def mark(self) -> str:
        """What they have said, as a short mark: what is taken in must be what was looked at."""
        told = json.dumps([self.said, self.mends, self.quiet_until], sort_keys=True, ensure_ascii=False)
        return sha256(told.encode()).hexdigest()[:32]


def pending(work: Work, person_id: str, pending_id: str) -> Pending:
    """Somebody's own import. Raises NotFound, also for one that was begun too long ago."""
    try:
        return _read(work.kept.form(person_id, pending_id, work.now))
    except NotFound as error:
        raise NotFound("import that waits", pending_id, remedy=_AGAIN) from error


def unfinished(work: Work, person_id: str) -> list[Pending]:
    """What somebody has begun and not brought to its end, the latest first."""
    found = [_read(form) for form in work.kept.forms(person_id, KIND, work.now)]
    return [one for one in found if not one.is_imported]


def found(work: Work, person_id: str, name: str) -> Pending | None:
    """Somebody's own import by its id, or by that of what it became."""
    forms = (_read(form) for form in work.kept.forms(person_id, KIND, work.now))
    return next((one for one in forms if name in {one.id, one.batch}), None)


def keep(work: Work, one: Pending) -> Pending:
    """Keep what is said so far, for seven days from now."""
    work.kept.keep_form(_form(one, work.now))
    return one


def drop(work: Work, one: Pending) -> None:
    """It is given up."""
    work.kept.drop_form(one.person_id, one.id)


def with_known_map(work: Work, one: Pending, headers: tuple[str, ...]) -> Pending:
    """*one* with what was said of a file with the same headers before; as it is where there was none."""
    wanted = _map_id(one.person_id, headers)
    for form in work.kept.forms(one.person_id, MAP_KIND, work.now):
        if form.id == wanted:
            return replace(one, said=json.loads(form.doc))
    return one


def keep_map(work: Work, one: Pending, headers: tuple[str, ...]) -> None:
    """Remember what was said of a file with these headers."""
    doc = json.dumps(dict(one.said), ensure_ascii=False)
    until_at = work.now + _MAP_KEPT
    form = KeptForm(
        id=_map_id(one.person_id, headers), person_id=one.person_id, kind=MAP_KIND, until_at=until_at, doc=doc
    )
    work.kept.keep_form(form)


def as_yaml(said: Mapping[str, Any]) -> str:
    """The map as ``longstop import --map`` reads it; its texts are quoted as JSON quotes them, which YAML reads."""
    lines = [f"{key}: {_quoted(said[key])}" for key in ("sheet", "header_row", "dates") if said.get(key)]
    if said.get("columns"):
        lines.append("columns:")
        lines += [f"  {_quoted(name)}: {_quoted(_bare(column))}" for name, column in said["columns"].items()]
    lines += [f"{key}: {_quoted(said[key])}" for key in ("constants", "ignore", "accept") if said.get(key)]
    return "\n".join(lines or ["{}"]) + "\n"


def _bare(column: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in column.items() if value}


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _map_id(person_id: str, headers: tuple[str, ...]) -> str:
    return sha256(json.dumps([person_id, sorted(headers)]).encode()).hexdigest()[:32]


def _form(one: Pending, now: datetime) -> KeptForm:
    doc = json.dumps(asdict(one), ensure_ascii=False)
    return KeptForm(id=one.id, person_id=one.person_id, kind=KIND, until_at=now + KEPT, doc=doc)


def _read(form: KeptForm) -> Pending:
    return Pending(**json.loads(form.doc))
