"""An admin lets themself see a restricted agreement: the one way in without being named, and it is never silent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lifecycle.errors import LifecycleError
from lifecycle.events import AccessTaken
from lifecycle.rights import is_inside
from store.errors import NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person


class NoReason(LifecycleError):
    """Somebody wants to see what is restricted and does not say why."""

    code = "no-reason"

    def __init__(self) -> None:
        super().__init__("A reason is needed; the owner reads it.", remedy="Write it in a sentence.")


def take_access(work: Work, reference: str, person: Person, *, because: str) -> Agreement:
    """Put *person* among those who see an agreement; its owner and backup are told. Seeing it already changes nothing.

    Raises NotFound for a reference that nobody knows, NoReason.
    """
    agreement = work.agreements.find(reference)
    if agreement is None:
        raise NotFound("agreement", reference)
    if is_inside(person, agreement):
        return agreement
    if not because.strip():
        raise NoReason
    named = (*agreement.restricted_to, person.id)
    known = replace(agreement, restricted_to=named, version=agreement.version + 1)
    work.agreements.save(known)
    work.record(AccessTaken(agreement_id=known.id, person_id=person.id, because=because.strip()))
    return known
