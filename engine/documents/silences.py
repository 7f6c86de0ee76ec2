"""Silences and absences, as they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.delivery import silencing

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.people import Absence
    from lifecycle.playbooks.quiet import Silence


def silence_row(work: Work, silence: Silence) -> dict[str, Any]:
    """A silence, and how many messages wait for its end."""
    return {
        "id": silence.id,
        "mode": silence.mode,
        "search": silence.search,
        "reason": silence.reason,
        "author": work.people.get(silence.author_id).email if silence.author_id else None,
        "starts_at": silence.starts_at,
        "ends_at": silence.ends_at,
        "ended_at": silence.ended_at,
        "held": work.deliveries.count_held(silencing.why(silence)),
    }


def absence_row(work: Work, absence: Absence) -> dict[str, Any]:
    """Who is away, from when to when, and who stands in."""
    return {
        "id": absence.id,
        "person": work.people.get(absence.person_id).email,
        "delegate": work.people.get(absence.delegate_id).email,
        "mode": absence.mode,
        "from_on": absence.from_on,
        "until_on": absence.until_on,
    }
