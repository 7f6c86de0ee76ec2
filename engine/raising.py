"""Taking the next step of every ladder whose instant has come.

1. One indexed question finds the milestones that are due; what else is needed is read for all of them together.
2. ``lifecycle.playbooks.due`` says which step is raised: of several only the latest, to all whom they ask together.
3. The audience is resolved; for each recipient a message goes into the outbox, at most once.
4. The cursor moves, and the next instant is read from the ladder. Where nothing is due as a snooze ends, whoever put
   the deadline off is told that its day has come.
5. A step that reached nobody opens an incident and brings the next of the same stage to now.
6. Messages, cursors and events of all of them are written together.

An agreement stands or falls alone: one that makes trouble is looked at again in an hour and told to the operator.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.bulk import LATER, Bulk, until_done
from engine.delivery import quiet, recipients
from engine.delivery.changes import tell_resumed
from engine.delivery.enqueueing import StepMessage, put, step_deliveries
from engine.delivery.gathering import gathered
from engine.incidents import open_incident
from engine.points import Point
from lifecycle.audience import AudienceKind
from lifecycle.changed import changed
from lifecycle.events import MilestoneUndone, StepRaised
from lifecycle.milestones.milestone import MilestoneState
from lifecycle.playbooks.due import hurried, next_look, next_step
from lifecycle.words import listed, spoken
from store.milestones import Place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, tzinfo

    from engine.delivery.recipients import Told
    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.playbooks.due import Due
    from store.deliveries import Body
    from store.milestones import Unread


def raise_due(monitor: Monitor) -> int:
    """Raise until nothing is due; how many milestones were looked at."""
    return until_done(monitor, Bulk(_raise_some, _put_off))


def due_at(monitor: Monitor) -> datetime | None:
    """When the next step stands."""
    with monitor.look() as work:
        return work.milestones.next_due_at()


def _put_off(work: Work) -> str:
    (first,) = work.milestones.due_unread(work.now, 1)
    work.milestones.postpone([first.id], work.now + LATER)
    return first.holder


def _raise_some(monitor: Monitor, most: int) -> int:
    with monitor.work(point=Point.RAISED) as work:
        due = work.milestones.due_unread(work.now, most)
        look = _Look(work, due)
        for agreement_id, unread in _by_agreement(due).items():
            with work.alone(agreement_id) as stood:
                steps = [look.at(one) for one in unread]
            if stood:
                look.settled += steps
            else:
                work.milestones.postpone([one.id for one in unread], work.now + LATER)
        _write(work, look.settled)
    return len(due)


class _Raised(NamedTuple):
    """The step that is raised, and its messages."""

    due: Due
    messages: list[tuple[Delivery, Body | None]]


class _Step(NamedTuple):
    """What comes of looking at one milestone: its row, awake, and its new place on the ladder."""

    row: Milestone
    place: Place
    was_quiet: bool
    raised: _Raised | None = None


class _Look:
    """The milestones that are due together, and what was read for all of them at once."""

    def __init__(self, work: Work, due: list[Unread]) -> None:
        """Have the agreements at hand, whose they are, and what was raised before."""
        self._work = work
        holders = [one.holder for one in due]
        parties = work.agreements.fetch(holders)
        work.evidence.look_ahead(holders)
        work.people.read([*parties.people, *(one.owner_id for one in due)])
        work.contacts.read(parties.counterparties)
        work.milestones.fetch_raised([one.id for one in due])
        self.settled: list[_Step] = []

    def at(self, unread: Unread) -> _Step:
        """Decide and compose; nothing is written but incidents."""
        work, row, agreement = self._work, unread.read(), self._work.agreements.get(unread.holder)
        frame = work.planner.frame(agreement, row)
        raised_before = work.milestones.places_raised(row)
        due = next_step(row, frame, work.now, raised=raised_before)
        awake = _woken(work, row)
        if due is None:
            self._tell_resumed(row, awake, ())
            look = next_look(awake, frame, work.now, raised=raised_before)
            return _Step(awake, Place(row.id, row.cursor, look.at if look else None, row.is_final), awake is not row)
        told = recipients.resolve(work, due.audience, due.step.channels, agreement=agreement, milestone=awake)
        self._tell_resumed(row, awake, told)
        message = StepMessage(
            agreement=agreement,
            milestone=awake,
            step=due.step,
            is_late=due.is_late,
            skipped=due.skipped,
            silent_since_on=self._silent_since(row, due, frame.zone),
            next_at=due.then_at,
        )
        raised = _Raised(due, step_deliveries(work, message, told))
        place = _advanced(work, awake, due)
        return _Step(awake, place if told else _unheard(work, message, place, due), awake is not row, raised)

    def _tell_resumed(self, row: Milestone, awake: Milestone, asked_now: Iterable[Told]) -> None:
        if row.state is MilestoneState.SNOOZED:
            tell_resumed(self._work, awake, asked_now=asked_now)

    def _silent_since(self, row: Milestone, due: Due, here: tzinfo) -> date | None:
        """The day, in the agreement's zone, on which the stage began to ask, where this step is an escalation."""
        if due.step.step == 0:
            return None
        stage = due.step.stage
        raised = self._work.milestones.raised_of(row.id)
        asked_at = next((one.at for one in raised if one.stage == stage), None)
        return asked_at.astimezone(here).date() if asked_at else None


def _write(work: Work, steps: list[_Step]) -> None:
    """All messages, all cursors and all events of the milestones that were looked at, each in one statement."""
    told = [(step.row, step.raised) for step in steps if step.raised is not None]
    limits = {one.id: partial(_limit, work, row, raised.due) for row, raised in told for one, _ in raised.messages}
    sent = set(put(work, gathered(work, [message for _, raised in told for message in raised.messages], limits)))
    work.milestones.note_raised([_raised_row(work, row, raised.due) for row, raised in told])
    work.milestones.advance(step.place for step in steps if not step.was_quiet)
    work.milestones.save([_at(step.row, step.place) for step in steps if step.was_quiet])
    for row, raised in told:
        work.record(_event(row, raised.due, tuple(one.id for one, _ in raised.messages if one.id in sent)))


def _limit(work: Work, row: Milestone, due: Due) -> datetime:
    """Until when the messages of a step may be held: the next planned step, or the hour of the target day."""
    target_at = quiet.hour_of(work, work.agreements.get(row.key.holder), row.target_on)
    then_at = due.then_at or target_at
    return min(target_at, then_at) if target_at > work.now else then_at


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


def _advanced(work: Work, row: Milestone, due: Due) -> Place:
    if due.then_at is not None and due.then_at <= work.now:
        work.made_due = True
    return Place(row.id, due.step.cursor, due.then_at, due.step.is_final)


def _at(row: Milestone, place: Place) -> Milestone:
    return changed(row, cursor=place.cursor, next_step_at=place.next_step_at, is_final=place.is_final)


def _unheard(work: Work, message: StepMessage, place: Place, due: Due) -> Place:
    """Nobody can be reached: said to the operator, and the next of the same stage comes now (L8)."""
    agreement, row = message.agreement, message.milestone
    asked = ", ".join(str(audience) for audience in due.audience)
    asked += " resolves" if len(due.audience) == 1 else " resolve"
    open_incident(
        work,
        kind="no_recipient",
        subject=row.id,
        agreement_id=agreement.id,
        text=f"{agreement.reference}: nobody could be told about {row.key.kind.value} of {spoken(row.safe_on)}: "
        f"{asked} to nobody. {_remedy(row, due)}",
    )
    if hurried(_at(row, place), work.planner.frame(agreement, row)) is None:
        return place
    work.made_due = True
    return place._replace(next_step_at=work.now)


def _remedy(row: Milestone, due: Due) -> str:
    if all(one.kind is AudienceKind.ADDRESS for one in due.audience):
        channels = listed(sorted({one.channel for one in due.audience}))
        return f"Set up {channels}, or let the playbook {row.playbook} ask people."
    return "Name an owner, a backup or a manager."


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


def _by_agreement(due: Iterable[Unread]) -> dict[str, list[Unread]]:
    grouped: dict[str, list[Unread]] = {}
    for one in due:
        grouped.setdefault(one.holder, []).append(one)
    return grouped
