"""Why a day is what it is, with everything that hangs on it: derived anew from the facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import facts_of
from engine.known import derived_of
from lifecycle.agreements.agreement import terms_of
from lifecycle.events import MilestonesReplanned, MoveAccepted
from lifecycle.milestones.milestone import MOOTED_BY_TERM, MilestoneKind
from lifecycle.terms.leaving_days import way_out
from lifecycle.terms.provisions import Side
from lifecycle.terms.sensitivity import sensitivity, sensitivity_of_leaving
from lifecycle.terms.windows import windows_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.counting.derivation import Pin, Sensitivity
    from lifecycle.milestones.milestone import Derived, Milestone, MilestoneKey
    from lifecycle.terms.provisions import Terms
    from lifecycle.terms.reckoning import Reckoning
    from notifiers.sheet import Deadline
    from store.events import Recorded
    from store.queries import DeadlineRow

_BY_NOTICE: Final = MOOTED_BY_TERM | {MilestoneKind.LEAVING}


@dataclass(frozen=True, slots=True)
class Move:
    """A day that was another one before."""

    old_on: date
    new_on: date
    because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A deadline with its reasons; *derived* is None where the facts no longer hold it."""

    facts: Deadline
    derived: Derived | None
    pin: Pin | None
    moves: tuple[Move, ...]


def explained(work: Work, row: DeadlineRow) -> Explained:
    """All that can be said about a day."""
    milestone, agreement = row
    derived = derived_of(work, agreement, milestone)
    return Explained(
        facts=replace(with_reasons(work, row, derived), sensitivities=sensitivities(work, agreement, milestone)),
        derived=derived,
        pin=pin_of(agreement, milestone),
        moves=tuple(moves_of(work, milestone)),
    )


def with_reasons(work: Work, row: DeadlineRow, derived: Derived | None) -> Deadline:
    """What any surface may say of a milestone, with the steps of its derivation where there is one."""
    facts = facts_of(work, row.agreement, row.milestone, with_why=False)
    if derived is None:
        return facts
    return replace(facts, why=tuple(derived.reading.steps), assumptions=derived.reading.assumptions)


def sensitivities(work: Work, agreement: Agreement, milestone: Milestone) -> tuple[Sensitivity, ...]:
    """What would move the day; nothing but for notices, options, ways out and renewals to be signed."""
    terms = terms_of(agreement)
    if terms is None or milestone.key.kind not in _BY_NOTICE or terms.ended is not None:
        return ()
    by = work.planner.basis(agreement).reckoning(milestone.key.kind)
    if milestone.key.kind is MilestoneKind.LEAVING:
        return _of_leaving(terms, milestone.key, by)
    for side in (Side.OURS, Side.THEIRS):
        for window in windows_of(terms, int(milestone.key.cycle), side, by):
            if window.subject == milestone.key.subject:
                return sensitivity(terms, window, by)
    return ()


def _of_leaving(terms: Terms, key: MilestoneKey, by: Reckoning) -> tuple[Sensitivity, ...]:
    leave = next((one for n, one in enumerate(terms.for_convenience, start=1) if key.subject == f"l{n}"), None)
    if leave is None:
        return ()
    return sensitivity_of_leaving(leave, way_out(leave, date.fromisoformat(key.cycle), by), by)


def pin_of(agreement: Agreement, milestone: Milestone) -> Pin | None:
    """The pin that was set on a milestone."""
    place = (milestone.key.subject, milestone.key.kind.value, milestone.key.cycle)
    return next((one.pin for one in agreement.pins if (one.subject, one.kind, one.cycle) == place), None)


def moves_of(work: Work, milestone: Milestone) -> list[Move]:
    """Every day that it was moved from, oldest first, as the log has it."""
    return moves_in(work.log.of_agreement(milestone.key.holder), milestone)


def moves_in(history: Iterable[Recorded], milestone: Milestone) -> list[Move]:
    """As ``moves_of``, out of the *history* of its agreement."""
    found: list[Move] = []
    for one in history:
        match one.event:
            case MilestonesReplanned(moved=moved, because=because):
                found += [Move(old, new, because, one.at) for id_, old, new in moved if id_ == milestone.id]
            case MoveAccepted(milestone_id=milestone.id, old_on=old, new_on=new):
                found.append(Move(old, new, "a later day was accepted", one.at))
            case _:
                pass
    return found


def business_days_left(work: Work, milestone: Milestone, agreement: Agreement, today: date) -> int:
    """Business days from today to the last safe day; negative when it is over."""
    calendar = work.calendar(agreement.calendar)
    if milestone.safe_on >= today:
        return calendar.business_days(today, milestone.safe_on)
    return -calendar.business_days(milestone.safe_on, today)
