"""Why this day: steps, readings and what may change them.

A reading is three days (the last safe one, the nominal one, the latest arguable one) with the steps that lead to
them. Every step holds what is needed to take it again: rule, day before, inputs, calendar.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import NamedTuple, Self, TypeVar

from lifecycle.counting.told import Told
from lifecycle.days.calendars import Holiday, Provenance
from lifecycle.words import WEEKDAYS, spoken

_Member = TypeVar("_Member")

DISCLAIMER = "Computed aid, not legal advice."
_STATED = ("period", "counting", "months", "by")  # inputs that somebody stated, or that a rule set states

ASSUMPTIONS: Mapping[str, str] = {
    "effective-assumed": "No effective day is known: the day of signing is taken.",
    "end-convention-unstated": "The agreement does not say whether the anniversary itself is still in force.",
    "rule-set-assumed": "No rules of counting are stated, and no law that gives them: US contract rules are taken.",
    "receipt-assumed": "The agreement does not say whether notice counts when sent or received: received is taken.",
    "method-assumed": "No delivery method is stated: the usual one is taken.",
    "national-calendar": "The holidays of the whole country are taken; a region may have more.",
    "weekends-assumed": "No law and no calendar is known: only weekends are taken into account, no holidays.",
    "estimated-holiday": "A holiday in between is only estimated and may move by a day.",
    "beyond-calendar": "The holidays of these days are not known yet: only weekends are taken into account.",
    "leap-day-anchor": "It is counted from 29 February; in other years 28 February takes its place.",
    "awaits-fact": "The end hangs on something that has not happened yet.",
    "no-disclosures-recorded": "No disclosure is recorded: every day of the agreement may have been one.",
    "no-business-day-inside": "The period holds no business day: the last day itself is taken, though it is closed.",
    "months-back-differ": "Months counted back have two results: by subtraction, and so that they fit.",
    "renewal-relied-on": "A renewal that nobody has stopped is taken for granted.",
}


class Source(StrEnum):
    """What a step rests on."""

    AGREEMENT = "agreement"
    PLAYBOOK = "playbook"
    RULE_SET = "rule-set"
    ASSUMED = "assumed"
    PINNED = "pinned"


@dataclass(frozen=True, slots=True)
class Clause:
    """Where in the agreement it is written."""

    ref: str
    page: int | None = None
    quote: str | None = None


class DerivationStep(NamedTuple):
    """From one day to the next: *rule* and *inputs* are enough to take the step again.

    *calendar* is the calendar that was looked at, *closed* the days that a roll stepped over. (Steps and readings are
    tuples because a register makes millions of them: a frozen dataclass takes four times as long.)
    """

    rule: str
    was_on: date
    on: date
    inputs: tuple[tuple[str, str], ...] = ()
    text: str = ""
    source: Source = Source.RULE_SET
    clause: Clause | None = None
    calendar: tuple[Provenance, ...] = ()
    closed: tuple[Holiday, ...] = ()

    def __hash__(self) -> int:
        return hash((self.rule, self.was_on, self.on))  # enough to tell steps of one deadline apart


Telling = Callable[[], DerivationStep]  # a step that is told when somebody asks


class Reading(NamedTuple):
    """A deadline as the law lets it be read: ``safe_on <= nominal_on <= latest_on``.

    On *safe_on* we must act. *steps* are ``Told`` when somebody asks for them. *assumptions* are codes of
    ``ASSUMPTIONS``; *calendars* those that were used.
    """

    safe_on: date
    nominal_on: date
    latest_on: date
    steps: Sequence[DerivationStep] = ()
    assumptions: tuple[str, ...] = ()
    calendars: tuple[Provenance, ...] = ()

    def assuming(self, *codes: str) -> Self:
        """The same with more assumptions, none twice."""
        return self._replace(assumptions=union(self.assumptions, codes)) if codes else self


@dataclass(frozen=True, slots=True)
class Pin:
    """A day that a person has set over the computed one."""

    on: date
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """By how many days the last safe day moves if *fact* were *instead*; negative is earlier."""

    fact: str
    instead: str
    moves_safe_by: int


@dataclass(frozen=True, slots=True)
class Change:
    """A day of a reading that moved. *because* says which facts, calendars or assumptions differ."""

    field: str
    old_on: date
    new_on: date
    because: str


def widest(first: Reading, *others: Reading) -> Reading:
    """All the readings as one: the nominal day of *first*, the earliest safe and the latest day of any.

    The steps of another reading are kept where it brings the earliest or the latest day.
    """
    if not others:
        return first
    every = (first, *others)
    return Reading(
        min([reading.safe_on for reading in every]),
        first.nominal_on,
        max([reading.latest_on for reading in every]),
        Told(partial(_steps_of_widest, every)),
        _common([reading.assumptions for reading in every]),
        _common([reading.calendars for reading in every]),
    )


def _common(groups: list[tuple[_Member, ...]]) -> tuple[_Member, ...]:
    """As ``union`` of groups none of which says anything twice; mostly they are all one."""
    return groups[0] if groups.count(groups[0]) == len(groups) else union(*groups)


def _steps_of_widest(every: tuple[Reading, ...]) -> tuple[DerivationStep, ...]:
    first = every[0]
    safest = min(every, key=lambda reading: reading.safe_on)
    latest = max(every, key=lambda reading: reading.latest_on)
    steps = union(first.steps, safest.steps, latest.steps)
    if safest is first:
        return steps
    days = union([reading.safe_on.isoformat() for reading in every])
    return (*steps, earliest_step(first.safe_on, safest.safe_on, days))


def earliest_step(was_on: date, on: date, days: tuple[str, ...]) -> DerivationStep:
    """The step from an ordinary reading to the earliest of *days* (ISO), which are all admissible."""
    return DerivationStep(
        "earliest", was_on, on, (("of", " ".join(days)),), f"the earliest of {len(days)} admissible readings"
    )


def changes(old: Reading, new: Reading) -> tuple[Change, ...]:
    """What moved between two derivations of the same deadline, and why."""
    because = _because(old, new)
    return tuple(
        Change(field, was, now, because)
        for field, was, now in (
            ("safe_on", old.safe_on, new.safe_on),
            ("nominal_on", old.nominal_on, new.nominal_on),
            ("latest_on", old.latest_on, new.latest_on),
        )
        if was != now
    )


def union(*groups: Sequence[_Member]) -> tuple[_Member, ...]:
    """The members of all *groups* in order, each once."""
    return tuple(dict.fromkeys(chain.from_iterable(groups)))


def _because(old: Reading, new: Reading) -> str:
    if of_calendars := _calendars(old, new):
        of_calendars += _closures(old, new)
    return "; ".join(of_calendars + _facts(old, new))


def _calendars(old: Reading, new: Reading) -> list[str]:
    known = {calendar.code: calendar for calendar in old.calendars}
    return [
        f"{calendar.code}: {_edition(known[calendar.code])} became {_edition(calendar)}"
        if calendar.code in known
        else f"calendar {calendar.code} is used now"
        for calendar in new.calendars
        if known.get(calendar.code) != calendar
    ]


def _edition(calendar: Provenance) -> str:
    return f"{calendar.source} {calendar.version or calendar.digest[:8]}"


def _facts(old: Reading, new: Reading) -> list[str]:
    reasons = []
    for was, now in zip(old.steps, new.steps, strict=False):
        if was.rule != now.rule:
            break
        before = dict(was.inputs)
        reasons += [
            f"{name} {before.get(name, 'unstated')} became {value}"
            for name, value in now.inputs
            if name in _STATED and before.get(name) != value
        ]
    return reasons


def _closures(old: Reading, new: Reading) -> list[str]:
    was, now = _closed(old), _closed(new)
    groups = (("now closed", now - was), ("no longer in the way", was - now))
    return [f"{words}: {_days(days)}" for words, days in groups if days]


def _closed(reading: Reading) -> set[Holiday]:
    """The days that were stepped over, but for weekends: they are always off."""
    return {holiday for step in reading.steps for holiday in step.closed if holiday.name not in WEEKDAYS}


def _days(holidays: set[Holiday]) -> str:
    return ", ".join(f"{spoken(holiday.on)} ({holiday.name})" for holiday in sorted(holidays))
