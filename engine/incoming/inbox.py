"""What comes in from outside acts once, or is kept until it can (DELIVERY.md T7).

1. The row is written under its key. One that is there already has acted: its result is said again.
2. What is asked is done, in the same transaction. A rule that refuses it is a result like any other.
3. What breaks is undone alone: the row stays, the job ``answer`` tries again, after some tries operators hear of it.

A database that is full or busy keeps nothing: whoever sent it hears so, and comes again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from engine.incidents import close_incident, open_incident
from engine.incoming.answers import Asked, answer
from engine.incoming.hearing import Heard, Waits, hear, left
from engine.incoming.results import Outcome, Result
from engine.monitor import place_of
from lifecycle.events import Actor
from store.codec import dumps, loads
from store.errors import DatabaseBusy, DatabaseFull
from store.inbox import InboxRow

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Monitor, Work

log = structlog.get_logger(__name__)
_KEY_LIMIT: Final = 400  # characters, of the column
_FIRST_WAIT: Final = timedelta(seconds=15)
_LONGEST_WAIT: Final = timedelta(hours=1)
_TOLD_AFTER: Final = 3  # failures
_KEPT: Final = Result(Outcome.KEPT, "It is kept and will be done in a moment.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Something that came in: *key* names it once and for all, *actor* is who the log says it was."""

    key: str
    source: str
    actor: Actor
    what: Asked | Heard


@dataclass(frozen=True, slots=True)
class Kept:
    """What a row holds: who, and what."""

    actor: Actor
    asked: Asked | None = None
    heard: Heard | None = None


def receive(monitor: Monitor, incoming: Incoming) -> Result:
    """See the module. Raises DatabaseFull, DatabaseBusy: nothing was kept."""
    key = incoming.key if len(incoming.key) <= _KEY_LIMIT else hashlib.sha256(incoming.key.encode()).hexdigest()
    with monitor.work(incoming.actor) as work:
        row = InboxRow(
            id=work.new_id(),
            dedupe_key=key,
            source=incoming.source,
            received_at=work.now,
            payload=dumps(_kept(incoming)),
            next_attempt_at=work.now,
        )
        if not work.inbox.take(row):
            return _again(work, key)
        return attempt(work, row, incoming.what)


def apply_due(monitor: Monitor) -> int:
    """Try again what could not be done when it came; how many rows were tried."""
    count = 0
    while (at := due_at(monitor)) is not None and at <= monitor.clock.now():
        if not _apply_one(monitor):
            break
        count += 1
    return count


def due_at(monitor: Monitor) -> datetime | None:
    """When the next attempt is due."""
    with monitor.look() as work:
        return work.inbox.next_at()


def _apply_one(monitor: Monitor) -> bool:
    with monitor.work() as work:
        row = work.inbox.claim(work.now)
        if row is None:
            return False
        try:
            kept = loads(row.payload, Kept)
        except ValueError as error:  # one that cannot be read must not stop the others
            _put_off(work, row, f"{type(error).__name__} in {place_of(error)}")
            return True
        work.actor = kept.actor
        what = kept.asked or kept.heard
        if what is not None:
            attempt(work, row, what)
        return True


def attempt(work: Work, row: InboxRow, what: Asked | Heard) -> Result:
    """Step 2 for a row of the inbox, and step 3. Raises DatabaseFull, DatabaseBusy."""
    try:
        with work.savepoint():
            result = answer(work, what) if isinstance(what, Asked) else hear(work, what)
    except (DatabaseFull, DatabaseBusy):
        raise
    except Waits as waits:
        return _leave(work, row, what, waits)
    except Exception as error:  # noqa: BLE001 - whatever it is, what came in is not lost
        _put_off(work, row, f"{type(error).__name__} in {place_of(error)}")
        return _KEPT
    work.inbox.settle(row.id, at=work.now, result=dumps(result))
    if row.failures:
        close_incident(work, kind="answer_kept", subject=row.id, because="it is done")
    return result


def _leave(work: Work, row: InboxRow, what: Asked | Heard, waits: Waits) -> Result:
    """It waits for a person, who is told why."""
    if isinstance(what, Heard):
        known = Kept(work.actor, heard=left(work, what, waits.sentence))
        work.inbox.leave(row.id, payload=dumps(known))
    return Result(Outcome.KEPT, f"It waits for somebody to look at it: {waits.sentence}", waits.remedy)


def _put_off(work: Work, row: InboxRow, why: str) -> None:
    failures = row.failures + 1
    log.error("what came in could not be done", inbox_id=row.id, source=row.source, why=why)
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(failures - 1, 10))
    work.inbox.put_off(row.id, until=work.now + wait, failures=failures)
    if failures == _TOLD_AFTER:
        text = f"Something that came in by {row.source} could not be done {failures} times and is tried again: {why}"
        open_incident(work, kind="answer_kept", subject=row.id, text=text)


def _again(work: Work, key: str) -> Result:
    """What became of the first of those that came in under one key."""
    row = work.inbox.by_key(key)
    return replace(loads(row.result, Result), is_repeat=True) if row is not None and row.result else _KEPT


def _kept(incoming: Incoming) -> Kept:
    what = incoming.what
    if isinstance(what, Asked):
        return Kept(incoming.actor, asked=what)
    return Kept(incoming.actor, heard=what)
