"""What came in and waits for a person: nobody could say what it means, or whom it is about (INTERFACE.md H11).

It is tried again, by the hook as it is described now, or dropped. Both end its waiting; who did it is in its result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.incidents import close_incident
from engine.incoming.hearing import WAITING, understood
from engine.incoming.inbox import Kept, attempt
from engine.incoming.results import Outcome, Result
from lifecycle.errors import LifecycleError
from store.codec import dumps, loads
from store.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.incoming.hearing import Heard
    from engine.monitor import Work
    from lifecycle.hooks import Hook
    from store.inbox import InboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A call that waits for a person. *heard* holds its body, which may hold anything."""

    id: str
    received_at: datetime
    heard: Heard


class NoReason(LifecycleError):
    """Nothing is dropped without a reason."""

    code = "no-reason"

    def __init__(self) -> None:
        super().__init__("What is dropped needs a reason.", remedy="Say why.", command="--because TEXT")


def waiting(work: Work) -> list[Waiting]:
    """All that waits, oldest first."""
    return [one for row in work.inbox.waiting() if (one := _read(row)) is not None]


def found(work: Work, row_id: str) -> Waiting:
    """What waits under this id. Raises NotFound, also for what waits no more."""
    one = next((each for each in waiting(work) if each.id == row_id), None)
    if one is None:
        raise NotFound("call that waits", row_id, remedy="List them.", command="longstop incoming list")
    return one


def retry(work: Work, row_id: str, hooks: Mapping[str, Hook]) -> Result:
    """Do what it asks for, read anew by its hook; without that hook as it was read when it came. Raises NotFound."""
    one = found(work, row_id)
    hook = hooks.get(one.heard.hook)
    heard = understood(hook, one.heard.body) if hook else replace(one.heard, why="")
    result = attempt(work, _row(work, row_id), heard)
    _close(work, one.heard.hook)
    return result


def drop(work: Work, row_id: str, *, because: str) -> Result:
    """Nobody will do it. Raises NotFound, NoReason."""
    one = found(work, row_id)
    if not because.strip():
        raise NoReason
    result = Result(Outcome.NOTED, f"Dropped by {work.actor.name}: {because}")
    work.inbox.settle(row_id, at=work.now, result=dumps(result))
    _close(work, one.heard.hook)
    return result


def _close(work: Work, hook: str) -> None:
    """With the last of a hook's calls goes what the operators were told of it."""
    if not any(one.heard.hook == hook for one in waiting(work)):
        close_incident(work, kind=WAITING, subject=f"hook:{hook}", because="nothing waits any more")


def _row(work: Work, row_id: str) -> InboxRow:
    return next(row for row in work.inbox.waiting() if row.id == row_id)


def _read(row: InboxRow) -> Waiting | None:
    heard = loads(row.payload, Kept).heard
    return Waiting(id=row.id, received_at=row.received_at, heard=heard) if heard else None
