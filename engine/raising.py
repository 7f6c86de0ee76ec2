"""Taking the next step of every ladder whose instant has come.

1. One indexed question finds the milestones that are due.
2. ``lifecycle.due`` says which step is raised: of several only the latest, to all whom they ask together.
3. The audience is resolved; for each recipient a message goes into the outbox, at most once.
4. The cursor moves, and the next instant is read from the ladder.
5. A step that reached nobody opens an incident and brings the next of the same stage to now.

An agreement stands or falls alone: one that makes trouble is looked at again in an hour and told to the operator.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from engine import recipients
from engine.enqueueing import StepMessage, put, step_deliveries
from engine.incidents import open_incident
from engine.looking import raised_places
from lifecycle.due import hurried, next_look, next_step
from lifecycle.events import MilestoneUndone, StepRaised
from lifecycle.milestones import MilestoneState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from engine.monitor import Monitor, Work
    from lifecycle.agreement import Agreement
    from lifecycle.due import Due
    from lifecycle.milestones import Milestone

_MOST: Final = 200  # milestones per transaction
_POISONED: Final = timedelta(hours=1)


def raise_due(monitor: Monitor) -> int:
    """Raise until nothing is due; how many milestones were looked at."""
    total = 0
    while True:
        looked_at = _raise_some(monitor)
        total += looked_at
        if looked_at < _MOST:
            return total


def due_at(monitor: Monitor) -> datetime | None:
    """When the next step stands."""
    with monitor.look() as work:
        return work.milestones.next_due_at()


def _raise_some(monitor: Monitor) -> int:
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    with monitor.work() as work:
        due = work.milestones.due(work.now, _MOST)
        agreements = work.agreements.many(row.key.holder for row in due)
        for agreement_id, rows in _by_agreement(due).items():
            with work.alone(agreement_id) as stood:
                for row in rows:
                    _raise(work, agreements[agreement_id], row)
            if not stood:
                for row in rows:
                    work.milestones.postpone(row.id, work.now + _POISONED)
    return len(due)


def _raise(work: Work, agreement: Agreement, row: Milestone) -> None:
    frame = work.planner.frame(agreement, row)
    due = next_step(row, frame, work.now, raised=raised_places(work, row) if row.revision else frozenset())
    row = _woken(work, row)
    if due is None:
        look = next_look(row, frame, work.now)
        work.milestones.save([replace(row, next_step_at=look.at if look else None)])
        return
    told = recipients.resolve(work, due.audience, due.step.channels, agreement=agreement, milestone=row)
    message = StepMessage(
        agreement=agreement,
        milestone=row,
        step=due.step,
        is_late=due.is_late,
        skipped=due.skipped,
        silent_since_on=_silent_since(work, row, due),
    )
    sent = put(work, step_deliveries(work, message, told))
    work.milestones.note_raised([_raised_row(work, row, due)])
    advanced = _advanced(work, row, due)
    work.milestones.save([advanced if told else _unheard(work, agreement, advanced, due)])
    work.record(
        StepRaised(
            agreement_id=agreement.id,
            milestone_id=row.id,
            revision=row.revision,
            safe_on=row.safe_on,
            stage=due.step.stage,
            step=due.step.step,
            repeat=due.step.repeat,
            deliveries=tuple(sent),
            skipped=due.skipped,
        )
    )


def _woken(work: Work, row: Milestone) -> Milestone:
    """An acknowledgement or a snooze whose time has come: it is open again, in this transaction."""
    if row.state is MilestoneState.OPEN:
        return row
    work.record(
        MilestoneUndone(agreement_id=row.key.holder, milestone_id=row.id, revision=row.revision, what=row.state.value)
    )
    return replace(
        row,
        state=MilestoneState.OPEN,
        generation=row.generation + 1,
        acknowledged_until_at=None,
        snoozed_until_at=None,
        snooze_limit_at=None,
    )


def _advanced(work: Work, row: Milestone, due: Due) -> Milestone:
    at = due.then.at if due.then else None
    if at is not None and at <= work.now:
        work.made_due = True
    return replace(row, cursor=due.step.cursor, next_step_at=at, is_final=due.step.is_final)


def _unheard(work: Work, agreement: Agreement, row: Milestone, due: Due) -> Milestone:
    """Nobody can be reached: said to the operator, and the next of the same stage comes now (L8)."""
    asked = ", ".join(str(audience) for audience in due.audience)
    open_incident(
        work,
        kind="no_recipient",
        subject=row.id,
        agreement_id=agreement.id,
        text=f"{agreement.reference}: nobody could be told about {row.key.kind.value} of {row.safe_on}: "
        f"{asked} resolves to nobody. Name an owner, a backup or a manager.",
    )
    if hurried(row, work.planner.frame(agreement, row)) is None:
        return row
    work.made_due = True
    return replace(row, next_step_at=work.now)


def _silent_since(work: Work, row: Milestone, due: Due) -> date | None:
    """The day on which the stage began to ask, where this step is an escalation."""
    if due.step.step == 0:
        return None
    asked = [one.at for one in work.milestones.raised_of(row.id) if one.stage == due.step.stage]
    return asked[0].date() if asked else None


def _raised_row(work: Work, row: Milestone, due: Due) -> dict[str, Any]:
    return {
        "milestone_id": row.id,
        "safe_on": row.safe_on,
        "stage": due.step.stage,
        "step": due.step.step,
        "repeat": due.step.repeat,
        "at": work.now,
        "skipped": due.skipped,
    }


def _by_agreement(rows: Iterable[Milestone]) -> dict[str, list[Milestone]]:
    grouped: dict[str, list[Milestone]] = {}
    for row in rows:
        grouped.setdefault(row.key.holder, []).append(row)
    return grouped
