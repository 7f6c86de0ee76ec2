"""What a doctor asks of the house at work: its jobs, audit, heartbeat, outbox, incidents, and the files it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.examined import BAD, OK, WARNING, Examined
from engine.watcher.audit import CHECKS
from engine.watcher.audit import examined as examined_now
from engine.watcher.heartbeat import last_beat
from notifiers.wording import counted
from store.queries.health import last_runs, oldest_due_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.monitor import Work

_LATE_MINUTES: Final = 15
_TAKE_BACK: Final = "Take it back from a backup: `longstop backup restore`."
_LOOKED_AT: Final = frozenset({"disk", "backup", "chain"})  # by checks of their own


def _jobs(work: Work) -> Iterator[Examined]:
    runs = last_runs(work.connection)
    if not runs:
        yield Examined("jobs", WARNING, "No job has run yet", "Start `longstop serve`.")
        return
    age = round((work.now - min(run.at for run in runs)).total_seconds() / 60)
    failed = [run.job for run in runs if run.error]
    if failed:
        yield Examined(
            "jobs", BAD, f"failed at their last run: {', '.join(failed)}", "See the log of `longstop serve`."
        )
    elif age > _LATE_MINUTES:
        yield Examined("jobs", WARNING, f"none has run for {counted(age, 'minute')}", "Is `longstop serve` running?")
    else:
        yield Examined("jobs", OK, f"the last look was {counted(age, 'minute')} ago")


def _audit(work: Work) -> Iterator[Examined]:
    """What an audit would find now; the doctor keeps nothing of it."""
    report = examined_now(work)
    found = [one for one in report.findings if one.check not in _LOOKED_AT]
    for one in found:
        yield Examined("audit", BAD, one.text, "")
    if not found:
        yield Examined("audit", OK, f"clean: {len(CHECKS)} rules")


def _heartbeat(work: Work) -> Iterator[Examined]:
    beat = last_beat(work)
    if beat is None:
        return
    told = f"said at {beat.said_at:%Y-%m-%d %H:%M}Z" + (f": {beat.wrong}" if beat.wrong else "")
    if not beat.is_heard:
        yield Examined("heartbeat", BAD, f"{told}; nobody heard it", "See LONGSTOP_HEARTBEAT_URL.")
    else:
        yield Examined("heartbeat", BAD if beat.wrong else OK, told, "")


def _documents(work: Work) -> Iterator[Examined]:
    """Every kept file, read whole: one that is gone or was changed is named."""
    shelf, kept = work.monitor.shelf, work.documents.kept()
    if shelf is None or not kept:
        return
    damaged = [sha256 for sha256 in kept if not shelf.is_whole(sha256)]
    for sha256 in damaged:
        first, *more = kept[sha256]
        where = f"{first.name} of {work.agreements.get(first.agreement_id).reference}"
        others = f" (and {counted(len(more), 'other document')})" if more else ""
        yield Examined("documents", BAD, f"{where}{others} is gone or was changed: {sha256[:12]}", _TAKE_BACK)
    if not damaged:
        yield Examined("documents", OK, f"{counted(len(kept), 'kept file')} as they came")


def _outbox(work: Work) -> Iterator[Examined]:
    at = oldest_due_at(work.connection)
    waits = round((work.now - at).total_seconds() / 60) if at and at < work.now else 0
    state = OK if waits <= _LATE_MINUTES else BAD
    told = f"the longest due message waits {counted(waits, 'minute')}"
    yield Examined("outbox", state, told, "" if state == OK else "longstop outbox list")


def _incidents(work: Work) -> Iterator[Examined]:
    rows = work.keeping.incidents()
    if not rows:
        yield Examined("incidents", OK, "none is open")
    for row in rows:
        yield Examined("incident", WARNING, row.text, "")


#: Every check of the house at work.
AT_WORK: Final = (_jobs, _audit, _heartbeat, _outbox, _incidents, _documents)
