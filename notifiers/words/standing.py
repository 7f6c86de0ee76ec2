"""What has become of a deadline since a message told of it: who answered, when, what is next (INTERFACE.md M3).

An acknowledgement never reads like an outcome: it says that the deadline is still open (G7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from lifecycle.milestones.milestone import MilestoneState
from lifecycle.playbooks.ladder import SILENT_AFTER
from notifiers.words.days import day
from notifiers.words.text import counted, one_line

if TYPE_CHECKING:
    from datetime import datetime

    from notifiers.sheet import Standing

_STILL_OPEN = "Still open."
_S = MilestoneState
_ANSWERED = {_S.OPEN: "Noted", _S.ACKNOWLEDGED: "Acknowledged", _S.SNOOZED: "Snoozed"}
_CLOSED = {_S.DONE: "Done", _S.DECIDED: "Decided", _S.WAIVED: "Waived"}
_OVER = {
    _S.WITHDRAWN: "No longer due: its reason is gone. Nobody has to do anything.",
    _S.PASSED: "The day is over.",
    _S.MOOTED: "Missed: what it was about is over.",
}


def standing_line(standing: Standing, time_zone: str) -> str:
    """``Acknowledged by Olga, Mon 2 Nov 2026 09:12. Quiet until ...; still open.``; "" while nobody answered."""
    if standing.state in _OVER:
        return _OVER[standing.state]
    who = f" by {one_line(standing.by, 80)}" if standing.by else ""
    when = f", {instant(standing.at, time_zone)}" if standing.at else ""
    if standing.state in _CLOSED:
        note = f": {one_line(standing.note, 300)}" if standing.note else ""
        on = f" on {day(standing.on)}" if standing.on else ""
        return f"{_CLOSED[standing.state]}{on}{who}{when}{note}"
    if not standing.by and standing.until_at is None:
        return ""
    quiet = f"Quiet until {instant(standing.until_at, time_zone)}. " if standing.until_at else ""
    return f"{_ANSWERED[standing.state]}{who}{when}. {quiet}{_STILL_OPEN}"


NOBODY: Final = "Nobody is reminded"
_SILENT: Final = f"it came, or was opened again, more than {SILENT_AFTER.days} days after its day"


def silent_line() -> str:
    """Of what is overdue without a ladder, why nobody hears of it."""
    return f"{NOBODY}: {_SILENT}."


def untold_heading(number: int) -> str:
    """Of a message to the operators: ``1 overdue deadline reminds nobody``."""
    return f"{counted(number, 'overdue deadline')} {'reminds' if number == 1 else 'remind'} nobody"


def untold_text(number: int) -> str:
    """Why nobody hears of them, where they are to be found, and how that ends."""
    it, was, its, ends = ("It", "was", "its", "it ends") if number == 1 else ("They", "were", "their", "each ends")
    came = f"{it} came, or {was} opened again, more than {SILENT_AFTER.days} days after {its} day."
    return f"{came} Gaps names what you may see; {ends} when somebody says done, decides or waives."


def instant(at: datetime, time_zone: str) -> str:
    """``Mon 2 Nov 2026 09:12 Europe/Berlin``."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{day(local.date())} {local:%H:%M} {time_zone}"
