"""Documents that belong to an agreement: its original, evidence, reports. A file that is kept, or where it lies."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a document is for."""

    ORIGINAL = "original"
    EVIDENCE = "evidence"
    REPORT = "report"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document. *name* is what its giver called it; *sha256* and *size* (bytes) are of a kept file, else *link*."""

    id: str
    agreement_id: str
    purpose: Purpose
    name: str
    added_at: datetime
    added_by: str
    milestone_id: str | None = None  # what it is evidence for
    sha256: str | None = None
    size: int | None = None
    media_type: str = ""
    link: str = ""
    held_by: str = ""  # who has the paper

    @property
    def said(self) -> str:
        """As evidence is told: the name with the hash of a kept file, else the link."""
        return f"{self.name} (sha256 {self.sha256})" if self.sha256 else self.link or self.name
