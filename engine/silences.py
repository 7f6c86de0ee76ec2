"""A silence ends by itself or is called off; what it held leaves within a minute (DELIVERY.md Q2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.delivery import silencing
from lifecycle.events import SilenceEnded

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from lifecycle.playbooks.quiet import Silence


def end_over(monitor: Monitor) -> int:
    """End those whose time is over; how many."""
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    with monitor.work() as work:
        over = [one for one in work.silences.open() if one.ends_at <= work.now]
        for silence in over:
            end(work, silence)
    return len(over)


def due_at(monitor: Monitor) -> datetime | None:
    """When the next silence ends."""
    with monitor.look() as work:
        return work.silences.next_end_at()


def end(work: Work, silence: Silence) -> None:
    """It is over: what it held is looked at now."""
    work.silences.end(silence.id, work.now)
    work.record(SilenceEnded(silence_id=silence.id))
    if work.deliveries.wake_held(silencing.why(silence), work.now):
        work.made_due = True
