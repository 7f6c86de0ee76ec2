"""Answers that end a deadline, or take its end back: done, decided, waived, reopened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.closing import closed
from engine.looking import looked_at, reminds_nobody
from engine.operations.answering import Answered, AnswerRefused, Verdict, asked, judged
from engine.operations.begun import check_begun
from engine.operations.quieting import quieted_by_decision
from engine.replanning import begun_anew
from lifecycle.events import MilestoneDecided, MilestoneDone, MilestoneReopened, MilestoneWaived
from lifecycle.milestones.deciding import Verdict as Decided
from lifecycle.milestones.deciding import late_step, verdict
from lifecycle.milestones.milestone import LIVE, OUTCOMES, Decision, Milestone, MilestoneState, Outcome
from notifiers.wording import silent_line

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement

SILENT = f"It stands among what is overdue. {silent_line()}"


def done(
    work: Work, milestone_id: str, *, evidence: str, on: date | None = None, revision: int | None = None
) -> Answered:  # fmt: skip
    """The act was done. Raises AnswerRefused without evidence, NotYet for a day to come."""
    row, agreement = asked(work, milestone_id)
    if (early := judged(row, revision)) is not None:
        return early
    if not evidence.strip():
        raise AnswerRefused(
            "Done needs evidence.", remedy="Name a file, a link or a sentence.", command="--evidence ..."
        )
    on = on or work.today(agreement)
    check_begun(work, on, "Done")
    outcome = Outcome(kind=MilestoneState.DONE, on=on, by=work.actor.name, at=work.now, evidence=evidence)
    row = closed(work, row, outcome)
    work.record(
        MilestoneDone(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, on=on, evidence=evidence)
    )
    return Answered(Verdict.APPLIED, row, "Done. Nothing more is sent about it.")


def decide(
    work: Work, milestone_id: str, *, choice: str, note: str = "", revision: int | None = None
) -> Answered:  # fmt: skip
    """Record a choice; one that leaves a duty quiets the stage and keeps the deadline open until it is done.

    Raises DecisionRefused.
    """
    row, agreement = asked(work, milestone_id)
    if (early := judged(row, revision)) is not None:
        return early
    said = verdict(row.key.kind, choice, is_deadline=row.is_deadline)
    next_step = _next_step(work, agreement, row, said)
    decision = Decision(choice=said.choice.value, by=work.actor.name, at=work.now, note=note)
    if row.decision and row.decision.choice == decision.choice:
        return Answered(Verdict.ALREADY, row, f"{row.decision.by} decided so already. {next_step}")
    row = replace(row, decision=decision)
    if said.is_closing:
        on = work.today(agreement)
        outcome = Outcome(kind=MilestoneState.DECIDED, on=on, by=work.actor.name, at=work.now, reason=said.choice.value)
        row = closed(work, row, outcome)
    else:
        row = quieted_by_decision(work, agreement, row)
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
    return Answered(Verdict.APPLIED, row, next_step)


def _next_step(work: Work, agreement: Agreement, row: Milestone, said: Decided) -> str:
    """What is left to do; where the last day of any reading is over, what can still be done."""
    if work.today(agreement) <= row.latest_on:
        return said.next_step
    late = late_step(row.key.kind, said.choice, ended_on=row.latest_on, then_on=row.then_on)
    return late or said.next_step


def waive(work: Work, milestone_id: str, *, because: str, revision: int | None = None) -> Answered:
    """Nobody has to act. Raises AnswerRefused without a reason."""
    row, agreement = asked(work, milestone_id)
    if (early := judged(row, revision)) is not None:
        return early
    if not because.strip():
        raise AnswerRefused("Waiving needs a reason.", remedy="Say why.", command="--because TEXT")
    on = work.today(agreement)
    outcome = Outcome(kind=MilestoneState.WAIVED, on=on, by=work.actor.name, at=work.now, reason=because)
    row = closed(work, row, outcome)
    work.record(MilestoneWaived(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, because=because))
    return Answered(Verdict.APPLIED, row, "Waived. Nothing more is sent about it.")


def reopen(work: Work, milestone_id: str, *, because: str) -> Answered:
    """Take an outcome back; what was said before is not said again."""
    row = work.milestones.get(milestone_id)
    agreement = work.agreements.get(row.key.holder)
    if row.state in LIVE:
        return Answered(Verdict.ALREADY, row, "It is open.")
    if row.state not in OUTCOMES:
        raise AnswerRefused(f"It is {row.state}: there is no outcome to take back.", remedy="Amend the agreement.")
    row = reopen_row(work, agreement, row, because=because)
    silent = f" {SILENT}" if reminds_nobody(row) else ""
    return Answered(Verdict.APPLIED, row, f"Open again.{silent}")


def reopen_row(work: Work, agreement: Agreement, row: Milestone, *, because: str) -> Milestone:
    """The same for a row in hand. A decision that was the outcome is taken back with it."""
    decision = None if row.state is MilestoneState.DECIDED else row.decision
    row = replace(begun_anew(row, work.today(agreement)), decision=decision)
    row = looked_at(work, agreement, row)
    work.milestones.save([row])
    work.record(
        MilestoneReopened(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, because=because)
    )
    return row
