"""What people answer to a deadline. Twice is once; an answer to a date that has moved is stale and changes nothing.

    applied   it is so now
    already   it was so before, and by whom
    noted     kept, but the stage asks for more
    stale     the day has moved since the person was told
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.announcing import tell_assigned
from engine.operations.closing import closed
from lifecycle.deciding import verdict
from lifecycle.derivation import Pin
from lifecycle.due import next_look, quiet_until, required, snooze_limit
from lifecycle.errors import LifecycleError
from lifecycle.events import (
    MilestoneAcknowledged,
    MilestoneAssigned,
    MilestoneDecided,
    MilestoneDone,
    MilestonePinned,
    MilestoneReopened,
    MilestoneSnoozed,
    MilestoneUndone,
    MilestoneVerified,
    MilestoneWaived,
    MoveAccepted,
)
from lifecycle.milestones import LIVE, OUTCOMES, Answer, Cursor, Decision, Milestone, MilestoneState, Outcome
from lifecycle.agreement import PinnedDay
from lifecycle.playbook import Require
from lifecycle.problems import pin_problems
from engine.zones import zone

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.monitor import Work
    from lifecycle.agreement import Agreement


class Verdict(StrEnum):
    """What became of an answer."""

    APPLIED = "applied"
    ALREADY = "already"
    NOTED = "noted"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Answered:
    """The deadline after an answer. *said* is a sentence for the person who answered."""

    result: Verdict
    milestone: Milestone
    said: str


class AnswerRefused(LifecycleError):
    """The answer is not possible for this deadline now."""

    code = "answer-refused"


def acknowledge(work: Work, milestone_id: str, *, revision: int | None = None) -> Answered:
    """Quiet the deadline until its next stage. Where the stage asks for more it is only noted."""
    row, agreement = _asked(work, milestone_id)
    if (early := _judged(row, revision)) is not None:
        return early
    if row.state is MilestoneState.ACKNOWLEDGED:
        return Answered(Verdict.ALREADY, row, f"{_by(row)} has it already.")
    frame = work.planner.frame(agreement, row)
    answer = Answer(work.actor.name, work.now)
    is_noted = not required(row, frame).is_met_by(Require.ACKNOWLEDGEMENT)
    look = None if is_noted else quiet_until(row, frame, work.now)
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
        work.milestones.save([row := replace(row, acknowledged=answer)])
        return Answered(Verdict.NOTED, row, f"Noted. This stage asks for {_wanted(row, work, agreement)}: still open.")
    row = replace(
        row,
        state=MilestoneState.ACKNOWLEDGED,
        generation=row.generation + 1,
        acknowledged=answer,
        acknowledged_until_at=until_at,
        snoozed_until_at=None,
        snooze_limit_at=None,
        next_step_at=until_at,
    )
    _keep(work, row, "acknowledged")
    return Answered(Verdict.APPLIED, row, f"Quiet until {_local(until_at, agreement)}; still open.")


def snooze(work: Work, milestone_id: str, *, until: date, revision: int | None = None) -> Answered:
    """Quiet the deadline until a day, never past the last safe day less one business day.

    Raises AnswerRefused beyond that, with the latest day that is allowed.
    """
    row, agreement = _asked(work, milestone_id)
    if (early := _judged(row, revision)) is not None:
        return early
    frame = work.planner.frame(agreement, row)
    limit_at, until_at = snooze_limit(row, frame, work.now), frame.at(until)
    if limit_at is None:
        raise AnswerRefused(
            "It is too late to snooze: the last safe day is too near.", remedy="Acknowledge it, decide, or say done."
        )
    if not work.now < until_at <= limit_at:
        raise AnswerRefused(
            f"It cannot be snoozed until {until}.", remedy=f"The latest day allowed is {_local(limit_at, agreement)}."
        )
    row = replace(
        row,
        state=MilestoneState.SNOOZED,
        generation=row.generation + 1,
        acknowledged_until_at=None,
        snoozed_until_at=until_at,
        snooze_limit_at=limit_at,
        next_step_at=until_at,
    )
    _keep(work, row, "snoozed")
    work.record(
        MilestoneSnoozed(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, until_at=until_at)
    )
    return Answered(Verdict.APPLIED, row, f"Quiet until {_local(until_at, agreement)}; still open.")


def undo(work: Work, milestone_id: str) -> Answered:
    """Take an acknowledgement or a snooze back: the ladder goes on."""
    row, agreement = _asked(work, milestone_id)
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
    row = _looked_at(work, agreement, row)
    _keep(work, row, "undone")
    work.record(MilestoneUndone(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, what=what))
    return Answered(Verdict.APPLIED, row, "Open again; the reminders go on.")


def done(
    work: Work, milestone_id: str, *, evidence: str, on: date | None = None, revision: int | None = None
) -> Answered:  # fmt: skip
    """The act was done. Raises AnswerRefused without evidence."""
    row, agreement = _asked(work, milestone_id)
    if (early := _judged(row, revision)) is not None:
        return early
    if not evidence.strip():
        raise AnswerRefused("Done needs evidence.", remedy="Name a file, a link or a sentence: `--evidence ...`.")
    on = on or work.today(agreement)
    outcome = Outcome(kind=MilestoneState.DONE, on=on, by=work.actor.name, at=work.now, evidence=evidence)
    row = closed(work, row, outcome)
    work.record(
        MilestoneDone(
            agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, on=on, evidence=evidence
        )
    )
    return Answered(Verdict.APPLIED, row, "Done. Nothing more is sent about it.")


def decide(
    work: Work, milestone_id: str, *, choice: str, note: str = "", revision: int | None = None
) -> Answered:  # fmt: skip
    """Record a choice; one that leaves a duty keeps the deadline open until it is done. Raises DecisionRefused."""
    row, agreement = _asked(work, milestone_id)
    if (early := _judged(row, revision)) is not None:
        return early
    said = verdict(row.key.kind, choice, is_deadline=row.is_deadline)
    decision = Decision(choice=said.choice.value, by=work.actor.name, at=work.now, note=note)
    if row.decision and row.decision.choice == decision.choice:
        return Answered(Verdict.ALREADY, row, f"{row.decision.by} decided so already. {said.next_step}")
    row = replace(row, decision=decision)
    if said.is_closing:
        on = work.today(agreement)
        outcome = Outcome(kind=MilestoneState.DECIDED, on=on, by=work.actor.name, at=work.now, reason=said.choice.value)
        row = closed(work, row, outcome)
    else:
        work.milestones.save([row])
    work.record(
        MilestoneDecided(
            agreement_id=agreement.id,
            milestone_id=row.id,
            revision=row.revision,
            choice=said.choice.value,
            is_closing=said.is_closing,
            note=note,
        )
    )
    return Answered(Verdict.APPLIED, row, said.next_step)


def waive(work: Work, milestone_id: str, *, because: str, revision: int | None = None) -> Answered:
    """Nobody has to act. Raises AnswerRefused without a reason."""
    row, agreement = _asked(work, milestone_id)
    if (early := _judged(row, revision)) is not None:
        return early
    if not because.strip():
        raise AnswerRefused("Waiving needs a reason.", remedy="Say `--because TEXT`.")
    on = work.today(agreement)
    outcome = Outcome(kind=MilestoneState.WAIVED, on=on, by=work.actor.name, at=work.now, reason=because)
    row = closed(work, row, outcome)
    work.record(
        MilestoneWaived(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, because=because)
    )
    return Answered(Verdict.APPLIED, row, "Waived. Nothing more is sent about it.")


def reopen(work: Work, milestone_id: str, *, because: str) -> Answered:
    """Take an outcome back; what was said before is not said again."""
    row = work.milestones.get(milestone_id)
    agreement = work.agreements.get(row.key.holder)
    if row.state in LIVE:
        return Answered(Verdict.ALREADY, row, "It is open.")
    if row.state not in OUTCOMES:
        raise AnswerRefused(f"It is {row.state}: there is no outcome to take back.", remedy="Amend the agreement.")
    return Answered(Verdict.APPLIED, reopen_row(work, agreement, row, because=because), "Open again.")


def reopen_row(work: Work, agreement: Agreement, row: Milestone, *, because: str) -> Milestone:
    """The same for a row in hand."""
    row = replace(
        row,
        state=MilestoneState.OPEN,
        revision=row.revision + 1,
        generation=row.generation + 1,
        outcome=None,
        armed_on=work.today(agreement),
        cursor=None,
        is_final=False,
    )
    row = _looked_at(work, agreement, row)
    work.milestones.save([row])
    work.record(
        MilestoneReopened(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, because=because)
    )
    return row


def assign(work: Work, milestone_id: str, *, owner_id: str, backup_id: str | None = None) -> Answered:
    """Somebody else answers for it; they are told."""
    row, agreement = _asked(work, milestone_id)
    _live(row)
    if row.owner_id == owner_id and backup_id in {None, row.backup_id}:
        return Answered(Verdict.ALREADY, row, "It is theirs already.")
    row = replace(row, owner_id=owner_id, backup_id=backup_id or row.backup_id, generation=row.generation + 1)
    _keep(work, row, "assigned to somebody else")
    work.record(
        MilestoneAssigned(
            agreement_id=agreement.id,
            milestone_id=row.id,
            revision=row.revision,
            owner_id=owner_id,
            backup_id=row.backup_id,
        )
    )
    tell_assigned(work, agreement, row, owner_id)
    return Answered(Verdict.APPLIED, row, "Assigned; they are told.")


def verify(work: Work, milestone_id: str) -> Answered:
    """A person compared the facts behind the day with the document."""
    row = work.milestones.get(milestone_id)
    if row.verified is not None:
        return Answered(Verdict.ALREADY, row, f"{row.verified.by} verified it already.")
    row = replace(row, verified=Answer(work.actor.name, work.now))
    work.milestones.save([row])
    work.record(MilestoneVerified(agreement_id=row.key.holder, milestone_id=row.id, revision=row.revision))
    return Answered(Verdict.APPLIED, row, "Verified.")


def accept(work: Work, milestone_id: str) -> Answered:
    """Accept the later day that a changed calendar gives."""
    row = work.milestones.get(milestone_id)
    agreement = work.agreements.get(row.key.holder)
    if row.proposed is None:
        return Answered(Verdict.ALREADY, row, "No later day waits to be accepted.")
    old_on, new = row.safe_on, row.proposed
    row = replace(
        row,
        safe_on=new.safe_on,
        target_on=new.target_on,
        nominal_on=new.nominal_on,
        latest_on=new.latest_on,
        proposed=None,
        revision=row.revision + 1,
        generation=row.generation + 1,
        armed_on=work.today(agreement),
        cursor=None,
    )
    row = _looked_at(work, agreement, row)
    _keep(work, row, "the day has moved")
    work.record(
        MoveAccepted(
            agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, old_on=old_on, new_on=row.safe_on
        )
    )
    return Answered(Verdict.APPLIED, row, f"The last safe day is {row.safe_on} now.")


def pin(work: Work, milestone_id: str, *, on: date, because: str) -> Answered:
    """Set a day against the computation. Raises AnswerRefused without a reason, or after the latest arguable day."""
    row = work.milestones.get(milestone_id)
    agreement = work.agreements.get(row.key.holder)
    _live(row)
    if not because.strip():
        raise AnswerRefused("A pinned day needs a reason.", remedy="Say `--because TEXT`.")
    pinned = Pin(on, because, work.actor.name, work.now)
    derived = work.planner.explained(agreement, row)
    if derived is not None and (wrong := pin_problems(derived.reading, pinned)):
        raise AnswerRefused(wrong[0].text, remedy="Pin a day that is not after it.")
    subject, kind, cycle = row.key.subject, row.key.kind.value, row.key.cycle
    others = tuple(one for one in agreement.pins if (one.subject, one.kind, one.cycle) != (subject, kind, cycle))
    pins = (*others, PinnedDay(subject, kind, cycle, pinned))
    work.agreements.save(replace(agreement, pins=pins, version=agreement.version + 1))
    work.record(
        MilestonePinned(
            agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, on=on, because=because
        )
    )
    work.settle()
    return Answered(Verdict.APPLIED, work.milestones.get(milestone_id), f"Pinned to {on}.")


def _asked(work: Work, milestone_id: str) -> tuple[Milestone, Agreement]:
    row = work.milestones.get(milestone_id)
    if not row.is_deadline:
        raise AnswerRefused(
            f"{row.key.kind.value} is a marker: time passes it, nobody has to answer.", remedy="Answer a deadline."
        )
    return row, work.agreements.get(row.key.holder)


def _judged(row: Milestone, revision: int | None) -> Answered | None:
    """The answers that change nothing: it has ended already, or the day has moved since."""
    if row.outcome is not None:
        return Answered(Verdict.ALREADY, row, f"{row.outcome.by} closed it already: {row.outcome.kind}.")
    if revision is not None and revision != row.revision:
        return Answered(Verdict.STALE, row, f"The day is now {row.safe_on}.")
    _live(row)
    return None


def _live(row: Milestone) -> None:
    if row.state not in LIVE:
        raise AnswerRefused(f"It is {row.state}: nothing is open.", remedy="Look at what is: `longstop deadlines`.")


def _keep(work: Work, row: Milestone, why: str) -> None:
    work.milestones.save([row])
    work.deliveries.cancel_of_milestone(row.id, why)


def _looked_at(work: Work, agreement: Agreement, row: Milestone) -> Milestone:
    raised = frozenset(
        Cursor(one.stage, one.step, one.repeat)
        for one in work.milestones.raised_of(row.id)
        if one.safe_on == row.safe_on
    )
    look = next_look(row, work.planner.frame(agreement, row), work.now, raised=raised)
    if look is not None and look.at <= work.now:
        work.made_due = True
    return replace(row, next_step_at=look.at if look else None)


def _by(row: Milestone) -> str:
    return row.acknowledged.by if row.acknowledged else "Somebody"


def _wanted(row: Milestone, work: Work, agreement: Agreement) -> str:
    return {"decision": "a decision", "outcome": "an outcome"}.get(
        required(row, work.planner.frame(agreement, row)).value, "more"
    )


def _local(at: datetime, agreement: Agreement) -> str:
    return f"{at.astimezone(zone(agreement.time_zone)):%a %-d %b %Y %H:%M} {agreement.time_zone}"
