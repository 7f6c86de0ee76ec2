"""What happens in audits: rights, evidence that is asked for and comes, findings.

What was found and what a report says stands with the agreement; the log holds ids and days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lifecycle.events.basics import AgreementEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRightAdded(AgreementEvent):
    """We may look into something there, again and again; the first time by ``due_on``."""

    right_id: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRightEnded(AgreementEvent):
    """No audit under a right is due after ``on``."""

    right_id: str
    on: date
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequested(AgreementEvent):
    """A report was asked for, with a link to upload it; ``is_again``: the old link is dead."""

    request_id: str
    kind: str
    due_on: date
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReceived(AgreementEvent):
    """A report came: its first file, or version ``number`` of it."""

    request_id: str
    document_id: str
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReviewed(AgreementEvent):
    """Somebody has begun to look at a report."""

    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAccepted(AgreementEvent):
    """A report is good until ``until_on``; None: once and for all."""

    request_id: str
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWithdrawn(AgreementEvent):
    """Nobody wants a report any more."""

    request_id: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFindingRecorded(AgreementEvent):
    """Something was found that has to be remedied by ``remedy_by_on``."""

    finding_id: str
    severity: str
    remedy_by_on: date
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFindingRetested(AgreementEvent):
    """What was remedied was tested again."""

    finding_id: str
    on: date
    is_passed: bool


OfAudits = (
    AuditRightAdded
    | AuditRightEnded
    | EvidenceRequested
    | EvidenceReceived
    | EvidenceReviewed
    | EvidenceAccepted
    | EvidenceWithdrawn
    | AuditFindingRecorded
    | AuditFindingRetested
)
