"""Who is here, who is away, who may come in, and of what nothing is told for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded:
    """Somebody can own agreements and get messages now."""

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged:
    """Facts of a person were changed."""

    person_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDisabled:
    """Somebody left: nothing is sent to them any more."""

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSet:
    """Somebody has a password, the first or another; all their other sessions are over."""

    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated:
    """A program may act for somebody, as far as ``scopes`` go, to the end of a day."""

    token_id: str
    person_id: str
    scopes: tuple[str, ...]
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked:
    """A token opens nothing any more."""

    token_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSet:
    """Somebody will be away; a delegate is asked ``instead`` or ``also``."""

    absence_id: str
    person_id: str
    delegate_id: str
    mode: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceEnded:
    """Somebody is back, or their absence was called off."""

    absence_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceSet:
    """Nothing but what is critical is told of some deadlines for a while. The search and the reason stay in its row."""

    silence_id: str
    mode: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceEnded:
    """A silence is over, or was called off; what it held leaves."""

    silence_id: str


OfPeople = (
    PersonAdded
    | PersonChanged
    | PersonDisabled
    | PasswordSet
    | TokenCreated
    | TokenRevoked
    | AbsenceSet
    | AbsenceEnded
    | SilenceSet
    | SilenceEnded
)
