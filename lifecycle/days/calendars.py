"""Business calendars: which days are business days, and why one is not.

A calendar is a value. Its days are spread once, on first use, over a row of bytes (one for each day of 1900 to 2200,
1 where it is open), so that every question is a look into that row. Outside ``first_on..last_on`` only weekends are
known: the answers stay useful, and ``covers`` says that they are not to be trusted.
"""

import hashlib
import json
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import compress
from typing import Any, Self

from lifecycle.days.calendar_parts import Holiday, Joint, Provenance, Weekend
from lifecycle.days.day_rows import CLOSED, OPEN, ORIGIN, SIZE, joined, place, with_closed
from lifecycle.days.years import FIRST_DAY, LAST_DAY
from lifecycle.errors import DayOutOfRange
from lifecycle.words import weekday

__all__ = [
    "EVERY_DAY",
    "FIRST_DAY",
    "LAST_DAY",
    "SAT_SUN",
    "BusinessCalendar",
    "Holiday",
    "Joint",
    "Provenance",
    "Weekend",
    "joint",
    "with_closures",
]

SATURDAY, SUNDAY = 5, 6
_STEPS_BY_HAND = 64  # a table of all open days takes milliseconds to make: only long shifts are worth it


_SAT_SUN_WEEKEND = Weekend(frozenset({SATURDAY, SUNDAY}))


# No slots: what follows from the fields is computed on first use and kept (cached_property needs a __dict__).
@dataclass(frozen=True)
class BusinessCalendar:
    """The business days of one place, or of several together.

    *weekends* are eras in order. *parts* are joined by *rule*; beside parts, *holidays* are closures of our own.
    *assumptions* are the codes that every reading by this calendar carries. Days outside 1900 to 2200 raise
    DayOutOfRange in every method.
    """

    code: str
    holidays: tuple[Holiday, ...] = ()
    weekends: tuple[Weekend, ...] = (_SAT_SUN_WEEKEND,)
    first_on: date = FIRST_DAY
    last_on: date = LAST_DAY
    source: str = "longstop"
    version: str = ""
    parts: tuple["BusinessCalendar", ...] = ()
    rule: Joint = Joint.ALL_OPEN
    assumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "holidays", _merged(self.holidays))

    def __hash__(self) -> int:
        return hash(self.digest)

    def is_business_day(self, day: date) -> bool:
        """Whether business is done on *day*."""
        return self._row[place(day)] == 1

    def next(self, day: date) -> date:
        """The first business day on or after *day*."""
        index = place(day)
        return day if self._row[index] else self._found(self._row.find(OPEN, index), day)

    def previous(self, day: date) -> date:
        """The last business day on or before *day*."""
        index = place(day)
        return day if self._row[index] else self._found(self._row.rfind(1, 0, index), day)

    def shift(self, day: date, n: int) -> date:
        """The *n*-th business day after *day*, before it where *n* is negative; *day* itself where *n* is 0."""
        if not n:
            return day
        if abs(n) > _STEPS_BY_HAND:
            return self._leap(day, n)
        index, row = place(day), self._row
        for _ in range(abs(n)):
            index = row.find(OPEN, index + 1) if n > 0 else row.rfind(1, 0, index)
            if index < 0:
                break
        return self._found(index, day)

    def business_days(self, after_on: date, until_on: date) -> int:
        """How many business days lie in (*after_on*, *until_on*]; 0 where the span is empty."""
        return self._row.count(OPEN, place(after_on) + 1, place(until_on) + 1)

    def closed(self, from_on: date, to_on: date) -> tuple[Holiday, ...]:
        """The days off in [*from_on*, *to_on*], weekends by the name of their weekday."""
        stop = place(to_on) + 1
        found = []
        index = self._row.find(CLOSED, place(from_on), stop)
        while index >= 0:
            found.append(self._off(index))
            index = self._row.find(CLOSED, index + 1, stop)
        return tuple(found)

    def why_closed(self, day: date) -> str | None:
        """The holiday's name, else the weekday's; of a joint calendar with the part that is closed. None if open."""
        if self.is_business_day(day):
            return None
        if holiday := self._holiday_on.get(day):
            return holiday.name
        names = [(part.why_closed(day), part.code) for part in self.parts]
        named = [f"{why} ({code})" for why, code in names if why and why != weekday(day)]
        return ", ".join(named) or weekday(day)

    def covers(self, day: date) -> bool:
        """Whether the holidays of *day* are known, in every part."""
        return self.first_on <= day <= self.last_on

    def is_estimated(self, day: date) -> bool:
        """Whether *day* is off by an estimate."""
        return day in self._estimated

    def doubts(self, from_on: date, to_on: date) -> tuple[str, ...]:
        """The assumptions of whoever relies on [*from_on*, *to_on*]: not covered, estimated, and those of its own."""
        days = self._estimated_days
        beyond = ("beyond-calendar",) if from_on < self.first_on or self.last_on < to_on else ()
        estimated = days and bisect_left(days, from_on) < bisect_right(days, to_on)
        return (*self.assumptions, *beyond, *(("estimated-holiday",) if estimated else ()))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of code, days, eras, cover and parts. A holiday that is only renamed changes nothing."""
        content = [
            self.code,
            [[holiday.on.isoformat(), holiday.estimated] for holiday in self.holidays],
            [[weekend.since_on.isoformat(), sorted(weekend.days)] for weekend in self.weekends],
            [self.first_on.isoformat(), self.last_on.isoformat()],
            [self.rule, *(part.digest for part in self.parts)],
        ]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()

    @cached_property
    def provenance(self) -> tuple[Provenance, ...]:
        """One entry for each calendar that has a say: the parts, and this one where it closes days of its own."""
        own = Provenance(self.code, self.source, self.version, self.digest, self.first_on, self.last_on)
        of_parts = tuple(entry for part in self.parts for entry in part.provenance)
        return (*of_parts, own) if self.holidays or not of_parts else of_parts

    def snapshot(self) -> dict[str, Any]:
        """All of the calendar, ready for JSON; ``from_snapshot`` makes an equal one."""
        return {
            "code": self.code,
            "holidays": [[holiday.on.isoformat(), holiday.name, holiday.estimated] for holiday in self.holidays],
            "weekends": [[sorted(weekend.days), weekend.since_on.isoformat()] for weekend in self.weekends],
            "first_on": self.first_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "source": self.source,
            "version": self.version,
            "parts": [part.snapshot() for part in self.parts],
            "rule": self.rule.value,
            "assumptions": list(self.assumptions),
        }

    @classmethod
    def from_snapshot(cls, kept: Mapping[str, Any]) -> Self:
        """The calendar of which *kept* is the snapshot."""
        return cls(
            code=kept["code"],
            holidays=tuple(
                Holiday(date.fromisoformat(on), name, estimated) for on, name, estimated in kept["holidays"]
            ),
            weekends=tuple(Weekend(frozenset(days), date.fromisoformat(on)) for days, on in kept["weekends"]),
            first_on=date.fromisoformat(kept["first_on"]),
            last_on=date.fromisoformat(kept["last_on"]),
            source=kept["source"],
            version=kept["version"],
            parts=tuple(cls.from_snapshot(part) for part in kept["parts"]),
            rule=Joint(kept["rule"]),
            assumptions=tuple(kept["assumptions"]),
        )

    @cached_property
    def _row(self) -> bytes:
        shared = joined([part._row for part in self.parts], self.rule)  # noqa: SLF001 - of its own kind
        return with_closed(shared, self.weekends, (holiday.on for holiday in self.holidays))

    @cached_property
    def _open_days(self) -> "array[int]":
        return array("I", compress(range(SIZE), self._row))

    @cached_property
    def _holiday_on(self) -> dict[date, Holiday]:
        return {holiday.on: holiday for holiday in self.holidays}

    @cached_property
    def _estimated(self) -> frozenset[date]:
        own = {holiday.on for holiday in self.holidays if holiday.estimated}
        return frozenset(own.union(*(part._estimated for part in self.parts)))  # noqa: SLF001 - of its own kind

    @cached_property
    def _estimated_days(self) -> tuple[date, ...]:
        return tuple(sorted(self._estimated))

    @cached_property
    def _days_off(self) -> dict[int, Holiday]:
        return {}

    def _off(self, index: int) -> Holiday:
        """The closed day at *index*: told over and over in derivations, so it is made once."""
        if index not in self._days_off:
            day = date.fromordinal(index + ORIGIN)
            self._days_off[index] = Holiday(day, self.why_closed(day) or "", self.is_estimated(day))
        return self._days_off[index]

    def _leap(self, day: date, n: int) -> date:
        days, index = self._open_days, place(day)
        target = bisect_right(days, index) + n - 1 if n > 0 else bisect_left(days, index) + n
        return self._found(days[target] if 0 <= target < len(days) else -1, day)

    def _found(self, index: int, day: date) -> date:
        if index < 0:
            raise DayOutOfRange(f"The business day of {self.code} that is counted from {day.isoformat()}")
        return date.fromordinal(index + ORIGIN)


def joint(*calendars: BusinessCalendar, rule: Joint = Joint.ALL_OPEN) -> BusinessCalendar:
    """One calendar of several; its cover is what all of them cover."""
    sign = "+" if rule is Joint.ALL_OPEN else "|"
    return BusinessCalendar(
        sign.join(calendar.code for calendar in calendars),
        weekends=(),
        first_on=max(calendar.first_on for calendar in calendars),
        last_on=min(calendar.last_on for calendar in calendars),
        parts=calendars,
        rule=rule,
        assumptions=tuple(dict.fromkeys(code for calendar in calendars for code in calendar.assumptions)),
    )


def with_closures(calendar: BusinessCalendar, closures: Iterable[Holiday]) -> BusinessCalendar:
    """*calendar* with days of our own on which it is closed too; they keep their name."""
    return replace(calendar, holidays=(*closures, *calendar.holidays))


def _merged(holidays: Iterable[Holiday]) -> tuple[Holiday, ...]:
    """In order, one a day; the first name wins, and a day that one entry is sure of is no estimate."""
    by_day: dict[date, Holiday] = {}
    for holiday in holidays:
        known = by_day.setdefault(holiday.on, holiday)
        if known.estimated and not holiday.estimated:
            by_day[holiday.on] = replace(known, estimated=False)
    return tuple(by_day[day] for day in sorted(by_day))


SAT_SUN = BusinessCalendar("SAT_SUN")
EVERY_DAY = BusinessCalendar("EVERY_DAY", weekends=())
