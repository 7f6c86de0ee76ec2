"""Names in a row that stand for something else: people, the other side, the agreement above, the time zone."""

from collections.abc import Iterator
from typing import Any

from engine.intake.complaints import Complaint, remark
from engine.intake.context import IntakeContext
from engine.intake.drafts import Draft
from engine.intake.findings import Fault
from engine.intake.texts import CLEARED, Cleared
from lifecycle.agreements.agreement import Agreement
from lifecycle.words import shown


def named(draft: Draft, base: Agreement, context: IntakeContext, changes: dict[str, Any]) -> Iterator[Complaint]:
    """Put what the names of *draft* stand for into *changes*; yield what stands for nothing."""
    said = draft.fields
    _counterparty(said.get("counterparty"), base, context, changes)
    yield from people_named(draft, base, context, changes)
    if (zone := said.get("time_zone")) is not None:
        changes["time_zone"] = context.time_zone if zone is CLEARED else zone
    parent = said.get("parent")
    if parent not in {None, CLEARED, base.parent} and not context.is_known(parent):
        message = f"No agreement has the reference {shown(parent)}."
        yield remark("parent", "unknown_parent", message, "Add it, or correct the reference.")


def people_named(draft: Draft, base: Agreement, context: IntakeContext, changes: dict[str, Any]) -> Iterator[Complaint]:
    """The same of people and teams alone."""
    for field in ("owner", "backup"):
        if (name := draft.fields.get(field)) is not None:
            yield from _person(field, name, context, changes)
    if (names := draft.fields.get("restricted_to")) is not None:
        yield from _restricted(() if names is CLEARED else names, base, context, changes)


def unknown_person(name: str, found: int) -> Fault:
    """Why *name* is nobody: *found* people bear it."""
    if found:
        message = f"{found} people are called {shown(name)}."
        return Fault("ambiguous_person", message, "Write the mail address.")
    message = f"Nobody is called {shown(name)}."
    remedy = "Correct it, or add them first: by a sheet named people, which the correction file has ready."
    return Fault("unknown_person", message, remedy)


def _counterparty(name: Any, base: Agreement, context: IntakeContext, changes: dict[str, Any]) -> None:  # noqa: ANN401
    if isinstance(name, str) and name != base.counterparty:
        changes["counterparty"] = name
        changes["counterparty_id"] = context.counterparties(name)


def _person(field: str, name: str | Cleared, context: IntakeContext, changes: dict[str, Any]) -> Iterator[Complaint]:
    if name is CLEARED:
        changes[f"{field}_id"] = None
        return
    found = context.people(name)
    if len(found) == 1:
        changes[f"{field}_id"] = found[0]
    else:
        yield Complaint(field, unknown_person(name, len(found)))


def _restricted(
    names: tuple[str, ...], base: Agreement, context: IntakeContext, changes: dict[str, Any]
) -> Iterator[Complaint]:
    """People by id, teams as ``team:N``; who is not found must not be left out silently."""
    resolved = []
    for name in names:
        who, found = _who(name, context)
        if who is None:
            yield Complaint("restricted_to", unknown_person(name, found))
        else:
            resolved.append(who)
    is_same = resolved == [_who(name, context)[0] or name for name in base.restricted_to]
    changes["restricted_to"] = base.restricted_to if is_same else tuple(resolved)


def _who(name: str, context: IntakeContext) -> tuple[str | None, int]:
    """Whom *name* stands for, None for nobody; and how many people bear it."""
    team = name.removeprefix("team:").strip()
    found = () if name.startswith("team:") else context.people(name)
    if len(found) == 1:
        return found[0], 1
    return (f"team:{team}" if team in context.teams else None), len(found)
