"""Bulk work: many stand in one transaction; where the database refuses that, each has one of its own.

What waits to be written leaves at the end of its transaction, so that a row which the database refuses fails all of
them. Then whose it is is found out one by one: it is looked at again in an hour and told to the operator, and the
others go on.
"""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from store.errors import DatabaseAway, DatabaseBusy, RowRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.monitor import Monitor, Work

MOST: Final = 200  # in one transaction
_PAUSE: Final = 0.15  # seconds
_TRIES: Final = 5  # more, of a database that is busy: ten seconds each, a minute in all
LATER: Final = timedelta(hours=1)  # until what made trouble is looked at again

T = TypeVar("T")


class Bulk(NamedTuple):
    """What is done to many."""

    some: Callable[[Monitor, int], int]  # does it to at most so many, in a transaction; how many there were
    put_off: Callable[[Work], str]  # looks at the first of them LATER; the agreement's id


def letting_others_write(heard: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """*heard*, told between two batches, and a pause after it: for a process that does nothing but bulk work.

    On SQLite somebody in another process who waits to write looks again each tenth of a second, and would not get in
    for as long as one batch follows the other.
    """

    def heard_and_paused(done: int, of: int) -> None:
        heard(done, of)
        if done < of:
            time.sleep(_PAUSE)

    return heard_and_paused


def patiently(transaction: Callable[[], T], waits: Callable[[], None]) -> T:
    """*transaction*, again while somebody else writes, up to a minute; *waits* hears of each time.

    For work that is worth it: a person at a page is told sooner. Raises DatabaseBusy in the end; DatabaseAway at once,
    for what became of the transaction is not known then.
    """
    for _ in range(_TRIES):
        try:
            return transaction()
        except DatabaseAway:
            raise
        except DatabaseBusy:
            waits()
    return transaction()


@contextmanager
def uncollected() -> Iterator[None]:
    """The garbage collector rests meanwhile: bulk work makes values by the million, and no cycle among them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def until_done(monitor: Monitor, bulk: Bulk) -> int:
    """Do it until there is nothing to do; to how many it was done."""
    total = 0
    while True:
        try:
            done = bulk.some(monitor, MOST)
        except RowRefused:
            done = _one_by_one(monitor, bulk)
        total += done
        if done < MOST:
            return total


def _one_by_one(monitor: Monitor, bulk: Bulk) -> int:
    for count in range(MOST):
        try:
            if not bulk.some(monitor, 1):
                return count
        except RowRefused as error:
            with monitor.work() as work:
                work.set_aside(bulk.put_off(work), error.sentence)
    return MOST
