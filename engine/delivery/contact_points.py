"""How addresses stand, and what follows when nobody is behind one any more.

A refusal makes an address suspect, one on another day dead; what arrives makes it good again. Where a channel says only
later what came back, to have taken a message proves nothing for a month. Whoever has left, or is
dead everywhere, answers for nothing: each agreement that they own is told to the operators, the backup and the manager
at once and every week (``engine.delivery.weekly``) until it has another owner.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery import recipients
from engine.delivery.announcing import OWNER_LEFT, left_line, left_remedy, tell_owner_left
from engine.incidents import close_incident, open_incident
from lifecycle.people import ContactPoint, ContactState
from store.errors import NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.delivery import Delivery
    from lifecycle.people import Person

CAME_BACK: Final = "came_back"
_PROVEN_AFTER: Final = timedelta(days=30)
_ANOTHER_DAY: Final = timedelta(days=1)  # one bad morning of a mail server is no dead address


def refused(work: Work, one: Delivery, why: str) -> None:
    """An address of somebody was refused for good: suspect, and dead if it still is refused another day."""
    if one.recipient_id is None:
        return
    known = work.contact_points.bad().get((one.recipient_id, one.channel, one.address))
    if known is not None and (known.state is ContactState.DEAD or work.now < known.since_at + _ANOTHER_DAY):
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


def came_back(work: Work, one: Delivery, why: str) -> None:
    """As ``refused``, and the operators hear of the address, once until something arrives there again."""
    refused(work, one, why)
    if one.recipient_id is not None:
        text = (
            f"A message to {one.address} by {one.channel} {why}. Somebody else is told instead where it is about a "
            "deadline; ask for an address that works."
        )
        open_incident(work, kind=CAME_BACK, subject=_subject(one), text=text)


def taken(work: Work, one: Delivery) -> None:
    """The channel took a message: as good as ``heard``, unless it says only later what came back."""
    if not work.contact_points.bad():
        return
    if getattr(work.monitor.notifiers[one.channel], "has_reports", False):
        known = work.contact_points.bad().get((one.recipient_id or "", one.channel, one.address))
        if known is None or work.now < known.since_at + _PROVEN_AFTER:
            return
    heard(work, one)


def heard(work: Work, one: Delivery) -> None:
    """Something arrived at an address: it is good, and who is behind it answers again for what they own."""
    if not work.contact_points.bad():
        return
    for point in work.contact_points.mend(one.channel, one.address, work.now):
        owner_back(work, point.person_id)
    close_incident(work, kind=CAME_BACK, subject=_subject(one), because="messages arrive there again")


def owner_left(work: Work, person_id: str) -> None:
    """Somebody has left, or cannot be reached anywhere: said for each agreement that they own."""
    try:
        person = work.people.get(person_id)
    except NotFound:
        return
    if not recipients.is_gone(work, person):
        return
    opened = {
        _opened(work, person, agreement_id)
        for agreement_id in work.agreements.owned_by(person_id)
        if any(row.is_live and row.is_deadline for row in work.milestones.of(agreement_id))
    }
    tell_owner_left(work, [one for one in work.keeping.incidents() if one.id in opened])


def person_changed(work: Work, person_id: str) -> None:
    """Facts of somebody were changed: they may have another address now, or be here again."""
    person = work.people.get(person_id)
    if not person.is_disabled:
        work.whereabouts.look_anew(work.monitor.notifiers, person.email, work.now)
    owner_back(work, person_id)


def owner_back(work: Work, person_id: str) -> None:
    """Somebody may be reached again: what they own has an owner."""
    if not any(one.kind == OWNER_LEFT for one in work.keeping.incidents()):
        return
    for agreement_id in work.agreements.owned_by(person_id):
        owner_changed(work, agreement_id)


def owner_changed(work: Work, agreement_id: str) -> None:
    """Close the incident of an agreement whose owner is somebody else now, or is back."""
    owner = recipients.enabled(work, work.agreements.get(agreement_id).owner_id)
    if owner is not None and not recipients.is_gone(work, owner):
        close_incident(work, kind=OWNER_LEFT, subject=agreement_id, because="somebody answers for it again")


def _subject(one: Delivery) -> str:
    return f"{one.channel}:{one.address}"


def _opened(work: Work, person: Person, agreement_id: str) -> str | None:
    reference = work.agreements.get(agreement_id).reference
    return open_incident(
        work,
        kind=OWNER_LEFT,
        subject=agreement_id,
        agreement_id=agreement_id,
        text=f"{left_line(person, [reference])} {left_remedy([reference])}",
    )
