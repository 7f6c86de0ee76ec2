"""When a message may leave: the recipient's hour, quiet hours, days off, silences.

A step is planned in the agreement's zone, but read in the recipient's: it leaves at the recipient's own hour of that
day if that is later. Quiet hours, weekends and the recipient's holidays hold it until the next open hour, a silence
until its end. None of them holds it past the next planned step, nor past the hour of the target day or of the last safe
day: then it leaves at once. What is critical knows no quiet (DELIVERY.md Q1, Q2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from lifecycle.days.instants import hour_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.days.calendars import BusinessCalendar
    from lifecycle.playbooks.playbook import Quiet

THEIR_HOUR: Final = "the recipient's hour"
QUIET_HOURS: Final = "quiet hours"
WEEKEND: Final = "a weekend"
HOLIDAY: Final = "a holiday"
_MOST_DAYS: Final = 60  # closed days in a row; a calendar that never opens holds nobody's message for longer
_ONE_DAY: Final = timedelta(days=1)


class Hours(NamedTuple):
    """A recipient's day: their zone, the hour at which messages are planned, the business days of where they are."""

    zone: tzinfo
    send_at: time
    calendar: BusinessCalendar


class Leaving(NamedTuple):
    """When a message may leave, and what it waits for: "" where it waits for nothing."""

    at: datetime
    because: str = ""


class SilenceMode(StrEnum):
    """What becomes of messages under a silence."""

    HOLD = "hold"  # they leave when it ends, one for each milestone
    DIGEST = "digest"  # they join the next digest
    DROP = "drop"  # they are cancelled, and the log says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing but what is critical is told of the milestones that *search* finds, until *ends_at*."""

    id: str
    mode: SilenceMode
    search: str
    reason: str
    author_id: str | None
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at an instant."""
        return self.ended_at is None and self.starts_at <= at < self.ends_at


def not_before(
    at: datetime, hours: Hours, quiet: Quiet, *, until_at: Iterable[datetime] = (), is_planned: bool = True
) -> Leaving:
    """When a message that is due *at* may leave; where *at* is not its planned instant, their hour was waited for.

    It is held to no instant behind one of *until_at* that is still ahead: then it leaves as early as it may.
    """
    own, held = _own_and_open(at, hours, quiet, is_planned)
    if held.at == at:
        return held
    limit_at = min([limit for limit in until_at if limit > at], default=None)
    if limit_at is not None and own.at > limit_at:
        return Leaving(at)
    if limit_at is not None and held.at > limit_at:
        return own
    return held if held.because else own


@lru_cache(maxsize=1 << 10)  # of many messages that are due together most are for the same hours
def _own_and_open(
    at: datetime, hours: Hours, quiet: Quiet, is_planned: bool  # noqa: FBT001 - a name would be kept with each
) -> tuple[Leaving, Leaving]:  # fmt: skip
    """The recipient's hour, and from then on the next open one."""
    own = _their_hour(at, hours) if is_planned else Leaving(at)
    return own, next_open(own.at, hours, quiet)


def next_open(at: datetime, hours: Hours, quiet: Quiet) -> Leaving:
    """The first instant from *at* on that is neither in quiet hours nor on a day off.

    After a day off it is the recipient's hour of the next day.
    """
    found, because = at, ""
    for _ in range(_MOST_DAYS):
        local = found.astimezone(hours.zone)
        if why := _why_closed(local.date(), hours.calendar, quiet):
            later = hour_at(local.date() + _ONE_DAY, hours.send_at, hours.zone)
        elif (end := _end_of_quiet(local, quiet)) is not None:
            later, why = end, QUIET_HOURS
        else:
            return Leaving(found, because)
        if later <= found:  # an hour that comes twice when the clocks are put back
            return Leaving(found, because)
        found, because = later, because or why
    return Leaving(at)


def _their_hour(at: datetime, hours: Hours) -> Leaving:
    own = hour_at(at.astimezone(hours.zone).date(), hours.send_at, hours.zone)
    return Leaving(own, THEIR_HOUR) if own > at else Leaving(at)


def _why_closed(day: date, calendar: BusinessCalendar, quiet: Quiet) -> str:
    is_weekend = day.weekday() in _days_off(day, calendar)
    if quiet.weekends and is_weekend:
        return WEEKEND
    return HOLIDAY if quiet.holidays and not is_weekend and not calendar.is_business_day(day) else ""


def _days_off(day: date, calendar: BusinessCalendar) -> frozenset[int]:
    own = next((era.days for era in reversed(calendar.weekends) if era.since_on <= day), frozenset[int]())
    return own.union(*(_days_off(day, part) for part in calendar.parts))


def _end_of_quiet(local: datetime, quiet: Quiet) -> datetime | None:
    """When the quiet hours end that *local* stands in; the first hour is quiet, the second is not."""
    if quiet.hours is None:
        return None
    first, last = quiet.hours
    now, day = local.time(), local.date()
    if first <= last:
        is_quiet = first <= now < last
    else:
        is_quiet = now >= first or now < last
        day += _ONE_DAY if now >= first else timedelta()
    return hour_at(day, last, local.tzinfo or UTC) if is_quiet else None
