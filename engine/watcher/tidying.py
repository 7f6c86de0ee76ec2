"""Once a day what has had its effect long ago is forgotten: calls and clicks of more than 30 days (INTERFACE.md H11).

For so long a repeat is known as one. What still waits for a person, or for its next attempt, stays. So it is with what
the process remembers of its work: what can be found again is forgotten, and free memory is given back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.memory import give_back
from engine.watcher.ahead import lies_ahead

if TYPE_CHECKING:
    from engine.monitor import Monitor

KEPT_FOR: Final = timedelta(days=30)
_EVERY: Final = timedelta(days=1)
_NAME: Final = "tidied_at"


def tidy(monitor: Monitor) -> int:
    """Forget what is old enough; how many rows."""
    if monitor.watching is not None:  # a process at work
        give_back()
    with monitor.work() as work:
        work.keeping.set_fact(_NAME, work.now.isoformat())
        return work.inbox.forget(work.now - KEPT_FOR)


def due_at(monitor: Monitor) -> datetime | None:
    """When it is done next."""
    with monitor.look() as work:
        kept = work.keeping.fact(_NAME)
        at = datetime.fromisoformat(kept).astimezone(UTC) if kept else work.now - _EVERY
        return work.now if lies_ahead(at, work.now) else at + _EVERY
