"""Business days change: a new version of the holiday library, closures of our own, a national day that was decreed.

Each calendar in use is kept as a snapshot by digest. Where a digest has changed, every agreement that counts by it is
derived anew: an earlier day holds at once, a later one waits until a person accepts it (DATES.md W6). The steps of its
ladders stand by the new calendar, also where no day has moved; all steps by the hour at which messages leave
(LONGSTOP_SEND_AT), where that is another one since the last start.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from engine.looking import look_anew
from engine.replanning import replan
from lifecycle.events import CalendarChanged
from lifecycle.milestones.reconciling import Cause

if TYPE_CHECKING:
    from engine.monitor import Monitor, Work

_AT_ONCE = 200
_HOUR = "send_at"  # the fact that holds the hour by which ladders stand


def watch(monitor: Monitor) -> int:
    """Compare every calendar in use, and the hour, with what was kept; how many agreements were looked at anew."""
    with monitor.look() as work:
        kept = work.keeping.current_calendars()
        differ = [code for code in work.agreements.calendars_in_use() if kept.get(code) != work.calendar(code).digest]
    return sum(_take_over(monitor, code, kept.get(code)) for code in differ) + _watch_hour(monitor)


def _watch_hour(monitor: Monitor) -> int:
    """How many agreements were looked at anew because their steps stand at another hour."""
    hour = monitor.house.send_at.isoformat("minutes")
    with monitor.look() as work:
        kept = work.keeping.fact(_HOUR)
        codes = work.agreements.calendars_in_use() if kept not in {None, hour} else []
        ids = [one for code in codes for one in work.agreements.with_calendar(code)]
    for start in range(0, len(ids), _AT_ONCE):
        with monitor.work() as work:
            for agreement in work.agreements.many(ids[start : start + _AT_ONCE]).values():
                with work.alone(agreement.id):
                    look_anew(work, agreement)
    if kept != hour:
        with monitor.work() as work:
            work.keeping.set_fact(_HOUR, hour)
    return len(ids)


def _take_over(monitor: Monitor, code: str, old_digest: str | None) -> int:
    """Derive anew first, 200 agreements at a time, then keep the snapshot: what breaks off is begun again."""
    with monitor.look() as work:
        ids = work.agreements.with_calendar(code) if old_digest else []
    for start in range(0, len(ids), _AT_ONCE):
        with monitor.work() as work:
            for agreement in work.agreements.many(ids[start : start + _AT_ONCE]).values():
                with work.alone(agreement.id):
                    replan(work, agreement, because=f"calendar {code} changed", cause=Cause.CALENDAR)
                    look_anew(work, agreement)
    with monitor.work() as work:
        _keep(work, code, old_digest)
    return len(ids)


def _keep(work: Work, code: str, old_digest: str | None) -> None:
    calendar = work.calendar(code)
    doc = json.dumps(calendar.snapshot(), ensure_ascii=False, sort_keys=True)
    work.keeping.keep_calendar(code=code, digest=calendar.digest, seen_at=work.now, doc=doc)
    if old_digest is not None:
        work.record(CalendarChanged(calendar=code, old_digest=old_digest, new_digest=calendar.digest))
