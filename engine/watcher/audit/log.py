"""The log's chain, walked through bit by bit: a short one whole each time, of a long one its end and one part more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from engine.watcher.watching import Finding
from lifecycle.chain import GENESIS
from store.errors import ChainBroken

if TYPE_CHECKING:
    from engine.monitor import Work

_AT_ONCE: Final = 200  # events


class Walked(NamedTuple):
    """How far the walk came: this position, and the hash that was found there."""

    position: int
    hash: str


START: Final = Walked(0, GENESIS)


def walked(work: Work, before: Walked) -> tuple[list[Finding], Walked]:
    """Go on from where the last walk ended; what does not hold, and how far it came."""
    head, _ = work.log.head()
    try:
        if head > _AT_ONCE:
            start = head - _AT_ONCE
            work.log.verify_after(start, work.log.hash_at(start), _AT_ONCE)
        position, last = work.log.verify_after(before.position, before.hash, _AT_ONCE)
    except ChainBroken as error:
        return [Finding("chain", 1, f"{error.sentence} {error.remedy}")], START
    return [], START if position >= head else Walked(position, last)
