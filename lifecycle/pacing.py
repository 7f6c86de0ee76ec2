"""How fast a channel may be: a bucket that refills evenly, kept as one instant.

A bucket is *full again* at an instant. Whoever takes from it moves that instant on by the time of one; it may lie ahead
by as much as the burst allows (DELIVERY.md T4). Those who find it empty stand in line: each is told an instant of its
own to come back at, so that a thousand messages that wait do not all ask again at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """How often something may be done: once in *every* seconds, after *burst* at once. *name* is its bucket's."""

    name: str
    every: float
    burst: int = 1

    @property
    def step(self) -> timedelta:
        """The time of one."""
        return timedelta(seconds=self.every)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What is left of a pace. *line_at* is the end of the line; *blocked_until*: the channel asked for patience."""

    name: str
    full_at: datetime
    line_at: datetime | None = None
    blocked_until: datetime | None = None


def free_at(bucket: Bucket, pace: Pace, now: datetime) -> datetime:
    """When one may be taken; *now* if it may be taken now."""
    full_at = max(bucket.full_at, now)
    return max(full_at - (pace.burst - 1) * pace.step, bucket.blocked_until or now, now)


def taken(bucket: Bucket, pace: Pace, now: datetime) -> Bucket:
    """The bucket after one was taken."""
    return replace(bucket, full_at=max(bucket.full_at, now) + pace.step)


def lined_up(bucket: Bucket, pace: Pace, free: datetime) -> tuple[Bucket, datetime]:
    """The bucket after one more stands in line, and when that one is to come back."""
    back_at = max(free, bucket.line_at or free)
    return replace(bucket, line_at=back_at + pace.step), back_at


def blocked(bucket: Bucket, until: datetime) -> Bucket:
    """The bucket after the channel asked for patience; a longer block that stands already is kept."""
    return replace(bucket, blocked_until=max(until, bucket.blocked_until or until))
