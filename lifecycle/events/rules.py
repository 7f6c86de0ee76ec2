"""What changes for many at once: playbooks, calendars, imports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookProposed:
    """A version concerns so many agreements that a second person has to apply it; nothing has changed yet."""

    playbook: str
    sha256: str
    agreements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookApplied:
    """Version ``version`` of a playbook holds from now on."""

    playbook: str
    version: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged:
    """The business days of a calendar changed."""

    calendar: str
    old_digest: str
    new_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportApplied:
    """A spreadsheet was taken in."""

    batch: str
    file_sha256: str
    created: int
    amended: int
    unchanged: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone:
    """An import was taken back, as far as nobody has changed its agreements since."""

    batch: str
    undone: int
    kept: int


OfRules = PlaybookProposed | PlaybookApplied | CalendarChanged | ImportApplied | ImportUndone
