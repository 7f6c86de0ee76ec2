"""Counting a period back from a day: the candidates that can be argued, the three days, and the steps that tell them.

Days come first. Why they are these is worked out from the same candidates when somebody asks.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from lifecycle.counting.derivation import DerivationStep, Reading, Source, earliest_step, union
from lifecycle.counting.rule_sets import MonthsBack
from lifecycle.counting.steps import MONTHS_FIT, NOTICE_BEFORE, count_step, counting_step, roll_step
from lifecycle.counting.told import Told
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Counting, Period, Roll, before, latest_start, rolled

_ONE_DAY = timedelta(days=1)


class Candidate(NamedTuple):
    """One admissible way of counting back: by *rule* to *way_on*, and from there, counted as *counting*, to *on*."""

    rule: str
    way_on: date
    counting: Counting
    on: date


class Back(NamedTuple):
    """A deadline counted back. Of its *candidates* the first is the ordinary one. Days come first, reasons if asked."""

    to_on: date
    period: Period
    counted: Period
    source: Source
    candidates: list[Candidate]
    roll: Roll
    arguable_roll: Roll
    calendar: BusinessCalendar

    def reading(self) -> Reading:
        safe, nominal, argued = self.days()
        days = (safe, nominal, max(nominal, argued))
        candidates = self.candidates
        differ = len(candidates) > 1 and len({candidate.way_on for candidate in candidates}) > 1
        assumptions = ("months-back-differ",) if differ else ()
        seen_on = self.to_on if self.counted.business_days else None
        return flagged(days, Told(self.steps), self.calendar, seen_on=seen_on, assumptions=assumptions)

    def days(self) -> tuple[date, date, date]:
        """The safe, the nominal and the arguable day; the last may lie before the nominal one."""
        ends, calendar = [candidate.on for candidate in self.candidates], self.calendar
        if len(ends) == 1 and calendar.is_business_day(ends[0]):
            return ends[0], ends[0], ends[0]  # no roll leaves an open day
        return (
            calendar.previous(min(ends)),
            rolled(ends[0], self.roll, calendar),
            rolled(max(ends), self.arguable_roll, calendar),
        )

    def steps(self) -> list[DerivationStep]:
        safe, nominal, argued = self.days()
        paths, calendar = [self._path(candidate) for candidate in self.candidates], self.calendar
        ends = [candidate.on for candidate in self.candidates]
        candidate, earliest, latest = ends[0], min(ends), max(ends)
        steps = list(paths[0])
        if nominal != candidate:
            steps.append(roll_step(candidate, nominal, self.roll, calendar))
        if len(paths) > 1:
            steps = list(union(steps, *paths[1:]))
            if earliest != steps[-1].on:
                steps.append(earliest_step(candidate, earliest, tuple(day.isoformat() for day in dict.fromkeys(ends))))
        if safe != nominal or nominal == candidate:
            steps.append(roll_step(earliest, safe, Roll.PRECEDING, calendar))
        if argued > nominal and argued != latest:
            steps.append(roll_step(latest, argued, self.arguable_roll, calendar))
        return steps

    def _path(self, candidate: Candidate) -> tuple[DerivationStep, ...]:
        rule, way_on, counting, on = candidate
        way = count_step(rule, self.to_on, way_on, period=self.period, counted=self.counted, calendar=self.calendar)
        if counting is Counting.PLAIN:
            return (way,)
        unit = "business day" if self.counted.business_days else "day"
        return (way, counting_step(way_on, on, counting, unit=unit, source=self.source))


def candidates_back(
    to_on: date, counted: Period, kinds: Iterable[Counting], ordinary: MonthsBack, calendar: BusinessCalendar
) -> list[Candidate]:
    """Back by subtraction, and so that it fits where that differs, the *ordinary* way first; by each kind of counting.

    CLEAR is a day earlier than PLAIN, INCLUSIVE a day later.
    """
    ways = [(NOTICE_BEFORE, before(to_on, counted, calendar=calendar))]
    if counted.total_months and (fits := latest_start(to_on, counted, calendar)) != ways[0][1]:
        ways.insert(0 if ordinary is MonthsBack.FITS else 1, (MONTHS_FIT, fits))
    in_business_days = counted.business_days > 0
    return [
        Candidate(rule, way_on, kind, _counted_as(way_on, kind, calendar, in_business_days=in_business_days))
        for kind in kinds
        for rule, way_on in ways
    ]


def _counted_as(way_on: date, counting: Counting, calendar: BusinessCalendar, *, in_business_days: bool) -> date:
    if counting is Counting.PLAIN:
        return way_on
    by = -1 if counting is Counting.CLEAR else 1
    return calendar.shift(way_on, by) if in_business_days else way_on + by * _ONE_DAY


def flagged(
    days: tuple[date, date, date],
    steps: Sequence[DerivationStep],
    calendar: BusinessCalendar,
    *,
    seen_on: date | None,
    assumptions: tuple[str, ...],
) -> Reading:
    """The reading of *days*, flagged where the calendar is not to be trusted between them or up to *seen_on*."""
    first_on, last_on = days[0], days[2]
    if seen_on is not None:
        first_on, last_on = min(first_on, seen_on), max(last_on, seen_on)
    flags = calendar.doubts(first_on, last_on)
    return Reading(*days, steps, assumptions + flags if flags else assumptions, calendar.provenance)
