"""Signing in by the word of an issuer of identities: whom it vouches for is whoever has that address here.

Nobody is taken in by it: as with a proxy that names people (AUTH_HEADER), whom the register does not know, or who has
left, stays outside. Where groups are mapped to roles, the role is renewed at every sign-in; the last admin stays admin,
and where no group makes admins, those who are admin stay so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from engine.access.entering import Browser, SignedIn, begin, take_back, take_place
from engine.access.naming import named_person
from engine.operations.people import LastAdmin, change_person, keep_an_admin
from lifecycle.errors import LifecycleError
from lifecycle.events import Actor
from lifecycle.people import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.monitor import Monitor, Work
    from lifecycle.people import Person

log = structlog.get_logger(__name__)


class NotKnown(LifecycleError):
    """The issuer vouches for somebody who is not here."""

    code = "not-known-here"

    def __init__(self, email: str) -> None:
        super().__init__(
            f"Nobody is known here by the address {email}.", remedy="Ask an admin to take you in, by that address."
        )


@dataclass(frozen=True, slots=True)
class Vouched:
    """For whom an issuer (its host) vouches: an address that it has verified, and the groups that they are in."""

    issuer: str
    email: str
    groups: frozenset[str]


def enter(
    monitor: Monitor, ask: Callable[[], Vouched], roles: Mapping[str, str], *, browser: Browser, days: int
) -> SignedIn:
    """Begin a session of *days* for whom the issuer vouches when it is asked; the one before is over.

    A place on the network has as many tries a minute as with passwords; what succeeds is none. Raises NotKnown,
    TooManyTries, and what *ask* raises.
    """
    take_place(monitor, browser.place)
    said = ask()
    with monitor.work(Actor(f"issuer:{said.issuer}", "oidc")) as work:
        person = named_person(work, said.email)
        if person is None or person.is_disabled:
            raise NotKnown(said.email)
        take_back(work, browser.place)
        return begin(work, _in_role(work, person, said.groups, roles), via="oidc", days=days, before=browser.before)


def _in_role(work: Work, person: Person, groups: frozenset[str], roles: Mapping[str, str]) -> Person:
    """Them, in the role of the first group of the map that they are in; in none, they are viewers."""
    wanted = next((Role(role) for group, role in roles.items() if group in groups), Role.VIEWER)
    makes_admins = Role.ADMIN.value in roles.values()
    if not roles or wanted is person.role or (person.role is Role.ADMIN and not makes_admins):
        return person
    try:
        keep_an_admin(work, person)
    except LastAdmin:
        log.warning("the last admin stays admin, whatever their groups say", person_id=person.id)
        return person
    return change_person(work, replace(person, role=wanted))
