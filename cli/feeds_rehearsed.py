"""Calendars of a rehearsal: everything, as a feed would show it on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.feeds import Wanted, rendered_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from cli.run import Run
    from engine.monitor import Monitor


def all_of(run: Run) -> Callable[[Monitor, date], Mapping[str, bytes]]:
    """Renders one calendar of everything; the copy's clock says which day it is."""

    def render(monitor: Monitor, day: date) -> Mapping[str, bytes]:
        del day
        with monitor.look() as work:
            made = rendered_now(run.on(monitor), work, Wanted(), person=None, owner_id=None)
            return {"deadlines": made.body.data}

    return render
