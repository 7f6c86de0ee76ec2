"""Asking a channel no more often than it allows, for all workers together.

Whoever may not ask yet is told when to come back: at the end of the line, or, where it is critical, at the next instant
at which one is free. When the channel itself asks for patience, its widest pace stands still.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lifecycle import pacing

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.pacing import Pace


def turn(work: Work, paces: tuple[Pace, ...], *, is_critical: bool = False) -> datetime | None:
    """Take one from every bucket; None: go now. Else nothing is taken, and this is when to come back."""
    if not paces:
        return None
    buckets = work.buckets.locked([pace.name for pace in paces], work.now)
    free = max(pacing.free_at(buckets[pace.name], pace, work.now) for pace in paces)
    if free <= work.now:
        work.buckets.save(pacing.taken(buckets[pace.name], pace, work.now) for pace in paces)
        return None
    if is_critical:
        return free
    widest = paces[0]
    bucket, back_at = pacing.lined_up(buckets[widest.name], widest, free)
    work.buckets.save([bucket])
    return back_at


def patience(work: Work, paces: tuple[Pace, ...], seconds: float) -> datetime:
    """The channel asked for patience: nobody asks before this instant, which lies a little behind what it said."""
    until = work.now + timedelta(seconds=seconds + work.monitor.random.random())
    if paces:
        widest = paces[0]
        bucket = work.buckets.locked([widest.name], work.now)[widest.name]
        work.buckets.save([pacing.blocked(bucket, until)])
    return until
