"""What was proven, and what people have agreed to live with: evidence packs, accepted findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lifecycle.events.basics import AgreementEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePackMade:
    """Evidence of a span was taken along; ``seal`` is the SHA-256 of the pack's manifest.

    ``agreements`` are in it, ``left_out`` are restricted to others; it shows what was known on ``as_of_on``.
    """

    from_on: date
    until_on: date
    agreements: int
    left_out: int
    seal: str
    as_of_on: date | None = None
    search: str = ""
    counterparty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAccepted(AgreementEvent):
    """Somebody has accepted that something does not fit together, for as long as its facts stay.

    The agreement is the one to mend; ``finding_id`` is made of all that the finding says.
    """

    finding_id: str
    code: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReopened(AgreementEvent):
    """Nobody lives any more with what was accepted: it is to be mended, and is told again."""

    finding_id: str
    code: str
    because: str


OfProof = EvidencePackMade | FindingAccepted | FindingReopened
