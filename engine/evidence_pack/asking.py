"""What an evidence pack shall hold: a span of days, a search, and the day of which it tells what was known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from engine.zones import day_at, midnight
from lifecycle.days.years import must_be_within
from lifecycle.errors import LifecycleError
from lifecycle.words import spoken
from store.queries.search import parse_search

if TYPE_CHECKING:
    from store.queries.search import Search

_ONE_DAY = timedelta(days=1)
_ONE_TICK = timedelta(microseconds=1)


class SpanRefused(LifecycleError):
    """Days of which no pack can be made."""

    code = "usage"


class Span(NamedTuple):
    """The instants of a pack: events and messages from one to another, which is outside; facts as at *known_at*."""

    from_at: datetime
    until_at: datetime
    known_at: datetime | None  # None: as they are now


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for. Days are the organisation's, both inside; *as_of_on* None: what is known today."""

    from_on: date
    until_on: date
    as_of_on: date | None = None
    search: str = ""
    counterparty: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether it is about some agreements and not about the house."""
        return bool(self.search.strip() or self.counterparty.strip())

    @property
    def meant(self) -> Search:
        """The search, taken apart. Raises SearchRefused."""
        return parse_search(self.search)


def span_of(asked: Asked, time_zone: str, now: datetime) -> Span:
    """The instants asked for. Raises SpanRefused for days in the wrong order, or not here yet; DayOutOfRange."""
    today = day_at(now, time_zone)
    must_be_within(asked.from_on, asked.until_on, asked.as_of_on)
    if asked.until_on < asked.from_on:
        told = f"{spoken(asked.from_on)} is after {spoken(asked.until_on)}."
        raise SpanRefused(told, remedy="Give the first day of the span, then its last.")
    if asked.as_of_on is not None and asked.as_of_on > today:
        told = f"Nobody knows yet what will be known on {spoken(asked.as_of_on)}."
        raise SpanRefused(told, remedy="Name today or a day that is over.")
    from_at, until_at = midnight(asked.from_on, time_zone), midnight(asked.until_on + _ONE_DAY, time_zone)
    if asked.as_of_on is None or asked.as_of_on == today:
        return Span(from_at, until_at, None)
    known_until_at = midnight(asked.as_of_on + _ONE_DAY, time_zone)
    return Span(from_at, min(until_at, known_until_at), known_until_at - _ONE_TICK)
