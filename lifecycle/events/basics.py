"""What events are made of: who did it, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it and through what: ``olga@example.com`` by ``cli``, ``longstop`` by ``clock``."""

    name: str
    channel: str = "cli"


#: Time itself, and what follows from it.
CLOCK = Actor("longstop", "clock")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementEvent:
    """Something that happened to one agreement."""

    agreement_id: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as people write it."""

    field: str
    before: str | None
    after: str | None
