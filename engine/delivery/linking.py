"""The links of a message: signed for the one person to whom it goes, and for nobody else.

An address without a person and somebody outside a restricted agreement get none. A message that is to be passed on has
the way to the page alone, where its reader signs in. A marker has nothing to answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.incoming.links import ActionLink, Operation
from lifecycle import rights
from lifecycle.changed import changed

if TYPE_CHECKING:
    from engine.delivery.recipients import Told
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from notifiers.sheet import Deadline

#: What a message offers besides opening the page, in this order (INTERFACE.md M4).
_OFFERED: Final = (Operation.ACKNOWLEDGE, Operation.SNOOZE, Operation.ASSIGN, Operation.DONE)


def linked(work: Work, deadline: Deadline, told: Told, agreement: Agreement, *, stage: str = "") -> Deadline:
    """*deadline* as *told* reads of it: with the links that are theirs, if any."""
    links, person = work.monitor.links, told.person
    if links is None or person is None or not deadline.is_deadline:
        return deadline
    if not rights.is_inside(person, agreement):
        return deadline
    if told.forward_to:
        return changed(deadline, url=page_of(work, deadline.milestone_id))
    link = links.url(ActionLink(deadline.milestone_id, person.id, deadline.revision, stage))
    return changed(deadline, url=link, answers=tuple((one.value, f"{link}?do={one.value}") for one in _OFFERED))


def page_of(work: Work, milestone_id: str) -> str:
    """The way to a deadline's page, for whoever may sign in there; "" where the house has no address."""
    base_url = work.house.base_url.rstrip("/")
    return f"{base_url}/deadlines/{milestone_id}" if base_url else ""
