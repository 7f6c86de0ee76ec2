"""Whom a step asks: a role of the agreement, a group, an address, the other side.

An audience is a name for people, not the people: it is resolved when the step is raised. Its text is what playbooks
say (DELIVERY.md P2), and ``parse_audience`` and ``str`` are inverse to each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lifecycle.errors import LifecycleError
from lifecycle.people import Role
from lifecycle.words import listed, shown

#: The rights roles; any other group of people is a team.
ROLES: Final = tuple(role.value for role in Role)


class AudienceKind(StrEnum):
    """What an audience is resolved by."""

    OWNER = "owner"  # assigned to the milestone, else the agreement's
    BACKUP = "backup"
    MANAGER = "manager"  # the owner's
    TEAM = "team"
    ROLE = "role"  # everybody with a rights role
    ADDRESS = "address"  # one address in one channel, whoever reads there
    COUNTERPARTY = "counterparty"  # a contact of the other side: by email only, in words of its own


_ALONE = {AudienceKind.OWNER, AudienceKind.BACKUP, AudienceKind.MANAGER}
_FORMS = ("owner", "backup", "manager", "team:NAME", "role:NAME", "address:CHANNEL:ADDRESS", "counterparty:CONTACT")


class UnknownAudience(LifecycleError):
    """A text that names nobody a step could ask."""

    code = "unknown-audience"

    def __init__(self, text: str, choices: tuple[str, ...] = _FORMS) -> None:
        self.text = text
        super().__init__(f"{shown(text)} is no audience.", remedy=f"Write {listed(choices)}.")


@dataclass(frozen=True, slots=True)
class Audience:
    """One audience; ``name`` is the team, role, contact or address, ``channel`` that of an address."""

    kind: AudienceKind
    name: str = ""
    channel: str = ""

    def __str__(self) -> str:
        return ":".join(filter(None, (self.kind, self.channel, self.name)))


OWNER: Final = Audience(AudienceKind.OWNER)
BACKUP: Final = Audience(AudienceKind.BACKUP)
MANAGER: Final = Audience(AudienceKind.MANAGER)


def parse_audience(text: str) -> Audience:
    """The audience that *text* names. Raises UnknownAudience, which lists what could be written."""
    head, colon, name = text.strip().partition(":")
    try:
        kind = AudienceKind(head)
    except ValueError:
        raise UnknownAudience(text) from None
    if kind in _ALONE:
        if colon:
            raise UnknownAudience(text, (kind.value,))
        return Audience(kind)
    if kind is AudienceKind.ADDRESS:
        return _address(text, name)
    if not name.strip():
        raise UnknownAudience(text)
    if kind is AudienceKind.ROLE and name not in ROLES:
        raise UnknownAudience(text, tuple(f"role:{role}" for role in ROLES))
    return Audience(kind, name.strip())


def _address(text: str, rest: str) -> Audience:
    """An address may hold colons of its own."""
    channel, _, address = rest.partition(":")
    if not channel.strip() or not address.strip():
        raise UnknownAudience(text, ("address:slack:#channel", "address:email:legal@example.com"))
    return Audience(AudienceKind.ADDRESS, address.strip(), channel.strip())
