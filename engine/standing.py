"""How somebody stands to an agreement and its deadlines: whether they may see it, own it, were asked about it.

Rights are looked at by it (``lifecycle.rights``), whatever the way by which somebody comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecycle.rights import Forbidden, Standing, is_inside
from store.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person


def present(work: Work, person_id: str) -> Person:
    """Somebody who is there. Raises NotFound, Forbidden for somebody who has left."""
    person = work.people.get(person_id)
    if person.is_disabled:
        raise Forbidden(f"{person.label} has left.", remedy="Ask the owner of the agreement.")
    return person


def visible(work: Work, milestone_id: str, person: Person | None) -> tuple[Milestone, Agreement]:
    """A deadline as somebody may see it; nobody in particular sees no restricted one. Raises NotFound."""
    row = work.milestones.get(milestone_id)
    agreement = work.agreements.get(row.key.holder)
    is_seen = is_inside(person, agreement) if person else not agreement.is_restricted
    if not is_seen:
        raise NotFound("deadline", milestone_id, remedy="Ask the owner of the agreement for access.")
    return row, agreement


def standing(
    work: Work,
    person: Person,
    agreement: Agreement,
    milestone: Milestone | None = None,
    *,
    messages: Iterable[Delivery] | None = None,
) -> Standing:
    """How somebody stands to an agreement and one of its deadlines: it is their own, or they were asked.

    Whoever was away while a delegate was asked in their place counts as asked: they are told so on their return.
    *messages* are those about the milestone, where they are at hand.
    """
    is_own = person.id in {agreement.owner_id, agreement.backup_id}
    is_asked = milestone is not None and (
        person.id in {milestone.owner_id, milestone.backup_id}
        or any(
            person.id in {one.recipient_id, one.stands_in_for}
            for one in _about(work, milestone, messages)
            if one.change is None
        )
    )
    return Standing(is_own=is_own, is_asked=is_asked)


def _about(work: Work, milestone: Milestone, messages: Iterable[Delivery] | None) -> Iterable[Delivery]:
    return work.deliveries.of_milestone(milestone.id) if messages is None else messages
