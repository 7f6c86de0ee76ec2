"""What stands in a mail that puts a deadline into a calendar, or takes it out (CALENDAR.md I5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from notifiers.words.acts import action
from notifiers.words.days import brief_day, day
from notifiers.words.lines import label, lead_line
from notifiers.words.text import cut, one_line

if TYPE_CHECKING:
    from notifiers.sheet import Deadline, FactSheet

ACCEPTING: Final = "Accepting is no acknowledgement: do that in Longstop."
_PUTS_IN: Final = "This mail puts the last safe day into your calendar, with an alarm a week before."
_TAKES_OUT: Final = "This mail takes the day out of your calendar; that is all it does."
_SUBJECT_LIMIT: Final = 200


def invitation_subject(facts: FactSheet, *, is_redacted: bool) -> str:
    """``[Calendar, 1 Dec] Acme Labs MSA: send non-renewal notice``; ``[Calendar, cancelled]`` when it ends."""
    deadline = facts.deadlines[0]
    is_nameless = is_redacted or facts.is_outsider
    what = one_line(deadline.reference) if is_nameless else f"{label(deadline)}: {action(deadline)}"
    when = "cancelled" if is_over(facts) else brief_day(deadline.safe_on, facts.today)
    return cut(f"[Calendar, {when}] {what}", _SUBJECT_LIMIT)


def invitation_heading(facts: FactSheet, deadline: Deadline) -> str:
    """The lead line; when it ends, that it is out of the calendar."""
    if is_over(facts):
        return f"Out of your calendar: {label(deadline)}, {action(deadline)}, {day(deadline.safe_on)}."
    return lead_line(deadline, facts.today)


def invitation_text(facts: FactSheet) -> tuple[str, ...]:
    """What the mail does, and what answering it does not."""
    return (_TAKES_OUT,) if is_over(facts) else (_PUTS_IN, ACCEPTING)


def is_over(facts: FactSheet) -> bool:
    """Whether the mail takes a deadline out of the calendar."""
    return facts.invite is not None and facts.invite.is_cancelled
