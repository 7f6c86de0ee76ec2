"""What an answer to a deadline comes to, and what every answer asks first.

applied   it is so now
already   it was so before, and by whom
noted     kept, but the stage asks for more
stale     what the person was told no longer holds, mostly because the day has moved; nothing changed
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from lifecycle.errors import LifecycleError
from lifecycle.milestones.milestone import LIVE

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone


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


def asked(work: Work, milestone_id: str) -> tuple[Milestone, Agreement]:
    row = work.milestones.get(milestone_id)
    if not row.is_deadline:
        raise AnswerRefused(
            f"{row.key.kind.value} is a marker: time passes it, nobody has to answer.", remedy="Answer a deadline."
        )
    return row, work.agreements.get(row.key.holder)


def judged(row: Milestone, revision: int | None) -> Answered | None:
    """The answers that change nothing: it has ended already, or the day has moved since."""
    if row.outcome is not None:
        return Answered(Verdict.ALREADY, row, f"{row.outcome.by} closed it already: {row.outcome.kind}.")
    if revision is not None and revision != row.revision:
        said = f"The day is now {row.safe_on:%a %-d %b %Y}." if row.is_live else _over(row)
        return Answered(Verdict.STALE, row, said)
    must_be_live(row)
    return None


def must_be_live(row: Milestone) -> None:
    if row.state not in LIVE:
        raise AnswerRefused(_over(row), remedy="Look at what is.", command="longstop deadlines")


def _over(row: Milestone) -> str:
    return f"It is {row.state}: nothing is open."


def taken_over(work: Work, row: Milestone) -> Milestone:
    """Once the new owner has answered, whoever had it before is asked no more."""
    if row.handed_over_by_id is None or row.owner_id is None:
        return row
    owner = work.people.get(row.owner_id)
    return replace(row, handed_over_by_id=None) if work.actor.name.casefold() == owner.email.casefold() else row


def keep(work: Work, row: Milestone, why: str) -> None:
    work.milestones.save([row])
    work.deliveries.cancel_of_milestone(row.id, why)
