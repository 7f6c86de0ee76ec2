"""What was known of an agreement at the end of a past day: the facts of then, and what time had made of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.zones import midnight
from lifecycle.agreements.passage import as_at

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.days.calendars import Provenance

_ONE_TICK: Final = timedelta(microseconds=1)


def known_on(work: Work, now: Agreement, on: date) -> Agreement | None:
    """An agreement as it was known at the end of a day in its own zone; None before it was registered."""
    then = work.agreements.as_of(now.id, end_of(now, on) - _ONE_TICK)
    return as_at(then, on) if then else None


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
