"""What went wrong and people must know of. One stays open per kind and subject; it is told to the operators once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from lifecycle.events import IncidentClosed, IncidentOpened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.monitor import Work

log = structlog.get_logger(__name__)
#: A channel answers nobody; its subject is the channel (``engine.delivery.outages``).
CHANNEL_DOWN: Final = "channel_down"
_UNREACHED: Final = "no_recipient"  # nobody could be told of a deadline, which is its subject


def open_incident(work: Work, *, kind: str, subject: str, text: str, agreement_id: str | None = None) -> str | None:
    """Open an incident; its id, or None when the same is open already.

    *text* is a sentence for the operator and names no content of an agreement.
    """
    incident_id = work.new_id()
    row = {
        "id": incident_id,
        "kind": kind,
        "subject": subject,
        "agreement_id": agreement_id,
        "opened_at": work.now,
        "text": text,
    }
    if not work.keeping.open_incident(row):
        return None
    if work.monitor.is_real and not work.is_tried:
        # Said in the log as well: the channel that would tell it may be what is broken.
        log.warning("incident", incident=kind, subject=subject, agreement_id=agreement_id)
    work.record(IncidentOpened(incident_id=incident_id, kind=kind, subject=subject, agreement_id=agreement_id))
    return incident_id


def close_incident(
    work: Work, *, kind: str, subject: str, because: str, after: timedelta = timedelta()
) -> bool:  # fmt: skip
    """Close an incident; False when none was open, or when it was not open for as long as *after*."""
    if after and not any(
        (one.kind, one.subject) == (kind, subject) and one.opened_at + after <= work.now
        for one in work.keeping.incidents()
    ):
        return False
    incident_id = work.keeping.close_incident(kind, subject, work.now)
    if incident_id is None:
        return False
    work.record(IncidentClosed(incident_id=incident_id, because=because))
    return True


def close_of_ended(work: Work, milestone_ids: Iterable[str]) -> None:
    """Close what says of one of these deadlines that nobody could be told, where nobody has to be any more."""
    ended = set(milestone_ids)
    for milestone_id in sorted(work.keeping.open_about(_UNREACHED, ended) if ended else ()):
        if not work.milestones.get(milestone_id).is_live:
            close_incident(work, kind=_UNREACHED, subject=milestone_id, because="the deadline has ended")
