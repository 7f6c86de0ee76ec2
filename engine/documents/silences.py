"""Silences and absences, as they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.delivery import silencing

_OF_ABSENCE: Final = ("id", "person", "delegate", "mode", "from_on", "until_on")

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.monitor import Work
    from lifecycle.people import Absence, Person
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


def absence_changed(work: Work, person: Person, touched: Sequence[Absence], result: str) -> dict[str, Any]:
    """What became of somebody's absences: all that began or ended, and beside them the first; none: null."""
    rows = [absence_row(work, one) for one in touched]
    first = rows[0] if rows else dict.fromkeys(_OF_ABSENCE)
    return {**first, "person": person.email, "absences": rows, "result": result}


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
