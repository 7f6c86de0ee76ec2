"""Messages that no ladder planned: a day has moved, somebody was made owner, something went wrong, a test.

Each exists once under its own name. Those who are told of a moved day are those who had been told of the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine import recipients
from engine.composing import changed_sheet, frozen, plain_sheet
from engine.enqueueing import plain_delivery, put
from lifecycle.delivery import DeliveryKind
from lifecycle.people import Role
from store.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.monitor import Work
    from engine.recipients import Told
    from lifecycle.agreement import Agreement
    from lifecycle.events import IncidentOpened, MilestoneAssigned, MilestonesReplanned
    from lifecycle.milestones import Milestone

#: Incidents of which those hear who answer for the agreement, beside the operators.
_CONCERN_OWNERS: Final = frozenset({"renewed_without_decision", "lapsed_without_decision", "owner_left"})


def tell_moved(work: Work, event: MilestonesReplanned) -> None:
    """One *changed* message to each of those who had been told of a day that no longer holds."""
    for milestone_id, old_on, _ in event.moved:
        told = _told_before(work, milestone_id)
        if told:
            milestone = work.milestones.get(milestone_id)
            _tell_changed(work, work.agreements.get(event.agreement_id), milestone, told, moved_from_on=old_on)


def tell_assigned(work: Work, event: MilestoneAssigned) -> None:
    """Tell somebody that a deadline is theirs now."""
    person = recipients.enabled(work, event.owner_id)
    if person is not None:
        agreement, milestone = work.agreements.get(event.agreement_id), work.milestones.get(event.milestone_id)
        _tell_changed(work, agreement, milestone, recipients.addresses(work, person, "best"), moved_from_on=None)


def tell_incident(work: Work, event: IncidentOpened) -> None:
    """The operators hear of every incident; of one about an agreement also those who answer for it."""
    told = dict.fromkeys(_operators(work))
    if event.agreement_id is not None and event.kind in _CONCERN_OWNERS:
        told |= dict.fromkeys(_answerable(work, work.agreements.get(event.agreement_id)))
    row = next(one for one in work.keeping.incidents() if one.id == event.incident_id)
    heading = event.kind.replace("_", " ").capitalize()
    for one in told:
        delivery = plain_delivery(
            work, DeliveryKind.INCIDENT, one, key=event.incident_id, agreement_id=event.agreement_id
        )
        sheet = plain_sheet(work, one, delivery, heading=heading, text=row.text)
        put(work, [(delivery, frozen(work, one.channel, sheet))])


def _tell_changed(
    work: Work, agreement: Agreement, milestone: Milestone, told: Sequence[Told], *, moved_from_on: date | None
) -> None:
    what = "moved" if moved_from_on else f"assigned:{milestone.generation}"
    for one in told:
        key = f"{milestone.id}:{milestone.revision}:{what}"
        delivery = plain_delivery(work, DeliveryKind.CHANGED, one, key=key, agreement_id=agreement.id)
        sheet = changed_sheet(work, agreement, milestone, one, delivery, moved_from_on=moved_from_on)
        put(work, [(delivery, frozen(work, one.channel, sheet))])


def _told_before(work: Work, milestone_id: str) -> list[Told]:
    """Who has, or may have, an earlier message about the milestone."""
    reached = {"accepted", "delivered", "in_doubt", "sending", "bundled"}
    found: dict[tuple[str, str], Told] = {}
    for one in work.deliveries.of_milestone(milestone_id):
        if one.state.value in reached and one.channel in work.monitor.notifiers:
            person = recipients.enabled(work, one.recipient_id)
            if person is not None or one.recipient_id is None:
                found[one.channel, one.address] = recipients.Told(person, one.channel, one.address)
    return list(found.values())


def _operators(work: Work) -> list[Told]:
    admins = work.people.with_role(Role.ADMIN)
    return [told for person in admins for told in recipients.addresses(work, person, "best")]


def _answerable(work: Work, agreement: Agreement) -> list[Told]:
    """Owner, backup, the owner's manager, and legal."""
    people = [recipients.enabled(work, one) for one in (agreement.owner_id, agreement.backup_id)]
    try:
        owner = work.people.get(agreement.owner_id) if agreement.owner_id else None
    except NotFound:
        owner = None
    people.append(recipients.enabled(work, owner.manager_id) if owner else None)
    people.extend(work.people.with_role(Role.LEGAL))
    return [told for person in people if person for told in recipients.addresses(work, person, "best")]
