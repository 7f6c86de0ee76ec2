"""What others have done while somebody was away: who answered, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifiers.words.acts import thing
from notifiers.words.days import day
from notifiers.words.lines import decision_line, label
from notifiers.words.standing import standing_line
from notifiers.words.text import one_line

if TYPE_CHECKING:
    from notifiers.sheet import Deadline, Standing


def meanwhile_line(deadline: Deadline, standing: Standing | None) -> str:
    """``MSA-9, Acme Labs MSA: notice of non-renewal by Tue 1 Dec 2026. Acknowledged by Kim, ...``.

    "" where nobody has answered or decided: *standing* says who did last, *deadline* what was decided.
    """
    answered = standing_line(standing, deadline.time_zone) if standing else ""
    said = " ".join(part for part in (answered, decision_line(deadline)) if part)
    about = f"{one_line(deadline.reference, 60)}, {label(deadline)}: {thing(deadline)} by {day(deadline.safe_on)}"
    return f"{about}. {said}" if said else ""
