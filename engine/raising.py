"""Taking the next step of every ladder whose instant has come.

1. One indexed question finds the milestones that are due; what else is needed is read for all of them together.
2. ``lifecycle.due`` says which step is raised: of several only the latest, to all whom they ask together.
3. The audience is resolved; for each recipient a message goes into the outbox, at most once.
4. The cursor moves, and the next instant is read from the ladder.
5. A step that reached nobody opens an incident and brings the next of the same stage to now.
6. Messages, cursors and events of all of them are written together.

An agreement stands or falls alone: one that makes trouble is looked at again in an hour and told to the operator.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from engine import recipients
from engine.enqueueing import StepMessage, put, step_deliveries
from engine.incidents import open_incident
from engine.looking import places
from engine.points import Point
from lifecycle.due import hurried, next_look, next_step
from lifecycle.events import MilestoneUndone, StepRaised
from lifecycle.milestones import MilestoneState
from store.errors import RowRefused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from engine.monitor import Monitor, Work
    from lifecycle.agreement import Agreement
    from lifecycle.delivery import Delivery
    from lifecycle.due import Due
    from lifecycle.milestones import Milestone
    from store.deliveries import Body

_MOST: Final = 200  # milestones per transaction
_POISONED: Final = timedelta(hours=1)


def raise_due(monitor: Monitor) -> int:
    """Raise until nothing is due; how many milestones were looked at."""
    total = 0
    while True:
        try:
            looked_at = _raise_some(monitor, _MOST)
        except RowRefused:
            looked_at = _raise_one_by_one(monitor)
        total += looked_at
        if looked_at < _MOST:
            return total


def due_at(monitor: Monitor) -> datetime | None:
    """When the next step stands."""
    with monitor.look() as work:
        return work.milestones.next_due_at()


def _raise_one_by_one(monitor: Monitor) -> int:
    """The database refuses a row among those that are due together: find out whose it is, the others go on."""
    for count in range(_MOST):
        try:
            if not _raise_some(monitor, 1):
                return count
        except RowRefused as error:
            with monitor.work() as work:
                (row,) = work.milestones.due(work.now, 1)
                work.milestones.postpone([row.id], work.now + _POISONED)
                work.set_aside(row.key.holder, error.sentence)
    return _MOST


def _raise_some(monitor: Monitor, most: int) -> int:
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    with monitor.work(point=Point.RAISED) as work:
        due = work.milestones.due(work.now, most)
        look = _Look(work, due)
        for agreement_id, rows in _by_agreement(due).items():
            with work.alone(agreement_id) as stood:
                steps = [look.at(row) for row in rows]
            if stood:
                look.settled += steps
            else:
                work.milestones.postpone([row.id for row in rows], work.now + _POISONED)
        _write(work, look.settled)
    return len(due)


class _Raised(NamedTuple):
    """The step that is raised, and its messages."""

    due: Due
    messages: list[tuple[Delivery, Body | None]]


class _Step(NamedTuple):
    """What comes of looking at one milestone; *row* is what it will be."""

    row: Milestone
    was_quiet: bool
    raised: _Raised | None = None


class _Look:
    """The milestones that are due together, and what was read for all of them at once."""

    def __init__(self, work: Work, due: list[Milestone]) -> None:
        """Read the agreements, who answers for them, and what was raised before."""
        self._work = work
        self._agreements = work.agreements.many(row.key.holder for row in due)
        named: list[Milestone | Agreement] = [*due, *self._agreements.values()]
        work.people.read(someone for one in named for someone in (one.owner_id, one.backup_id))
        self._raised = work.milestones.raised_of_many(row.id for row in due)
        self.settled: list[_Step] = []

    def at(self, row: Milestone) -> _Step:
        """Decide and compose; nothing is written but incidents."""
        work, agreement = self._work, self._agreements[row.key.holder]
        frame = work.planner.frame(agreement, row)
        due = next_step(row, frame, work.now, raised=places(self._raised.get(row.id, ()), row))
        awake = _woken(work, row)
        if due is None:
            look = next_look(awake, frame, work.now)
            return _Step(replace(awake, next_step_at=look.at if look else None), awake is not row)
        told = recipients.resolve(work, due.audience, due.step.channels, agreement=agreement, milestone=awake)
        message = StepMessage(
            agreement=agreement,
            milestone=awake,
            step=due.step,
            is_late=due.is_late,
            skipped=due.skipped,
            silent_since_on=self._silent_since(row, due),
        )
        raised = _Raised(due, step_deliveries(work, message, told))
        advanced = _advanced(work, awake, due)
        return _Step(advanced if told else _unheard(work, agreement, advanced, due), awake is not row, raised)

    def _silent_since(self, row: Milestone, due: Due) -> date | None:
        """The day on which the stage began to ask, where this step is an escalation."""
        if due.step.step == 0:
            return None
        asked = [one.at for one in self._raised.get(row.id, ()) if one.stage == due.step.stage]
        return asked[0].date() if asked else None


def _write(work: Work, steps: list[_Step]) -> None:
    """All messages, all cursors and all events of the milestones that were looked at, each in one statement."""
    told = [(step.row, step.raised) for step in steps if step.raised is not None]
    sent = set(put(work, [message for _, raised in told for message in raised.messages]))
    work.milestones.note_raised([_raised_row(work, row, raised.due) for row, raised in told])
    work.milestones.advance(step.row for step in steps if not step.was_quiet)
    work.milestones.save([step.row for step in steps if step.was_quiet])
    for row, raised in told:
        work.record(_event(row, raised.due, tuple(one.id for one, _ in raised.messages if one.id in sent)))


def _event(row: Milestone, due: Due, sent: tuple[str, ...]) -> StepRaised:
    return StepRaised(
        agreement_id=row.key.holder,
        milestone_id=row.id,
        revision=row.revision,
        safe_on=row.safe_on,
        stage=due.step.stage,
        step=due.step.step,
        repeat=due.step.repeat,
        deliveries=sent,
        skipped=due.skipped,
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
