"""Obligations of an agreement, from the rows of their sheet.

A row is known by its name; of several with one name the first row is the first obligation that has a row. What its
cells do not say stays.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from engine.intake.findings import Fault, Finding
from engine.intake.rows import ReadRow
from engine.intake.texts import CLEARED
from lifecycle.assets.asset import is_of_asset
from lifecycle.counting.derivation import Clause
from lifecycle.days.dates import Period, after
from lifecycle.errors import LifecycleError
from lifecycle.obligations.audits import is_of_audit
from lifecycle.obligations.duties import Basis, Due, Obligation, ObligationKind, Once, Recurrence, RecurrenceError

FindPerson = Callable[[str], tuple[str | None, Fault | None]]


def merged_obligations(
    rows: Iterable[ReadRow], known: Sequence[Obligation], *, person: FindPerson, new_id: Callable[[], str]
) -> tuple[tuple[Obligation, ...], tuple[Finding, ...]]:
    """*known* with what *rows* say laid over them, new ones behind; and what is wrong."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, obligation in sorted(enumerate(known), key=lambda one: not has_row(one[1])):
        places[obligation.name.casefold()].append(index)
    result, findings = list(known), []
    for row in rows:
        at = places[row.fields["name"].casefold()]
        place = at.pop(0) if at else len(result)
        made, wrong = _merged(row, result[place] if place < len(result) else None, person, new_id)
        findings += wrong
        if made is not None:
            result[place : place + 1] = [made]
    return tuple(result), tuple(findings)


def has_row(obligation: Obligation) -> bool:
    """Whether the sheet speaks of it; what follows from assets has theirs, and audits and plans have none."""
    return not (is_of_asset(obligation) or is_of_audit(obligation) or obligation.kind is ObligationKind.EXIT_TEST)


def said_of_due(due: Due) -> dict[str, Any]:
    """What a row would say of *due*; nothing for what hangs on a turning point or on the calendar."""
    match due:
        case Once(on=on):
            return {"first_due_on": on}
        case Recurrence(basis=Basis.ANCHOR):
            return _first_due(due)
        case _:
            return {}


def _first_due(due: Recurrence) -> dict[str, Any]:
    try:
        return {"first_due_on": after(due.anchor_on, due.every * due.first), "every": due.every}
    except LifecycleError:  # business days: a calendar says when, not a column
        return {}


def _merged(
    row: ReadRow, known: Obligation | None, person: FindPerson, new_id: Callable[[], str]
) -> tuple[Obligation | None, list[Finding]]:
    try:
        due = _due(row, known)
    except RecurrenceError as error:
        return None, [row.finding("every", Fault(error.code, error.sentence, error.remedy))]
    if due is None:
        fault = Fault("required", "An obligation needs a day on which it is first due.", "Fill in first_due_on.")
        return None, [row.finding("first_due_on", fault)]
    owner_id, unknown = _owner(row, known, person)
    if unknown is not None:
        return None, [row.finding("owner", unknown)]
    base = known or Obligation(id=new_id(), kind=ObligationKind.DUTY, name=row.fields["name"], due=due)
    kind = row.fields.get("kind", base.kind)
    kind = ObligationKind.DUTY if kind is CLEARED else kind
    clause: Clause | None = _clause(row) or base.clause
    return replace(base, kind=kind, due=due, owner_id=owner_id, clause=clause), []


def _due(row: ReadRow, known: Obligation | None) -> Due | None:
    was = said_of_due(known.due) if known else {}
    said = {name: row.fields[name] for name in ("first_due_on", "every") if name in row.fields}
    merged = {name: value for name, value in (was | said).items() if value is not CLEARED}
    if known and merged == was:
        return known.due
    on: date | None = merged.get("first_due_on")
    every: Period | None = merged.get("every")
    if on is None:
        return known.due if known and not said else None
    if every is None:
        return Once(on)
    if known and isinstance(known.due, Recurrence) and known.due.basis is Basis.ANCHOR:
        return replace(known.due, every=every, anchor_on=on, first=0)
    return Recurrence(every, on, Basis.ANCHOR, first=0)


def _owner(row: ReadRow, known: Obligation | None, person: FindPerson) -> tuple[str | None, Fault | None]:
    name = row.fields.get("owner")
    if name is None:
        return (known.owner_id if known else None), None
    return (None, None) if name is CLEARED else person(name)


def _clause(row: ReadRow) -> Clause | None:
    clauses = [clause for clause in row.clauses.values() if clause is not CLEARED]
    return clauses[0] if clauses else None
