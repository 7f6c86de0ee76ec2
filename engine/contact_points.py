"""How addresses stand, and what follows when nobody is behind one any more.

A refusal makes an address suspect, the next one dead; what arrives makes it good again. Whoever has left, or is dead
everywhere, answers for nothing: each agreement that they own is told to the operators, the backup and the manager at
once and every week (``engine.weekly``) until it has another owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine import recipients
from engine.incidents import close_incident, open_incident
from lifecycle.people import ContactPoint, ContactState
from store.errors import NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.delivery import Delivery
    from lifecycle.people import Person

OWNER_LEFT: Final = "owner_left"


def refused(work: Work, one: Delivery, why: str) -> None:
    """An address of somebody was refused for good: suspect, and dead the next time."""
    if one.recipient_id is None:
        return
    known = work.contact_points.bad().get((one.recipient_id, one.channel, one.address))
    if known is not None and known.state is ContactState.DEAD:
        return
    work.contact_points.keep(
        ContactPoint(
            id=work.new_id(),
            person_id=one.recipient_id,
            channel=one.channel,
            address=one.address,
            state=ContactState.SUSPECT if known is None else ContactState.DEAD,
            since_at=work.now,
            why=why,
        )
    )
    if known is not None:
        owner_left(work, one.recipient_id)


def heard(work: Work, one: Delivery) -> None:
    """Something arrived at an address: it is good, and who is behind it answers again for what they own."""
    if not work.contact_points.bad():
        return
    for point in work.contact_points.mend(one.channel, one.address, work.now):
        for agreement_id in work.agreements.owned_by(point.person_id):
            close_incident(work, kind=OWNER_LEFT, subject=agreement_id, because="its owner can be reached again")


def owner_left(work: Work, person_id: str) -> None:
    """Somebody has left, or cannot be reached anywhere: said for each agreement that they own."""
    try:
        person = work.people.get(person_id)
    except NotFound:
        return
    if not recipients.is_gone(work, person):
        return
    for agreement_id in work.agreements.owned_by(person_id):
        if any(row.is_live and row.is_deadline for row in work.milestones.of(agreement_id)):
            _tell(work, person, agreement_id)


def owner_changed(work: Work, agreement_id: str) -> None:
    """Close the incident of an agreement whose owner is somebody else now, or is back."""
    owner_id = work.agreements.get(agreement_id).owner_id
    owner = recipients.enabled(work, owner_id)
    if owner is not None and not recipients.is_gone(work, owner):
        close_incident(work, kind=OWNER_LEFT, subject=agreement_id, because="somebody answers for it again")


def _tell(work: Work, person: Person, agreement_id: str) -> None:
    reference = work.agreements.get(agreement_id).reference
    why = "has left" if person.is_disabled else "cannot be reached at any address"
    open_incident(
        work,
        kind=OWNER_LEFT,
        subject=agreement_id,
        agreement_id=agreement_id,
        text=f"{person.label}, the owner of {reference}, {why}. The backup and the manager are asked instead. "
        f"Name another owner with `longstop agreement amend {reference} --set owner=ADDRESS --because TEXT`.",
    )
