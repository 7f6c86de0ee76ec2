"""Periods: lengths of time, never spans.

A period knows no day. Its parts are whole numbers that are never folded into one another: 12 months and 1 year are
two periods of the same ``total_months``. The direction, before or after, lies in the function that uses it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from lifecycle.errors import PeriodError, UnknownName
from lifecycle.words import shown

LARGEST_PART = 36525  # days in a century
MONTHS_A_YEAR = 12
DAYS_A_WEEK = 7


class Counting(StrEnum):
    """Which of the days at the two ends of a period are counted."""

    PLAIN = "plain"  # the first day is not counted, the last is
    INCLUSIVE = "inclusive"  # the first day is day 1
    CLEAR = "clear"  # neither is counted


PARTS = ("years", "months", "weeks", "days", "business_days", "hours")
_LETTERS = ("y", "m", "w", "d", "bd", "h")
_CODE = re.compile("".join(rf"(?:(\d{{1,5}}){letter})?" for letter in _LETTERS), re.ASCII)
_NAMES = tuple(part.replace("_", " ") for part in PARTS)
_UNITS = {
    "year": ("years", 1),
    "annum": ("years", 1),
    "quarter": ("months", 3),
    "month": ("months", 1),
    "fortnight": ("weeks", 2),
    "week": ("weeks", 1),
    "day": ("days", 1),
    "calendar day": ("days", 1),
    "business day": ("business_days", 1),
    "working day": ("business_days", 1),
    "banking day": ("business_days", 1),
    "hour": ("hours", 1),
} | dict(zip(_LETTERS, ((part, 1) for part in PARTS), strict=True))


@dataclass(frozen=True, slots=True)
class Period:
    """A length, in whole parts from 0 to 36525. Hours stand alone: they elapse, days are counted."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0
    business_days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        for number in self._parts:
            if type(number) is not int or not 0 <= number <= LARGEST_PART:
                raise PeriodError(f"{number} is no part of a period: parts are whole, from 0 to {LARGEST_PART}.")
        if self.hours and any(self._parts[:-1]):
            raise PeriodError(
                f"{self} mixes hours and days.", remedy="Hours stand alone; write the period in days or in hours."
            )

    @classmethod
    def of(cls, number: int, unit: str) -> Self:
        """*number* of *unit*, such as ``3, "quarters"``; raises UnknownName for a unit that nobody knows."""
        name = " ".join(unit.replace("_", " ").replace("-", " ").lower().split())
        known = _UNITS.get(name) or _UNITS.get(name.removesuffix("s"))
        if known is None:
            raise UnknownName("unit", unit, (*_NAMES, "quarters"))
        part, times = known
        return cls(**{part: number * times})

    @classmethod
    def from_code(cls, code: str) -> Self:
        """The period whose ``code`` is *code*; raises PeriodError. For what people write there is ``parse_period``."""
        found = _CODE.fullmatch(code)
        if not found or not code:
            raise PeriodError(f"{shown(code)} is no period code.", remedy='Write a code such as "60d" or "4y6m".')
        return cls(*(int(number or 0) for number in found.groups()))

    def __add__(self, other: "Period") -> "Period":
        return Period(*(mine + its for mine, its in zip(self._parts, other._parts, strict=True)))

    def __mul__(self, times: int) -> "Period":
        return Period(*(part * times for part in self._parts))

    def __str__(self) -> str:
        said = [f"{number} {name if number != 1 else name[:-1]}" for number, name in self._named(_NAMES)]
        return ", ".join(said) or "0 days"

    @property
    def code(self) -> str:
        """``4y6m``, ``60d``, ``5bd``, ``72h``."""
        return "".join(f"{number}{letter}" for number, letter in self._named(_LETTERS)) or "0d"

    @property
    def total_months(self) -> int:
        return self.years * MONTHS_A_YEAR + self.months

    @property
    def total_days(self) -> int:
        """Weeks and days, in days; neither months nor business days have a number of days."""
        return self.weeks * DAYS_A_WEEK + self.days

    @property
    def only_months(self) -> bool:
        """Whether it is made of years and months alone."""
        return self.total_months > 0 and not (self.weeks or self.days or self.business_days or self.hours)

    @property
    def is_zero(self) -> bool:
        return not (self.years or self.months or self.weeks or self.days or self.business_days or self.hours)

    @property
    def _parts(self) -> tuple[int, ...]:
        return (self.years, self.months, self.weeks, self.days, self.business_days, self.hours)

    def _named(self, names: tuple[str, ...]) -> list[tuple[int, str]]:
        return [(number, name) for number, name in zip(self._parts, names, strict=True) if number]


@dataclass(frozen=True, slots=True)
class StatedPeriod:
    """What somebody wrote about a length.

    *period* is None where no length is stated or it is *perpetual*. *times* is how often it repeats, *successive*
    that it repeats at all. *counting* is stated only by words such as "clear"; *at_least* by "not less than".
    """

    period: Period | None
    times: int | None = None
    successive: bool = False
    perpetual: bool = False
    counting: Counting | None = None
    at_least: bool = False
