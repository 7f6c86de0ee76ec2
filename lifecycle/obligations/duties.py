"""Obligations: duties with due days, once, again and again, or so long before or after a turning point.

An obligation that hangs on a day which is not known yet has no occurrence. Recurring ones stop with the agreement and
what continues after it; one that was ended has nothing due after that day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final

from lifecycle.counting.derivation import Clause, DerivationStep, Reading, Source
from lifecycle.counting.rules import RuleSet, deadline_after, deadline_before
from lifecycle.counting.told import Told
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period, Roll
from lifecycle.obligations.occurrences import Basis, Occurrence, Recurrence, RecurrenceError, Series, fixed, occurrences

__all__ = [
    "Anchors",
    "Basis",
    "Direction",
    "Due",
    "Obligation",
    "ObligationKind",
    "Occurrence",
    "Offset",
    "OffsetFrom",
    "Once",
    "Recurrence",
    "RecurrenceError",
    "Series",
    "amended_due",
    "evidence_wanted",
    "obligation_occurrences",
    "occurrences",
]

_ZERO = Period()
_ONLY = "1"  # the cycle of what is due once


class ObligationKind(StrEnum):
    """The milestone kinds that come from obligations and exit plans; the values are theirs."""

    DUE_DILIGENCE = "due-diligence"
    REVIEW = "review"
    AUDIT = "audit"
    EVIDENCE = "evidence"
    FINDING = "finding"
    TRAINING = "training"
    SCREENING = "screening"
    CERTIFICATE = "certificate"
    FEE = "fee"
    REGULATORY_REVIEW = "regulatory-review"
    RETURN = "return"
    DUTY = "duty"
    EXIT_STEP = "exit-step"
    EXIT_TEST = "exit-test"


class Direction(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class OffsetFrom(StrEnum):
    """The turning point that an offset is counted from."""

    EFFECTIVE = "effective"
    SIGNED = "signed"
    LAST_DAY = "last-day"
    EXIT = "exit"  # the day the exit must be finished: a given one, else the last day


TURNING_POINTS: Final = {
    OffsetFrom.EFFECTIVE: "the effective day",
    OffsetFrom.SIGNED: "the day of signing",
    OffsetFrom.LAST_DAY: "the last day in force",
    OffsetFrom.EXIT: "the exit day",
}


@dataclass(frozen=True, slots=True)
class Once:
    """A stated day."""

    on: date


@dataclass(frozen=True, slots=True)
class Offset:
    """So long before or after a turning point; a zero period is the day itself."""

    period: Period
    direction: Direction
    anchor: OffsetFrom


Due = Once | Recurrence | Offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A duty of the agreement, or of our own making. *continues* is how long it outlives the last day."""

    id: str
    kind: ObligationKind
    name: str
    due: Due
    owner_id: str | None = None  # None: the agreement's owner
    continues: Period = _ZERO
    clause: Clause | None = None
    ended_on: date | None = None  # nothing is due after it
    checklist: str = ""  # the checklist that it came from
    counted: str = ""  # how its (first) day was found: counted from a checklist's application, or by an audit's result
    evidence: str = ""  # what proves that it was done
    needs: tuple[str, ...] = ()  # the ids of the duties that must be done before
    announces: bool = False  # what is due is to announce what recurs, not the thing itself


def evidence_wanted(obligations: Iterable[Obligation], subject: str) -> str:
    """What proves that the duty with the id *subject* was done; "" where nobody has said."""
    for one in obligations:
        if one.id == subject:
            return one.evidence
    return ""


def amended_due(old: Due, *, on: date | None = None, every: Period | None = None, is_once: bool = False) -> Due:
    """*old*, due from *on* first, every *every* or once; what is not said stays. Raises RecurrenceError."""
    if on is None and every is None and (not is_once or isinstance(old, Once)):
        return old
    recurring = old if isinstance(old, Recurrence) else None
    if on is None:
        if recurring is None or is_once:
            raise RecurrenceError("It is not said from which day.", remedy="Say the day on which it is due first.")
        return replace(recurring, every=every or recurring.every)
    if is_once or (every is None and recurring is None):
        return Once(on)
    if recurring is None:
        return Recurrence(every or _ZERO, on, first=0)
    # The day that is said is the first due day itself.
    counted = replace(recurring, basis=Basis.ANCHOR, first=0, due_after=_ZERO)
    return replace(counted, every=every or counted.every, anchor_on=on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """The turning points of an agreement, as far as they are known."""

    effective_on: date | None = None
    signed_on: date | None = None
    last_on: date | None = None
    exit_on: date | None = None

    def day(self, anchor: OffsetFrom) -> date | None:
        """The day of a turning point; None while it is not known."""
        match anchor:
            case OffsetFrom.EFFECTIVE:
                return self.effective_on
            case OffsetFrom.SIGNED:
                return self.signed_on
            case OffsetFrom.LAST_DAY:
                return self.last_on
            case OffsetFrom.EXIT:
                return self.exit_on or self.last_on


def obligation_occurrences(
    obligation: Obligation, *, anchors: Anchors, from_on: date, rules: RuleSet, calendar: BusinessCalendar
) -> Iterator[Occurrence]:
    """The occurrences of *obligation* whose last safe day is *from_on* or later, one at a time.

    An announcement has that of what it announces.

    Raises LifecycleError where the length of an offset cannot be counted.
    """
    for occurrence in _due(obligation, anchors, from_on, rules, calendar):
        if obligation.ended_on is not None and occurrence.reading.nominal_on > obligation.ended_on:
            return
        # What is still ahead can be announced late, and has to be: its announcement is no history.
        if obligation.announces or occurrence.reading.safe_on >= from_on:
            yield _cited(occurrence, obligation.clause)


def _due(
    obligation: Obligation, anchors: Anchors, from_on: date, rules: RuleSet, calendar: BusinessCalendar
) -> Iterator[Occurrence]:
    match obligation.due:
        case Once(on=on):
            stated = partial(_stated_step, on, _said_by(obligation), Source.AGREEMENT)
            yield Occurrence(_ONLY, fixed(on, Roll.NONE, stated, rules=rules, calendar=calendar))
        case Offset() as offset:
            anchor_on = anchors.day(offset.anchor)
            if anchor_on is not None:
                yield Occurrence(_ONLY, _offset(offset, anchor_on, rules, calendar))
        case Recurrence() as rule:
            if rule.continues.is_zero and not obligation.continues.is_zero:
                rule = replace(rule, continues=obligation.continues)
            said, last_on = obligation.counted, anchors.last_on
            paid = obligation.kind is ObligationKind.FEE
            series = Series(
                recurrence=rule, last_on=last_on, rules=rules, calendar=calendar, said=said, in_arrears=paid
            )
            if obligation.announces and rule.announce is not None:
                yield from (_announcement(one, rule.announce, rules, calendar) for one in series.from_day(from_on))
            else:
                yield from series.from_day(from_on)


def _announcement(thing: Occurrence, notice: Period, rules: RuleSet, calendar: BusinessCalendar) -> Occurrence:
    """The day by which an occurrence has to be announced, with the steps that lead to it."""
    reading = deadline_before(thing.reading.safe_on, notice, rules=rules, calendar=calendar)
    steps = Told(lambda: (*thing.reading.steps, *reading.steps))
    doubts = tuple(dict.fromkeys((*thing.reading.assumptions, *reading.assumptions)))
    return Occurrence(thing.cycle, reading._replace(steps=steps, assumptions=doubts))


def _offset(offset: Offset, anchor_on: date, rules: RuleSet, calendar: BusinessCalendar) -> Reading:
    stated = partial(_stated_step, anchor_on, TURNING_POINTS[offset.anchor], Source.RULE_SET)
    if offset.period.is_zero:
        return fixed(anchor_on, Roll.NONE, stated, rules=rules, calendar=calendar)
    count = deadline_before if offset.direction is Direction.BEFORE else deadline_after
    reading = count(anchor_on, offset.period, rules=rules, calendar=calendar)
    return reading._replace(steps=Told(lambda: (stated(), *reading.steps)))


def _said_by(obligation: Obligation) -> str:
    """What a day rests on that stands by itself."""
    listed = obligation.checklist
    when = f"when the checklist {listed} was applied"
    if obligation.counted:
        return f"{obligation.counted}, {when}"
    return f"as counted {when}" if listed else "the day as stated"


def _stated_step(on: date, text: str, source: Source) -> DerivationStep:
    return DerivationStep("stated", on, on, (("day", on.isoformat()),), text, source)


def _cited(occurrence: Occurrence, clause: Clause | None) -> Occurrence:
    """The occurrence with the clause of its obligation at the steps that rest on the agreement."""
    if clause is None:
        return occurrence
    reading = occurrence.reading
    steps = Told(lambda: [_citing(step, clause) for step in reading.steps])
    return replace(occurrence, reading=reading._replace(steps=steps))


def _citing(step: DerivationStep, clause: Clause) -> DerivationStep:
    return step._replace(clause=clause) if step.source is Source.AGREEMENT and step.clause is None else step
