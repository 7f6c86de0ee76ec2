"""Obligations of an agreement: added, amended, and ended."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from engine.operations.standing import given_to
from lifecycle.agreements.amending import said
from lifecycle.errors import LifecycleError
from lifecycle.events import FieldChange, ObligationAdded, ObligationAmended, ObligationEnded
from lifecycle.milestones.milestone import LIVE, MilestoneState
from store.errors import AlreadyThere, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.obligations.duties import Obligation


class ObligationOver(LifecycleError):
    """Nothing of a duty is due any more."""

    code = "illegal-transition"

    def __init__(self, obligation: Obligation) -> None:
        super().__init__(f"{obligation.name} has ended.", remedy="Add it anew.")


def add_obligation(work: Work, agreement: Agreement, obligation: Obligation) -> Agreement:
    """Add a duty; its id is found here where it has none, and then AlreadyThere is raised for the same said again."""
    running = [replace(one, id="") for one in agreement.obligations if one.ended_on is None]
    if obligation in running:
        raise AlreadyThere("obligation", obligation.name, remedy="Give it another name or day, if it is another one.")
    known = replace(obligation, id=obligation.id or _free_id(agreement))
    changed = _saved(work, agreement, (*agreement.obligations, known))
    work.record(
        ObligationAdded(agreement_id=agreement.id, obligation_id=known.id, name=known.name, kind=known.kind.value)
    )
    return changed


def obligation_of(agreement: Agreement, obligation_id: str) -> Obligation:
    """One duty by its id. Raises NotFound."""
    for one in agreement.obligations:
        if one.id == obligation_id:
            return one
    raise NotFound(
        "obligation",
        obligation_id,
        remedy="List those of the agreement.",
        command=f"longstop obligation list {agreement.reference}",
    )


def amend_obligation(work: Work, agreement: Agreement, wanted: Obligation, *, because: str) -> Agreement:
    """Change what a duty says; *wanted* has its id.

    A duty of which something is over already (done, waived, missed) keeps those days: with other due days it ends today
    and goes on as a new one, for a day that is closed stays closed whatever it is moved to.
    Raises NotFound, ObligationOver.
    """
    old = obligation_of(agreement, wanted.id)
    if old.ended_on is not None:
        raise ObligationOver(old)
    if old == wanted:
        return agreement
    if old.due != wanted.due and _has_past(work, agreement, old):
        return _gone_on(work, agreement, wanted, because)
    changed = _saved(work, agreement, (wanted if one.id == old.id else one for one in agreement.obligations))
    if old.owner_id != wanted.owner_id:
        _follow_owner(work, agreement, old, wanted)
    changes = tuple(
        FieldChange(each.name, said(getattr(old, each.name)), said(getattr(wanted, each.name)))
        for each in fields(old)
        if getattr(old, each.name) != getattr(wanted, each.name)
    )
    about = {"agreement_id": agreement.id, "obligation_id": old.id}
    work.record(ObligationAmended(**about, because=because, changes=changes))
    return changed


def end_obligation(work: Work, agreement: Agreement, obligation_id: str, *, on: date, because: str) -> Agreement:
    """Nothing of a duty is due after *on*; twice is the same as once. Raises NotFound."""
    known = obligation_of(agreement, obligation_id)
    if known.ended_on == on:
        return agreement
    ended = replace(known, ended_on=on)
    changed = _saved(work, agreement, (ended if one.id == obligation_id else one for one in agreement.obligations))
    work.record(ObligationEnded(agreement_id=agreement.id, obligation_id=obligation_id, on=on, because=because))
    return changed


def _follow_owner(work: Work, agreement: Agreement, old: Obligation, wanted: Obligation) -> None:
    """What is due of it is the new owner's, who is told once; what was assigned to somebody else stays with them."""
    rows = [row for row in work.milestones.of(agreement.id) if row.key.subject == old.id and row.is_live]
    for number, row in enumerate(row for row in rows if row.owner_id == old.owner_id):
        given_to(work, row, owner_id=wanted.owner_id, backup_id=row.backup_id, is_said=number == 0)


def _free_id(agreement: Agreement) -> str:
    """``o3``: behind every number that was given; what was taken away leaves its place empty."""
    given = [int(one.id[1:]) for one in agreement.obligations if one.id[:1] == "o" and one.id[1:].isdecimal()]
    return f"o{max(given, default=len(agreement.obligations)) + 1}"


def _has_past(work: Work, agreement: Agreement, obligation: Obligation) -> bool:
    rows = (row for row in work.milestones.of(agreement.id) if row.key.subject == obligation.id)
    return any(row.state not in LIVE and row.state is not MilestoneState.WITHDRAWN for row in rows)


def _gone_on(work: Work, agreement: Agreement, wanted: Obligation, because: str) -> Agreement:
    """The old one ends today, a new one takes its place; what had to wait for the old one waits for the new one."""
    ended = end_obligation(work, agreement, wanted.id, on=work.today(agreement), because=because)
    changed = add_obligation(work, ended, replace(wanted, id=""))
    if all(wanted.id not in one.needs for one in changed.obligations):
        return changed
    follows = {wanted.id: changed.obligations[-1].id}
    others = (replace(one, needs=tuple(follows.get(each, each) for each in one.needs)) for one in changed.obligations)
    return _saved(work, changed, others)


def _saved(work: Work, agreement: Agreement, obligations: Iterable[Obligation]) -> Agreement:
    changed = replace(agreement, obligations=tuple(obligations), version=agreement.version + 1)
    work.agreements.save(changed)
    return changed
