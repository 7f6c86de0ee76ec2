"""The sheets beside the agreements: people, who are read first, and obligations by reference."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.intake.cells import read_reference, read_text, read_words, read_zone
from engine.intake.columns import ColumnPlan
from engine.intake.findings import Fault, Finding, Said, noted, refused
from engine.intake.headers import plain
from engine.intake.import_map import DayOrder
from engine.intake.lengths import read_period
from engine.intake.rows import ReadRow, SheetReaders, read_rows, settled
from engine.intake.texts import CLEARED
from lifecycle.obligations.duties import ObligationKind
from lifecycle.people import LONGEST_NAME, LONGEST_TEAM, Role, is_address
from lifecycle.words import listed

_EACH: Final = re.compile(r"^(?:alle|jede[nrs]?)\s+", re.IGNORECASE)
_KINDS: Final = {plain(kind.value): kind for kind in ObligationKind}
_ROLES: Final = {plain(role.value): role for role in Role}


def _read_kind(text: str, _: str = "") -> Said:
    kind = _KINDS.get(plain(text))
    if kind:
        return Said(kind)
    message = "This kind of obligation is not known: kept as duty."
    return noted(ObligationKind.DUTY, "unknown_kind", message, f"Write {listed(ObligationKind)}.")


def read_every(text: str, unit: str = "") -> Said:
    """How often something comes back, as a Period; *once* clears it."""
    if plain(text) in {"once", "einmalig"}:
        return Said(CLEARED)
    text = _EACH.sub("", text)
    said = read_period(text, unit)
    if said.fault is not None and said.fault.code == "period":
        said = read_period(f"1 {text}", unit)  # "month", "each year"
    if said.fault is not None:
        return refused("no_interval", "This says no interval.", "Write quarterly, or 3 months.")
    return Said(said.value.period) if said.value.period else refused("no_interval", "This never comes again.")


def _read_address(text: str, _: str = "") -> Said:
    address = text.removeprefix("mailto:").strip()
    if not is_address(address):
        return refused("no_address", "This is no mail address.", "Write name@example.com.")
    return Said(address)


def _read_name(text: str, _: str = "") -> Said:
    said = read_text(text)
    return said if said.fault else _fitting(said, (said.value,), LONGEST_NAME)


def _read_teams(text: str, _: str = "") -> Said:
    said = read_words(text)
    return _fitting(said, said.value, LONGEST_TEAM)


def _fitting(said: Said, texts: Iterable[str], limit: int) -> Said:
    if all(len(text) <= limit for text in texts):
        return said
    return refused("too_long", f"More than {limit} characters.", "Shorten it.")


def _read_role(text: str, _: str = "") -> Said:
    role = _ROLES.get(plain(text))
    return Said(role) if role else refused("unknown_role", "There is no such role.", f"Write {listed(Role)}.")


OBLIGATIONS: Final = SheetReaders(
    {
        "reference": read_reference,
        "name": read_text,
        "kind": _read_kind,
        "every": read_every,
        "owner": read_text,
    },
    days=("first_due_on",),
)
PEOPLE: Final = SheetReaders(
    {
        "email": _read_address,
        "name": _read_name,
        "manager": read_text,
        "role": _read_role,
        "team": _read_teams,
        "zone": read_zone,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """What the people sheet says of somebody.

    *fields* are name, manager, role, team (a tuple) and zone, as far as they are said.
    """

    email: str
    row: ReadRow
    fields: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.is_error)


def people(plan: ColumnPlan) -> tuple[PersonDraft, ...]:
    """The people of a sheet. An address that stands twice fails both times."""
    rows = list(read_rows(plan, PEOPLE, {}))
    times = Counter(address for row in rows if (address := _address(row).casefold()))
    return tuple(_person(row, is_twice=times[_address(row).casefold()] > 1) for row in rows)


def obligation_rows(plan: ColumnPlan, dates: DayOrder | None) -> tuple[ReadRow, ...]:
    """The rows of an obligations sheet, with what each lacks among its findings."""
    rows = tuple(read_rows(settled(plan, OBLIGATIONS, dates), OBLIGATIONS, {}))
    for row in rows:
        row.findings.extend(lacking(row, ("name",)))
    return rows


def _address(row: ReadRow) -> str:
    email = row.fields.get("email")
    return email if isinstance(email, str) else ""


def _person(row: ReadRow, *, is_twice: bool) -> PersonDraft:
    findings = [*row.findings, *lacking(row, ("email",))]
    if is_twice:
        fault = Fault("address_twice", "This address stands twice.", "Keep one row for each person.")
        findings.append(row.finding("email", fault))
    fields = {name: value for name, value in row.fields.items() if name != "email"}
    return PersonDraft(email=_address(row), row=row, fields=fields, findings=tuple(findings))


def lacking(row: ReadRow, names: Iterable[str]) -> list[Finding]:
    """A finding for each field that a row must say and does not; where its cell is wrong already, that is enough."""
    failed = {finding.column for finding in row.findings if finding.is_error}
    found = []
    for name in names:
        column = row.plan.by_field.get(name)
        if row.fields.get(name) in {None, CLEARED} and (column.text if column else name) not in failed:
            found.append(row.finding(name, Fault("required", f"A row needs {name}.", "Fill it in, or remove the row.")))
    return found
