"""The links of a message: signed for the one person to whom it goes, and for nobody else.

An address without a person, somebody outside a restricted agreement, and a message that is to be passed on get none. A
marker has nothing to answer.
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
    if links is None or person is None or told.forward_to or not deadline.is_deadline:
        return deadline
    if not rights.is_inside(person, agreement):
        return deadline
    link = links.url(ActionLink(deadline.milestone_id, person.id, deadline.revision, stage))
    return changed(deadline, url=link, answers=tuple((one.value, f"{link}?do={one.value}") for one in _OFFERED))
