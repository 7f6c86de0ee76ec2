"""What was known of an agreement: at the end of a past day, with what time had made of it, or when a deadline ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.zones import midnight
from lifecycle.agreements.passage import as_at
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.days.calendars import Provenance
    from lifecycle.milestones.milestone import Derived, Milestone

_ONE_TICK: Final = timedelta(microseconds=1)


def known_on(work: Work, now: Agreement, on: date) -> Agreement | None:
    """An agreement as it was known at the end of a day in its own zone; None before it was registered."""
    then = work.agreements.as_of(now.id, end_of(now, on) - _ONE_TICK)
    return as_at(then, on) if then else None


def derived_of(work: Work, agreement: Agreement, milestone: Milestone) -> Derived | None:
    """The derivation of a milestone; of one that was answered, from the facts that its day followed from.

    A notice that is given ends the facts that asked for it: its own deadline follows from earlier ones alone.
    None where no facts hold it.
    """
    derived = work.planner.explained(agreement, milestone)
    if milestone.outcome is None or (derived and derived.reading.safe_on == milestone.safe_on):
        return derived
    return held_before(work, agreement, milestone) or derived


def held_before(work: Work, agreement: Agreement, milestone: Milestone) -> Derived | None:
    """The derivation of a milestone from the newest of the earlier facts that give its day; None if none do."""
    for number in range(agreement.version - 1, 0, -1):
        try:
            derived = work.planner.explained(work.agreements.version(agreement.id, number), milestone)
        except LifecycleError:
            continue
        if derived and derived.reading.safe_on == milestone.safe_on:
            return derived
    return None


def counted_with(work: Work, agreement: Agreement) -> str:
    """What is said beside whatever is derived of a past day: with which calendars its days are counted."""
    told = (f"{one.code} ({one.source} {one.version})".replace(" )", ")") for one in calendars_of(work, agreement))
    return f"Days are counted with the holiday calendars of today: {', '.join(told)}."


def calendars_of(work: Work, agreement: Agreement) -> tuple[Provenance, ...]:
    """The calendars whose business days an agreement counts, as they are today."""
    return work.calendar(agreement.calendar).provenance


def end_of(agreement: Agreement, on: date) -> datetime:
    """The instant at which a day is over in the agreement's zone."""
    return midnight(on + timedelta(days=1), agreement.time_zone)
