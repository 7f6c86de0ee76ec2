"""What went wrong that people must know of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened:
    """Something went wrong that people must know of."""

    incident_id: str
    kind: str
    subject: str
    agreement_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed:
    """What went wrong is mended."""

    incident_id: str
    because: str


OfIncidents = IncidentOpened | IncidentClosed
