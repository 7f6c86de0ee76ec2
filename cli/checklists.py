"""Checklists at the command line: found by name, and laid over an agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.checklists import load_checklists
from engine import operations
from engine.delivery.recipients import enabled
from lifecycle.agreement import Agreement, first_day, terms_of
from lifecycle.audience import Audience, AudienceKind
from lifecycle.checklist import At, Checklist, Every, applied
from lifecycle.obligations import Anchors
from lifecycle.people import Role
from lifecycle.renewals import term_on
from store.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from cli.run import Run
    from engine.monitor import Work

OWN: Final = "checklists"  # playbooks lie beside this folder, which would be no playbooks


def known(run: Run) -> tuple[Checklist, ...]:
    """The checklists that ship and those in ``checklists`` of the playbooks' folder. Raises YamlRefused."""
    folder = run.settings.playbook_dir
    return load_checklists(folder / OWN if folder else None)


def named(run: Run, name: str) -> Checklist:
    """One of them. Raises NotFound."""
    for one in known(run):
        if one.name == name:
            return one
    raise NotFound("checklist", name, remedy="List them with `longstop checklist list`.")


def when(timing: At | Every) -> str:
    """``5 business days after effective``, ``every 1 year from effective``."""
    if isinstance(timing, Every):
        return f"every {timing.period} from {timing.anchor.value}"
    if timing.period.is_zero:
        return f"on {timing.anchor.value}"
    return f"{timing.period} {timing.direction.value} {timing.anchor.value}"


def take_over(work: Work, agreement: Agreement, checklist: Checklist, on: date) -> tuple[Agreement, int, int]:
    """The agreement with the obligations that it did not have yet; how many are new, and how many wait for a day."""
    found = applied(
        checklist,
        on,
        anchors=_anchors(work, agreement),
        calendar=work.calendar(agreement.calendar),
        owner_of=lambda audience: _owner(work, agreement, audience),
    )
    there = {one.id for one in agreement.obligations}
    new = [one for one in found.obligations if one.id not in there]
    for obligation in new:
        agreement = operations.add_obligation(work, agreement, obligation)
    return agreement, len(new), len(found.waiting)


def _anchors(work: Work, agreement: Agreement) -> Anchors:
    terms = terms_of(agreement)
    running = term_on(terms, max(work.today(agreement), terms.effective_on)) if terms else None
    return Anchors(
        effective_on=first_day(agreement), signed_on=agreement.signed_on, last_on=running.last_on if running else None
    )


def _owner(work: Work, agreement: Agreement, audience: Audience) -> str | None:
    """The one person whom an audience means; None, the agreement's owner, where it means nobody or several."""
    match audience.kind:
        case AudienceKind.BACKUP:
            return agreement.backup_id
        case AudienceKind.MANAGER:
            owner = enabled(work, agreement.owner_id)
            return owner.manager_id if owner else None
        case AudienceKind.ROLE:
            found = work.people.with_role(Role(audience.name))
        case AudienceKind.TEAM:
            found = work.people.in_team(audience.name)
        case _:
            return None
    return found[0].id if len(found) == 1 else None
