"""What the page of a link says, in words and values for its template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.incoming.links import Operation
from engine.incoming.results import Outcome, Result
from lifecycle.milestones.milestone import LIVE
from notifiers.wording import (
    addressed,
    asked_words,
    decision_line,
    fields,
    label,
    lead_line,
    relative,
    stage_words,
    standing_line,
    unknown_lines,
    why_lines,
)
from notifiers.wording import day as spoken_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.incoming.showing import Shown

#: What can be typed into the forms of the page.
TYPED: Final = ("until", "evidence", "on", "choice", "note", "to")
_DID: Final[Mapping[Operation, str]] = {
    Operation.ACKNOWLEDGE: "Acknowledged",
    Operation.SNOOZE: "Snoozed",
    Operation.DONE: "Done",
    Operation.DECIDE: "Decided",
    Operation.ASSIGN: "Assigned",
    Operation.NOT_ME: "Reported",
}
_HEADING: Final[Mapping[Outcome, str]] = {
    Outcome.NOTED: "Noted",
    Outcome.STALE: "Nothing was changed",
    Outcome.FORBIDDEN: "That is not possible",
    Outcome.UNKNOWN: "That is not possible",
    Outcome.REFUSED: "Nothing was changed",
    Outcome.KEPT: "Kept",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What stands above the page after an answer."""

    heading: str
    said: str
    remedy: str
    is_good: bool


def content_of(seen: Shown, *, opened: str, typed: Mapping[str, str]) -> dict[str, Any]:
    deadline = seen.deadline
    return {
        "title": f"{label(deadline)}: {addressed(deadline)}",
        "lead": lead_line(deadline, seen.today),
        "day": spoken_day(deadline.safe_on),
        "beside": f"last safe day, {relative(deadline.safe_on, seen.today)}",
        "moved": "The day has moved since that message, or an answer was taken back. "
        f"The day is now {spoken_day(deadline.safe_on)}. Answer from a newer message about it, or on its page."
        if seen.is_moved
        else "",
        "standing": standing_line(seen.standing, deadline.time_zone),
        "decided": decision_line(deadline) if seen.standing.state in LIVE else "",
        "who": seen.person.label,
        "email": seen.person.email,
        "possible": {one.value for one in seen.possible},
        "choices": [one.value for one in seen.choices],
        "required": seen.required,
        "proof": deadline.proof,
        "snooze_from": seen.snooze_from_on,
        "snooze_until": seen.snooze_until_on,
        "snooze_latest": spoken_day(seen.snooze_until_on) if seen.snooze_until_on else "",
        "today": seen.today,
        "fields": (*fields(deadline), *_stage(seen)),
        "next": [f"{spoken_day(step.on)}: {asked_words(step.audience)}" for step in seen.next_steps],
        "why": why_lines(deadline),
        "unknown": unknown_lines(deadline),
        "opened": typed.get("do", opened),
        "typed": {name: typed.get(name, "") for name in TYPED},
    }


def _stage(seen: Shown) -> tuple[tuple[str, str], ...]:
    """The stage as it is now, which may be a later one than the message told of."""
    if not seen.stage_number:
        return ()
    return (("Stage now", f"{seen.stage_number} of {seen.stage_count}, {stage_words(seen.stage)}"),)


def told_of(operation: Operation, result: Result, *, was_open: bool) -> Told:
    """What became of an answer to a deadline that *was_open* when it came, or had ended."""
    heading = _HEADING.get(result.outcome, _DID[operation])
    if result.outcome is Outcome.ALREADY and not was_open:
        heading = "Already closed"
    elif result.outcome is Outcome.ALREADY or (result.is_repeat and result.outcome is Outcome.APPLIED):
        heading = f"Already {_DID[operation].lower()}"
    if operation is Operation.NOT_ME and result.is_good:
        heading = _DID[operation]
    return Told(heading, result.said, result.remedy, result.is_good)
