"""The people sheet of a workbook: newcomers are added, known ones changed as far as the sheet says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine import operations
from engine.intake.context import Directory
from engine.intake.findings import Fault, Finding
from engine.intake.texts import CLEARED
from lifecycle.people import Person
from store.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.intake.sides import PersonDraft
    from engine.monitor import Work

_FIELDS = {"name": "name", "role": "role", "team": "teams", "zone": "time_zone"}
_EMPTY: dict[str, Any] = {"name": "", "team": (), "zone": ""}


def take_people(work: Work, drafts: Sequence[PersonDraft]) -> tuple[Finding, ...]:
    """Add and change people, then join them to their managers; every finding, a row with an error is left out."""
    findings = [finding for draft in drafts for finding in draft.findings]
    sound = [draft for draft in drafts if not draft.errors]
    newcomers = [draft for draft in sound if _take(work, draft)]
    findings.extend(_without_role(newcomers))
    directory = Directory(person for person in work.people.all() if not person.is_disabled)
    for draft in sound:
        findings.extend(_join(work, draft, directory))
    return tuple(findings)


def _without_role(newcomers: Sequence[PersonDraft]) -> list[Finding]:
    """A remark at the first newcomer of whom nobody says what they may do, for all of them."""
    unsaid = [draft for draft in newcomers if draft.fields.get("role") in {None, CLEARED}]
    if not unsaid:
        return []
    told = f"{unsaid[0].email} has no role" if len(unsaid) == 1 else f"{len(unsaid)} people have no role"
    remedy = "Write contributor for whoever shall change what they own."
    fault = Fault("role_assumed", f"{told}: viewer, who reads, and answers what they are asked.", remedy)
    return [unsaid[0].row.finding("role", fault, is_error=False)]


def _take(work: Work, draft: PersonDraft) -> bool:
    """Whether they were not known before."""
    said = {
        field: _EMPTY.get(name, "") if draft.fields[name] is CLEARED else draft.fields[name]
        for name, field in _FIELDS.items()
        if draft.fields.get(name) is not None and not (name == "role" and draft.fields[name] is CLEARED)
    }
    try:
        known = work.people.by_email(draft.email)
    except NotFound:
        operations.add_person(work, Person(id="", email=draft.email, **said))
        return True
    operations.change_person(work, replace(known, **said))
    return False


def _join(work: Work, draft: PersonDraft, directory: Directory) -> list[Finding]:
    manager = draft.fields.get("manager")
    if manager is None:
        return []
    person = work.people.by_email(draft.email)
    if manager is CLEARED:
        operations.change_person(work, replace(person, manager_id=None))
        return []
    found = tuple(directory(manager))
    if len(found) != 1 or found[0] == person.id:
        remedy = "Write the address of somebody else who is in this sheet or in the register."
        fault = Fault("unknown_manager", "This names nobody, or more than one.", remedy)
        return [draft.row.finding("manager", fault)]
    operations.change_person(work, replace(person, manager_id=found[0]))
    return []
