"""Somebody leaves: what they own is handed to others first, then nothing is sent to them any more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.operations.people import disable_person, keep_an_admin
from engine.operations.registering import amend
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.people import Person


class CannotTakeOver(LifecycleError):
    """Somebody who can own nothing of them."""

    code = "cannot-take-over"

    def __init__(self, person: Person) -> None:
        super().__init__(f"{person.label} cannot take over.", remedy="Name somebody else who is there.")


def owned_by(work: Work, person: Person, may_see: Callable[[Agreement], bool]) -> list[Agreement]:
    """What somebody owns and *may_see* shows, without the archive, by reference."""
    found = work.agreements.many(work.agreements.owned_by(person.id)).values()
    mine = [one for one in found if not one.is_archived and may_see(one)]
    return sorted(mine, key=lambda one: one.reference.casefold())


def hand_over(work: Work, agreements: list[Agreement], *, to: Person, because: str) -> int:
    """Give agreements another owner; how many. A backup who becomes the owner is the backup no more.

    Raises CannotTakeOver.
    """
    if to.is_disabled or any(one.owner_id == to.id for one in agreements):
        raise CannotTakeOver(to)
    for one in agreements:
        backup_id = None if one.backup_id == to.id else one.backup_id
        amend(work, replace(one, owner_id=to.id, backup_id=backup_id), because=because)
    return len(agreements)


def leave(work: Work, person: Person, *, agreements: list[Agreement], to: Person | None) -> int:
    """Hand *agreements* over where somebody takes them, and let the person go; how many were handed over.

    Raises LastAdmin, CannotTakeOver.
    """
    keep_an_admin(work, person)
    because = f"{person.label} has left"
    number = hand_over(work, agreements, to=to, because=because) if to is not None else 0
    disable_person(work, person)
    return number
