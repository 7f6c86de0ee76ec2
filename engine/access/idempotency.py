"""Requests that may come twice and act once: the answer to a key is kept for seven days (INTERFACE.md H6).

1. ``begin`` claims the key; what was answered before is answered again, and what still runs is left alone.
2. ``keep`` lays the answer beside the change, in its transaction: either both are there or neither.
3. ``give_up`` frees the key of a request that has changed nothing.

A claim that nobody ends, since a process has died, lapses after a while: nothing of it was kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from lifecycle.errors import LifecycleError
from store.kept import KeptAnswer

if TYPE_CHECKING:
    from engine.monitor import Monitor, Work

KEPT_FOR: Final = timedelta(days=7)
_CLAIM: Final = timedelta(minutes=10)


class KeyReused(LifecycleError):
    """An idempotency key that came with another request before."""

    code = "key-reused"

    def __init__(self) -> None:
        super().__init__("This idempotency key came with another request.", remedy="Take a new key for a new request.")


class StillRunning(LifecycleError):
    """The same request is being worked on."""

    code = "still-running"

    def __init__(self) -> None:
        super().__init__("This request is still being worked on.", remedy="Send it again in a moment.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of somebody: the key that they chose, and the SHA-256 of what they asked."""

    person_id: str
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the status and the document."""

    status: int
    text: str


def begin(monitor: Monitor, asked: Asked) -> Answer | None:
    """Claim a key; the answer that is known already, None where there is work to do.

    Raises KeyReused, StillRunning.
    """
    with monitor.work() as work:
        wanted = KeptAnswer(
            person_id=asked.person_id,
            key=asked.key,
            request_hash=asked.request_hash,
            until_at=work.now + _CLAIM,
        )
        known = work.kept.claim(wanted, work.now)
    if known is None:
        return None
    if known.request_hash != asked.request_hash:
        raise KeyReused
    if not known.is_over:
        raise StillRunning
    return Answer(known.status, known.answer)


def keep(work: Work, asked: Asked, answer: Answer) -> None:
    """It is done, and this was answered."""
    work.kept.answered(
        KeptAnswer(
            person_id=asked.person_id,
            key=asked.key,
            request_hash=asked.request_hash,
            until_at=work.now + KEPT_FOR,
            is_over=True,
            status=answer.status,
            answer=answer.text,
        )
    )


def give_up(monitor: Monitor, asked: Asked) -> None:
    """Nothing was changed: the same request may come again."""
    with monitor.work() as work:
        work.kept.unclaim(asked.person_id, asked.key)
