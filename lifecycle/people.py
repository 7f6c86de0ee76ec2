"""Our own people: who owns agreements, stands in, manages, and holds which rights."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    channels: tuple[str, ...] = ()  # in their order; (): the house's
    is_disabled: bool = False

    @property
    def label(self) -> str:
        """The name; where there is none the address."""
        return self.name or self.email
