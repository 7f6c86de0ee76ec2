"""The reports that there are, and which one an address asks for (INTERFACE.md P19)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from lifecycle.days.dates import parse_day
from lifecycle.errors import DayOutOfRange
from lifecycle.rights import RIGHTS, Act, Right
from web.govern.answer_reports import answers_per_stage, escalations
from web.govern.register_report import register
from web.govern.report import MOST, SHOWN, Asked, Report
from web.govern.trouble_reports import failures, gone_by

if TYPE_CHECKING:
    from engine.monitor import Work
    from web.frame.viewer import Viewer

__all__ = ["MADE", "MOST", "Asked", "Report", "asked_of", "may_read_log", "report"]

_BACK: Final = timedelta(days=90)
MADE: Final[Mapping[str, tuple[str, Callable[[Work, Viewer, Asked], Report]]]] = {
    "register": ("Register", register),
    "answers": ("Answers per stage", answers_per_stage),
    "escalations": ("Escalations", escalations),
    "failures": ("Failures to deliver", failures),
    "undecided": ("Renewed without a decision", gone_by),
}


def asked_of(viewer: Viewer, query: Mapping[str, str], *, most: int = SHOWN) -> Asked:
    """What the address asks for; days that are none, or in the wrong order, are the last 90."""
    show = query.get("show", "register")
    today = viewer.today
    from_on, until_on = _day(query.get("from", "")), _day(query.get("until", ""))
    until_on = until_on or today
    if from_on is None or from_on > until_on:
        from_on = until_on - _BACK
    return Asked(show=show if show in MADE else "register", from_on=from_on, until_on=until_on, most=most)


def report(work: Work, viewer: Viewer, asked: Asked) -> Report:
    """The report, of what *viewer* may see."""
    return MADE[asked.show][1](work, viewer, asked)


def may_read_log(viewer: Viewer) -> bool:
    """Whether failures to deliver are told to them at all, if only of what they answer for."""
    return RIGHTS[Act.READ_LOG][viewer.person.role] in {Right.YES, Right.OWN}


def _day(text: str) -> date | None:
    try:
        return parse_day(text)
    except (ValueError, DayOutOfRange):
        return None
