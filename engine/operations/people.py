"""Our own people: added, changed, and when they leave."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from lifecycle.errors import LifecycleError
from lifecycle.events import PersonAdded, PersonChanged, PersonDisabled
from lifecycle.people import LONGEST_NAME, LONGEST_TEAM, Role
from lifecycle.words import shown
from store.errors import AlreadyThere, NotFound

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.people import Person


class LastAdmin(LifecycleError):
    """Somebody has to be able to administer."""

    code = "last-admin"

    def __init__(self, email: str) -> None:
        super().__init__(
            f"{email} is the last admin.", remedy="Make somebody else admin first.", command="longstop person role"
        )


class PersonRefused(LifecycleError):
    """What is said of somebody cannot be kept."""

    code = "usage"


def add_person(work: Work, person: Person) -> Person:
    """Take somebody in. Raises AlreadyThere for an address that is known (ignoring case), PersonRefused."""
    _must_fit(person)
    try:
        work.people.by_email(person.email)
    except NotFound:
        known = replace(person, id=work.new_id())
        work.people.add(known)
        work.record(PersonAdded(person_id=known.id))
        return known
    raise AlreadyThere("person", person.email, remedy="Change them instead, or use another address.")


def change_person(work: Work, new: Person) -> Person:
    """Keep what has changed about somebody; nothing changed is no event. Raises PersonRefused."""
    _must_fit(new)
    old = work.people.get(new.id)
    changed = tuple(field.name for field in fields(new) if getattr(old, field.name) != getattr(new, field.name))
    if changed:
        work.people.save(new)
        work.record(PersonChanged(person_id=new.id, fields=changed))
    return new


def disable_person(work: Work, person: Person) -> Person:
    """Somebody left: nothing is sent to them any more, the backup and the manager take over."""
    if person.is_disabled:
        return person
    gone = replace(person, is_disabled=True)
    work.people.save(gone)
    work.record(PersonDisabled(person_id=gone.id))
    return gone


def keep_an_admin(work: Work, person: Person) -> None:
    """Raises LastAdmin where *person* is the only one left."""
    if person.role is Role.ADMIN and [one.id for one in work.people.with_role(Role.ADMIN)] == [person.id]:
        raise LastAdmin(person.email)


def _must_fit(person: Person) -> None:
    for what, limit, texts in (("name", LONGEST_NAME, (person.name,)), ("name of a team", LONGEST_TEAM, person.teams)):
        for text in texts:
            if len(text) > limit:
                raise PersonRefused(f"The {what} {shown(text)} has more than {limit} characters.", remedy="Shorten it.")
