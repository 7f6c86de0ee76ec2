"""The house says to somebody outside that it lives; whoever does not hear it any more wakes the operator.

Said after each audit, once its jobs have had time to run: to the address itself if the audit was clean and the jobs ran
well, else to ``/fail`` with what is wrong. What nobody heard is said again after a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.watcher.audit import last_report
from engine.watcher.watching import watches
from store.codec import dumps, loads

if TYPE_CHECKING:
    from engine.monitor import Monitor, Work

_AFTER: Final = timedelta(seconds=30)  # behind the audit: the jobs have run meanwhile
_AGAIN: Final = timedelta(minutes=1)
_STOPPED: Final = timedelta(minutes=5)  # a job that was not asked for so long has stopped
_FACT: Final = "heartbeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What was said last: about which audit, what was wrong ("": nothing), and whether somebody heard it."""

    audit_at: datetime
    said_at: datetime
    wrong: str
    is_heard: bool


def say(monitor: Monitor) -> int:
    """Say how the house is, if it is time; 1 if it was."""
    at, watching = due_at(monitor), watches(monitor)
    if at is None or at > monitor.clock.now() or watching is None or watching.heartbeat is None:
        return 0
    with monitor.look() as work:
        report = last_report(work)
        wrong = " ".join(one for one in (report.text if report else "", _stopped(work)) if one)
    is_heard = watching.heartbeat(wrong)
    with monitor.work() as work:
        said = Beat(audit_at=report.at if report else work.now, said_at=work.now, wrong=wrong, is_heard=is_heard)
        work.keeping.set_fact(_FACT, dumps(said))
    return 1


def due_at(monitor: Monitor) -> datetime | None:
    """Behind each audit whose findings are sure; never where nobody listens, or no job has run yet."""
    watching = watches(monitor)
    if watching is None or watching.heartbeat is None:
        return None
    with monitor.look() as work:
        report, last = last_report(work), last_beat(work)
        if report is None or not report.is_settled or not work.keeping.runs():
            return None
    if last is not None and last.audit_at == report.at:
        return None if last.is_heard else last.said_at + _AGAIN
    return report.at + _AFTER


def last_beat(work: Work) -> Beat | None:
    """What was said last; None where nothing was."""
    kept = work.keeping.fact(_FACT)
    return loads(kept, Beat) if kept else None


def _stopped(work: Work) -> str:
    """Jobs that failed or were not asked any more, in a sentence."""
    runs = work.keeping.runs()
    bad = [one.job for one in runs if one.error or one.at <= work.now - _STOPPED]
    return f"Jobs that failed or stand still: {', '.join(bad)}." if bad else ""
