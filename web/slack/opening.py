"""Which window a button opens: the form, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.incoming.links import ActionLink, Operation
from engine.incoming.showing import shown
from lifecycle.errors import LifecycleError
from lifecycle.milestones.milestone import LIVE
from notifiers.slack import forms, home
from notifiers.wording import day, standing_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.incoming.showing import Shown
    from engine.monitor import Monitor
    from lifecycle.people import Person
    from notifiers.slack.parts import Block

_NO = "That is not possible"


def form_for(monitor: Monitor, person: Person | None, operation: Operation, said: Mapping[str, Any]) -> Block:
    """The form of an operation for somebody, or a notice that says why it cannot be answered."""
    if person is None:
        return forms.notice(_NO, home.UNKNOWN, "Until then you can acknowledge.")
    link = ActionLink(said["milestone"], person.id, said["revision"], said["stage"])
    try:
        with monitor.look() as work:
            seen = shown(work, link)
    except LifecycleError as error:
        return forms.notice(_NO, error.sentence, error.remedy)
    if seen.is_moved:
        return forms.notice("Nothing was changed", f"The day is now {day(seen.deadline.safe_on)}.")
    if operation not in seen.possible:
        return _impossible(seen, operation)
    return _form(seen, operation, {**said, "generation": seen.generation, "asks": seen.asks})


def _form(seen: Shown, operation: Operation, meta: Mapping[str, Any]) -> Block:
    first_on, last_on = seen.snooze_from_on, seen.snooze_until_on
    if operation is Operation.SNOOZE and first_on is not None and last_on is not None:
        return forms.snooze_form(seen.deadline, seen.today, meta, first_on=first_on, last_on=last_on)
    if operation is Operation.DECIDE:
        return forms.decide_form(seen.deadline, seen.today, meta, choices=[one.value for one in seen.choices])
    if operation is Operation.ASSIGN:
        return forms.assign_form(seen.deadline, seen.today, meta)
    return forms.done_form(seen.deadline, seen.today, meta)


def _impossible(seen: Shown, operation: Operation) -> Block:
    if seen.standing.state not in LIVE:
        return forms.notice("Nothing is open", standing_line(seen.standing, seen.deadline.time_zone))
    if operation is Operation.SNOOZE and seen.snooze_until_on is None and seen.possible:
        return forms.notice(_NO, "It is too late to snooze: the last safe day is too near.",
                            "Acknowledge it, decide, or say done.")  # fmt: skip
    return forms.notice(_NO, "You may not answer this deadline.", "Ask the owner of the agreement, or legal.")
