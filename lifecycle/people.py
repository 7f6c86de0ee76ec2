"""Our own people: who owns agreements, stands in, manages, and holds which rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

_LONGEST_ADDRESS: Final = 320
_NEVER_IN_ADDRESSES: Final = frozenset(' <>()[],;:\\"')


def is_address(text: str) -> bool:
    """Whether *text* is a mail address that can stand in a header and an SMTP command, and nothing else.

    What is taken in anywhere can be written to; that it exists nobody can tell but by doing so.
    """
    local, at, domain = text.rpartition("@")
    is_harmless = text.isprintable() and not _NEVER_IN_ADDRESSES & set(text)
    is_whole = bool(at and local and domain) and domain[0] != "." and "@" not in local
    return is_harmless and is_whole and len(text) <= _LONGEST_ADDRESS


LONGEST_NAME: Final = 200  # characters
LONGEST_TEAM: Final = 100


class Role(StrEnum):
    """The rights roles, from least to most specific; ``role:N`` in a playbook names one of them."""

    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    LEGAL = "legal"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be told. ``email`` is unique ignoring case; ``calendar`` is where they keep holidays."""

    id: str
    email: str
    name: str = ""
    role: Role = Role.VIEWER
    manager_id: str | None = None
    teams: tuple[str, ...] = ()
    time_zone: str = ""  # "": the organisation's
    calendar: str = ""  # "": the organisation's
    send_at: time | None = None  # the hour from which they are told what is not critical; None: the organisation's
    channels: tuple[str, ...] = ()  # in their order; (): the house's
    digests: bool = True  # what can wait is told in one message a week; without it in the next that cannot
    invitations: bool = True  # deadlines into their own calendar, where the house sends them
    is_disabled: bool = False

    @property
    def label(self) -> str:
        """The name; where there is none the address."""
        return self.name or self.email


class AbsenceMode(StrEnum):
    """Who is asked while somebody is away."""

    INSTEAD = "instead"  # the delegate alone; both from the target day on
    ALSO = "also"  # both


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Somebody is away from one day to another, both inside, by the days of their own zone."""

    id: str
    person_id: str
    delegate_id: str
    mode: AbsenceMode
    from_on: date
    until_on: date
    ended_at: datetime | None = None

    def covers(self, day: date) -> bool:
        """Whether they are away on *day*."""
        return self.ended_at is None and self.from_on <= day <= self.until_on


class ContactState(StrEnum):
    """How an address stands."""

    OK = "ok"
    SUSPECT = "suspect"  # refused once
    DEAD = "dead"  # refused again: nothing is sent there until something arrives


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """An address of somebody in a channel, and since when it stands as it does."""

    id: str
    person_id: str
    channel: str
    address: str
    state: ContactState
    since_at: datetime
    why: str
