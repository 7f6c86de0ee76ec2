"""Named points on the way of a message, where a test may stop the engine, crash it, or let others go first.

In production a point is one call that does nothing. A transaction reaches its point twice: before its commit, while
everything could still be undone, and after it, when all of it is kept. Between the two nobody else is ever let in.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Protocol


class Point(StrEnum):
    """Where the engine is."""

    RAISED = "raised"  # steps of ladders became messages
    CLAIMED = "claimed"  # due messages were taken for a token
    FOUND = "found"  # a channel was asked what became of a message
    GATED = "gated"  # a message was let through, or put where it belongs
    OFFERED = "offered"  # next the channel gets the message; no transaction
    WRITTEN = "written"  # the channel has its bytes; only a channel that is part of a simulation says so
    REPLIED = "replied"  # the channel has answered; no transaction
    SETTLED = "settled"  # the answer was written down
    ACTED = "acted"  # a person, or time, changed something: every transaction that is none of the others
    SWEPT = "swept"  # lapsed leases were taken from senders who are gone


#: Transactions that take the rows they change for themselves, so that many may run at once (``store.database``).
SIDE_BY_SIDE: Final = frozenset({Point.RAISED, Point.CLAIMED, Point.GATED, Point.SETTLED})


class Moment(StrEnum):
    """On which side of the commit; a point without a transaction is reached *after* only."""

    BEFORE = "before"
    AFTER = "after"


class Reached(Protocol):
    """Whoever listens at the points. What it raises comes out of the engine at that very point."""

    def __call__(self, point: Point, moment: Moment = Moment.AFTER, /) -> None:
        """The engine is at *point*."""


def go_on(point: Point, moment: Moment = Moment.AFTER, /) -> None:
    """Nobody listens."""
