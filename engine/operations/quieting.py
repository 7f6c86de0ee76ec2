"""Answers that quiet a deadline for a while and decide nothing: acknowledge, snooze, and their undoing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.looking import looked_at
from engine.operations.answering import Answered, AnswerRefused, Verdict, asked, judged, keep, taken_over
from engine.zones import zone
from lifecycle.events import MilestoneAcknowledged, MilestoneSnoozed, MilestoneUndone
from lifecycle.milestones.milestone import Answer, Milestone, MilestoneState
from lifecycle.playbooks.due import quiet_until, required, snooze_limit
from lifecycle.playbooks.playbook import Require

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement


def acknowledge(work: Work, milestone_id: str, *, revision: int | None = None) -> Answered:
    """Quiet the deadline until its next stage. Where the stage asks for more it is only noted."""
    row, agreement = asked(work, milestone_id)
    if (early := judged(row, revision)) is not None:
        return early
    if row.state is MilestoneState.ACKNOWLEDGED and taken_over(work, row) is row:
        return Answered(Verdict.ALREADY, row, f"{_by(row)} has it already.")
    frame = work.planner.frame(agreement, row)
    answer = Answer(work.actor.name, work.now)
    is_noted = not required(row, frame).is_met_by(Require.ACKNOWLEDGEMENT)
    look = None if is_noted else quiet_until(replace(row, acknowledged=answer), frame, work.now)
    until_at = look.at if look else None
    work.record(
        MilestoneAcknowledged(
            agreement_id=agreement.id,
            milestone_id=row.id,
            revision=row.revision,
            until_at=until_at,
            is_noted=until_at is None,
        )
    )
    if until_at is None:
        _still_open(work, agreement, row := replace(taken_over(work, row), acknowledged=answer))
        return Answered(Verdict.NOTED, row, f"Noted. This stage asks for {_wanted(row, work, agreement)}: still open.")
    row = _acknowledged(work, row, answer, until_at)
    return Answered(Verdict.APPLIED, row, _quiet(work, until_at, agreement))


def quieted_by_decision(work: Work, agreement: Agreement, row: Milestone) -> Milestone:
    """A deadline that lives on after a decision: the rest of its stage is quiet, unless it asks for an outcome (P4)."""
    frame = work.planner.frame(agreement, row)
    look = quiet_until(row, frame, work.now) if row.state is MilestoneState.OPEN else None
    if look is None or not required(row, frame).is_met_by(Require.DECISION):
        if row.state is MilestoneState.OPEN:
            return _still_open(work, agreement, row)
        row = replace(row, generation=row.generation + 1)
        keep(work, row, "decided")  # what a sender held as it became quiet, and gave back since
        return row
    work.record(
        MilestoneAcknowledged(
            agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, until_at=look.at, is_noted=False
        )
    )
    return _acknowledged(work, row, Answer(work.actor.name, work.now), look.at)


def snooze(work: Work, milestone_id: str, *, until: date, revision: int | None = None) -> Answered:
    """Quiet the deadline until a day, never past the last safe day less one business day; twice is the same as once.

    Raises AnswerRefused beyond that, with the latest day that is allowed.
    """
    row, agreement = asked(work, milestone_id)
    if (early := judged(row, revision)) is not None:
        return early
    frame = work.planner.frame(agreement, row)
    limit_at, until_at = snooze_limit(row, frame, work.now), frame.at(until)
    if limit_at is None:
        raise AnswerRefused(
            "It is too late to snooze: the last safe day is too near.", remedy="Acknowledge it, decide, or say done."
        )
    if not work.now < until_at <= limit_at:
        over = "" if until_at > work.now else ", which is over"
        if over and until == work.today(agreement):
            over = f", which is today: {_local(until_at, agreement)} has passed"
        raise AnswerRefused(
            f"It cannot be snoozed until {until:%a %-d %b %Y}{over}.",
            remedy=f"The latest day allowed is {_local(limit_at, agreement)}.",
        )
    is_mine = row.snoozed is not None and row.snoozed.by == work.actor.name
    if row.state is MilestoneState.SNOOZED and is_mine and row.snoozed_until_at == until_at:
        return Answered(Verdict.ALREADY, row, f"It is quiet until {_local(until_at, agreement)} already; still open.")
    row = replace(
        taken_over(work, row),
        state=MilestoneState.SNOOZED,
        generation=row.generation + 1,
        acknowledged_until_at=None,
        snoozed_until_at=until_at,
        snooze_limit_at=limit_at,
        snoozed=Answer(work.actor.name, work.now),
        next_step_at=until_at,
    )
    keep(work, row, "snoozed")
    work.record(
        MilestoneSnoozed(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, until_at=until_at)
    )
    return Answered(Verdict.APPLIED, row, f"Quiet until {_local(until_at, agreement)}; still open.")


def undo(work: Work, milestone_id: str) -> Answered:
    """Take an acknowledgement or a snooze back: the ladder goes on."""
    row, agreement = asked(work, milestone_id)
    if row.state not in {MilestoneState.ACKNOWLEDGED, MilestoneState.SNOOZED}:
        return Answered(Verdict.ALREADY, row, f"There is nothing to undo: it is {row.state}.")
    what = row.state.value
    row = replace(
        row,
        state=MilestoneState.OPEN,
        generation=row.generation + 1,
        acknowledged=None,
        acknowledged_until_at=None,
        snoozed_until_at=None,
        snooze_limit_at=None,
    )
    row = looked_at(work, agreement, row)
    keep(work, row, "undone")
    work.record(MilestoneUndone(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, what=what))
    return Answered(Verdict.APPLIED, row, "Open again; the reminders go on.")


def _acknowledged(work: Work, row: Milestone, answer: Answer, until_at: datetime) -> Milestone:
    row = replace(
        taken_over(work, row),
        state=MilestoneState.ACKNOWLEDGED,
        generation=row.generation + 1,
        acknowledged=answer,
        acknowledged_until_at=until_at,
        snoozed_until_at=None,
        snooze_limit_at=None,
        next_step_at=until_at,
    )
    keep(work, row, "acknowledged")
    return row


def _still_open(work: Work, agreement: Agreement, row: Milestone) -> Milestone:
    """Keep an answer that quiets nothing; whoever took a deadline may be asked sooner than before (its last call)."""
    row = looked_at(work, agreement, row) if row.state is MilestoneState.OPEN else row
    work.milestones.save([row])
    return row


def _quiet(work: Work, until_at: datetime, agreement: Agreement) -> str:
    """Where no scheduler has run for a while, the next stage may have begun before anybody was told of it."""
    if until_at > work.now:
        return f"Quiet until {_local(until_at, agreement)}; still open."
    return (
        f"You have it. The reminder planned for {_local(until_at, agreement)} has not left yet and still comes: "
        "answer that one too. Still open."
    )


def _by(row: Milestone) -> str:
    return row.acknowledged.by if row.acknowledged else "Somebody"


def _wanted(row: Milestone, work: Work, agreement: Agreement) -> str:
    return {"decision": "a decision", "outcome": "an outcome"}.get(
        required(row, work.planner.frame(agreement, row)).value, "more"
    )


def _local(at: datetime, agreement: Agreement) -> str:
    return f"{at.astimezone(zone(agreement.time_zone)):%a %-d %b %Y %H:%M} {agreement.time_zone}"
