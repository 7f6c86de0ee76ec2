"""What recurs: the days on which it is due, found by division and made one at a time.

An occurrence is counted from the origin, never from the one before: the k-th after an anchor, or the k-th calendar
period and so long after its end. Business days matter to its reading, not to its place in the series.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from itertools import takewhile
from typing import ClassVar

from lifecycle.counting.derivation import DerivationStep, Reading, Source, Telling
from lifecycle.counting.rules import RuleSet, deadline_after, deadline_before
from lifecycle.counting.seeking import days_on, first_number, mean_days, months_long
from lifecycle.counting.steps import roll_step
from lifecycle.counting.told import Told
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import MonthEnd, Period, Roll, after, month_end, quarter_end, rolled, year_end
from lifecycle.errors import DayOutOfRange, LifecycleError
from lifecycle.terms.term_steps import worded
from lifecycle.words import MONTHS, spoken

_ZERO = Period()
_ZERO_DAYS, _SLACK = timedelta(), timedelta(days=21)


class Basis(StrEnum):
    """What an occurrence is counted by."""

    ANCHOR = "anchor"  # from the anchor day
    MONTH = "month"  # the ends of calendar months, quarters, years
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Basis.MONTH: 1, Basis.QUARTER: 3, Basis.YEAR: 12}


class RecurrenceError(LifecycleError):
    """A rule by which nothing can recur."""

    code: ClassVar[str] = "recurrence"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every so often, from an anchor or by calendar periods; the *first* one counts is number *first*.

    By calendar periods, number 1 is the period that holds the anchor day, and *every* says how many make one step.
    *due_after* is added to each day; *announce* is how long before it is announced; *continues* is how long it goes on
    after the agreement's last day. A *roll* that is stated beats the rule set's.
    """

    every: Period
    anchor_on: date
    basis: Basis = Basis.ANCHOR
    first: int = 1
    due_after: Period = _ZERO
    roll: Roll = Roll.NONE
    month_end: MonthEnd = MonthEnd.CORRESPONDING
    at_most: int | None = None
    announce: Period | None = None
    continues: Period = _ZERO

    def __post_init__(self) -> None:
        """Raises RecurrenceError where it would stand still or part from the calendar."""
        if self.every.is_zero or self.every.hours:
            raise RecurrenceError(f"Every {self.every} is no recurrence.", remedy="Say how often in days or months.")
        size = _MONTHS.get(self.basis)
        if size is not None and (not self.every.only_months or self.every.total_months % size):
            raise RecurrenceError(
                f"Every {self.every} does not fit calendar periods of a {self.basis}.",
                remedy=f"Use whole {self.basis}s, or count from a day.",
            )


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that it is due; *cycle* names it for good: ``3``, ``2026-Q3``."""

    cycle: str
    reading: Reading
    announce_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A recurrence within an agreement whose last day, if it has one, is *last_on*.

    What is paid *in_arrears* is owed for every calendar period that has begun by then, and for all counted by then,
    however long after it is due.
    """

    recurrence: Recurrence
    last_on: date | None
    rules: RuleSet
    calendar: BusinessCalendar
    said: str = ""  # what the first day rests on; "": it is stated
    in_arrears: bool = False

    def from_day(self, from_on: date) -> Iterator[Occurrence]:
        """The occurrences whose last safe day is *from_on* or later, in order, until they stop."""
        rule = self.recurrence
        first = max(rule.first, 1) if rule.basis is not Basis.ANCHOR else rule.first
        guess = int((from_on - rule.anchor_on).days / mean_days(rule.every))
        # A law may end a short period later than plain counting does, by business days that it must hold.
        slack = _ZERO_DAYS if rule.due_after.is_zero else _SLACK
        number = first_number(self._due_on, from_on - slack, guess=guess, low=first)
        while rule.at_most is None or number < first + rule.at_most:
            try:
                occurrence = self._occurrence(number)
            except DayOutOfRange:
                return
            if occurrence is None:
                return
            if occurrence.reading.safe_on >= from_on:
                yield occurrence
            number += 1

    def _occurrence(self, number: int) -> Occurrence | None:
        """Occurrence *number*; None where it would come after the agreement and what goes on after it."""
        rule, base_on = self.recurrence, self._base_on(number)
        if self.last_on is not None:
            until_on = after(self.last_on, rule.continues, calendar=self.calendar)
            if self._owed_from(base_on) > until_on:
                return None
        reading = self._reading(number, base_on)
        announce_on = None
        if rule.announce is not None:
            announced = deadline_before(reading.safe_on, rule.announce, rules=self.rules, calendar=self.calendar)
            announce_on = announced.safe_on
        return Occurrence(_cycle(rule.basis, number, base_on), reading, announce_on)

    def _owed_from(self, base_on: date) -> date:
        """The day on which the agreement has to be in force for what is counted to *base_on* to be owed."""
        if self.in_arrears:
            return _period_begin(self.recurrence.basis, base_on)
        return after(base_on, self.recurrence.due_after, calendar=self.calendar)

    def _base_on(self, number: int) -> date:
        """The day counted to, before *due_after*."""
        rule = self.recurrence
        every = rule.every
        if rule.basis is not Basis.ANCHOR:
            start = rule.anchor_on.replace(day=1)
            return _period_end(rule.basis, after(start, months_long(every.total_months * (number - 1))))
        months = months_long(every.total_months * number)
        day = after(rule.anchor_on, months, month_end=rule.month_end, calendar=self.calendar)
        return self.calendar.shift(days_on(day, every.total_days * number), every.business_days * number)

    def _due_on(self, number: int) -> date:
        return after(self._base_on(number), self.recurrence.due_after, calendar=self.calendar)

    def _reading(self, number: int, base_on: date) -> Reading:
        rule = self.recurrence
        recurs = partial(self._step, number, base_on)
        if rule.due_after.is_zero:
            return fixed(base_on, rule.roll, recurs, rules=self.rules, calendar=self.calendar)
        roll = None if rule.roll is Roll.NONE else rule.roll
        reading = deadline_after(base_on, rule.due_after, rules=self.rules, calendar=self.calendar, roll=roll)
        days = (reading.safe_on, reading.nominal_on, reading.latest_on)
        steps = Told(lambda: (recurs(), *reading.steps))
        return Reading(*days, steps, reading.assumptions, reading.calendars)

    def _step(self, number: int, base_on: date) -> DerivationStep:
        rule = self.recurrence
        code, words = worded(rule.every)
        if rule.basis is not Basis.ANCHOR:
            inputs = (("every", code), ("basis", rule.basis.value), ("number", str(number)))
            text = f"the last day of {_spoken_cycle(rule.basis, base_on)}"
        else:
            inputs = (("every", code), ("times", str(number)), ("month_end", rule.month_end.value))
            text = (
                f"{spoken(rule.anchor_on)} + {number} x {words}" if number else self.said or "the first day, as stated"
            )
        return DerivationStep("recurs", rule.anchor_on, base_on, inputs, text, Source.AGREEMENT)


def occurrences(  # noqa: PLR0913 - a span and a reckoning, each part by its name
    recurrence: Recurrence,
    *,
    from_on: date,
    until_on: date,
    last_on: date | None,
    rules: RuleSet,
    calendar: BusinessCalendar,
) -> tuple[Occurrence, ...]:
    """The occurrences whose last safe day lies in [*from_on*, *until_on*]."""
    series = Series(recurrence=recurrence, last_on=last_on, rules=rules, calendar=calendar)
    return tuple(takewhile(lambda each: each.reading.safe_on <= until_on, series.from_day(from_on)))


def fixed(on: date, roll: Roll, stated: Telling, *, rules: RuleSet, calendar: BusinessCalendar) -> Reading:
    """The reading of a *stated* due day: nominal by *roll*, safe on a business day before, latest as can be argued."""
    nominal_on, safe_on = rolled(on, roll, calendar), calendar.previous(on)
    argued_on = rolled(on, rules.arguable_roll, calendar)
    safe_on, latest_on = min(safe_on, nominal_on), max(on, nominal_on, argued_on)
    steps = Told(lambda: (stated(), roll_step(on, safe_on, Roll.PRECEDING, calendar)))
    return Reading(safe_on, nominal_on, latest_on, steps, calendar.doubts(safe_on, latest_on), calendar.provenance)


def _period_end(basis: Basis, day: date) -> date:
    match basis:
        case Basis.QUARTER:
            return quarter_end(day)
        case Basis.YEAR:
            return year_end(day)
        case _:
            return month_end(day)


def _period_begin(basis: Basis, end: date) -> date:
    """The first day of the calendar period that ends on *end*; counted from an anchor, that day itself."""
    match basis:
        case Basis.ANCHOR:
            return end
        case Basis.MONTH:
            return end.replace(day=1)
        case Basis.QUARTER:
            return end.replace(month=end.month - 2, day=1)
        case Basis.YEAR:
            return end.replace(month=1, day=1)


def _cycle(basis: Basis, number: int, base_on: date) -> str:
    match basis:
        case Basis.ANCHOR:
            return str(number)
        case Basis.MONTH:
            return f"{base_on:%Y-%m}"
        case Basis.QUARTER:
            return f"{base_on.year}-Q{(base_on.month + 2) // 3}"
        case Basis.YEAR:
            return str(base_on.year)


def _spoken_cycle(basis: Basis, base_on: date) -> str:
    """The month, quarter or year that ends on a day, as people say it: ``Nov 2026``, ``Q4 2026``, ``2026``."""
    match basis:
        case Basis.MONTH:
            return f"{MONTHS[base_on.month - 1]} {base_on.year}"
        case Basis.QUARTER:
            return f"Q{(base_on.month + 2) // 3} {base_on.year}"
        case _:
            return str(base_on.year)
