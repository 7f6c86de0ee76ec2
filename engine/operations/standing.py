"""Who answers for a deadline, and whether its day stands: assigned, verified, accepted, pinned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.looking import looked_at
from engine.operations.answering import Answered, AnswerRefused, Verdict, asked, keep, must_be_live
from engine.replanning import begun_anew
from lifecycle.agreements.agreement import PinnedDay
from lifecycle.counting.derivation import Pin
from lifecycle.events import MilestoneAssigned, MilestonePinned, MilestoneVerified, MoveAccepted
from lifecycle.milestones.milestone import Answer
from lifecycle.terms.problems import pin_problems
from lifecycle.words import spoken

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.milestones.milestone import Milestone


def assign(work: Work, milestone_id: str, *, owner_id: str, backup_id: str | None = None) -> Answered:
    """Somebody else answers for it; they are told. Until they answer, whoever had it before is asked as well (M3)."""
    row, agreement = asked(work, milestone_id)
    must_be_live(row)
    before_id = row.owner_id or agreement.owner_id
    is_own = work.people.get(owner_id).email.casefold() == work.actor.name.casefold()
    if before_id == owner_id and backup_id in {None, row.backup_id or agreement.backup_id}:
        return Answered(Verdict.ALREADY, row, f"It is {'yours' if is_own else 'theirs'} already.")
    row = replace(
        row,
        owner_id=owner_id,
        backup_id=backup_id or row.backup_id,
        handed_over_by_id=before_id if before_id != owner_id else row.handed_over_by_id,
        generation=row.generation + 1,
    )
    keep(work, row, "assigned to somebody else")
    work.record(
        MilestoneAssigned(
            agreement_id=agreement.id,
            milestone_id=row.id,
            revision=row.revision,
            owner_id=owner_id,
            backup_id=row.backup_id,
        )
    )
    return Answered(Verdict.APPLIED, row, "It is yours now." if is_own else "Assigned; they are told.")


def given_to(work: Work, row: Milestone, *, owner_id: str | None, backup_id: str | None, is_said: bool) -> None:
    """A live milestone is somebody else's at once; whoever had it is asked no more, and *is_said* tells who has it."""
    given = replace(row, owner_id=owner_id, backup_id=backup_id, handed_over_by_id=None, generation=row.generation + 1)
    keep(work, given, "assigned to somebody else")
    if is_said and (owner_id, backup_id) != (row.owner_id, row.backup_id):
        work.record(
            MilestoneAssigned(
                agreement_id=row.key.holder,
                milestone_id=row.id,
                revision=row.revision,
                owner_id=owner_id,
                backup_id=backup_id,
            )
        )


def verify(work: Work, milestone_id: str) -> Answered:
    """A person compared the facts behind the day with the document. Raises AnswerRefused where there is none."""
    row = work.milestones.get(milestone_id)
    if not row.key.has_document:
        raise AnswerRefused(
            "There is nothing to verify: we set this day ourselves, and no document states it.",
            remedy="Change what it comes from, or pin another day.",
        )
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
        missed_at=None,
    )
    row = looked_at(work, agreement, begun_anew(row, work.today(agreement)))
    keep(work, row, "the day has moved")
    work.record(
        MoveAccepted(
            agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, old_on=old_on, new_on=row.safe_on
        )
    )
    return Answered(Verdict.APPLIED, row, f"The last safe day is {spoken(row.safe_on)} now.")


def pin(work: Work, milestone_id: str, *, on: date, because: str) -> Answered:
    """Set a day against the computation; of one that is over the answer says so. Twice is the same as once.

    Raises AnswerRefused without a reason, or after the latest arguable day.
    """
    row = work.milestones.get(milestone_id)
    agreement = work.agreements.get(row.key.holder)
    must_be_live(row)
    if not because.strip():
        raise AnswerRefused("A pinned day needs a reason.", remedy="Say why.", command="--because TEXT")
    pinned = Pin(on, because, work.actor.name, work.now)
    derived = work.planner.explained(agreement, row)
    if derived is not None and (wrong := pin_problems(derived.reading, pinned)):
        raise AnswerRefused(wrong[0].text, remedy="Pin a day that is not after it.")
    subject, kind, cycle = row.key.subject, row.key.kind.value, row.key.cycle
    over = " That day is already over." if on < work.today(agreement) else ""
    same = (one.pin for one in agreement.pins if (one.subject, one.kind, one.cycle) == (subject, kind, cycle))
    if any((one.on, one.reason) == (on, because) for one in same):
        return Answered(Verdict.ALREADY, row, f"It is pinned to {spoken(on)} already.{over}")
    others = tuple(one for one in agreement.pins if (one.subject, one.kind, one.cycle) != (subject, kind, cycle))
    pins = (*others, PinnedDay(subject, kind, cycle, pinned))
    work.agreements.save(replace(agreement, pins=pins, version=agreement.version + 1))
    work.record(
        MilestonePinned(agreement_id=agreement.id, milestone_id=row.id, revision=row.revision, on=on, because=because)
    )
    work.settle()
    return Answered(Verdict.APPLIED, work.milestones.get(milestone_id), f"Pinned to {spoken(on)}.{over}")
