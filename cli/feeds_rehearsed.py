"""Calendars of a rehearsal: everything, as a feed would show it on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.feeds import Wanted, reminder_days, rendered
from notifiers.calendar import Reminders
from store.queries.feeds import FeedScope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from cli.run import Run
    from engine.monitor import Monitor


def all_of(run: Run) -> Callable[[Monitor, date], Mapping[str, bytes]]:
    """Renders one calendar of everything; the copy's clock says which day it is."""
    wanted = Wanted(
        scope=FeedScope(),
        name="Deadlines",
        detail="",
        reminders=Reminders.NONE,
        reminder_days=reminder_days(None),
        months_ahead=24,
        is_timed=False,
        is_todo=False,
    )

    def render(monitor: Monitor, day: date) -> Mapping[str, bytes]:
        del day
        with monitor.look() as work:
            return {"deadlines": rendered(run.on(monitor), work, wanted).data}

    return render
