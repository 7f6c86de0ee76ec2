"""Once a day what has changed is looked through for what does not fit together; what stands is kept.

1. The log says which agreements were touched since the last look; time that passes is in it too.
2. The groups that they belong to are looked at, each as a whole; the others stay as they were found.
3. What is new is told to the owner, once, at their hour (``engine.delivery.mending``); whose hour is still to come is
   told by another look then, which sees what was mended meanwhile.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.delivery.mending import tell_findings
from engine.findings.register import register_findings
from engine.operations.findings import kept
from engine.watcher.ahead import lies_ahead
from engine.zones import day_at
from store.queries.findings import batches, groups, only_touched, touched_since

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.monitor import Monitor

_EVERY: Final = timedelta(days=1)
_NAME: Final = "findings_looked_at"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class _Last(NamedTuple):
    """The last look: when it was, behind which event, and when somebody is told who was not yet."""

    at: datetime = _NEVER
    position: int = 0
    tell_at: datetime | None = None


def look(monitor: Monitor) -> int:
    """Look through what was touched, and tell it; how many findings are new and how many people were told."""
    with monitor.look() as work:
        last = _last(work.keeping.fact(_NAME))
        touched = touched_since(work, last.position)
        wanted = only_touched(groups(work), touched)
    new = sum(_renewed(monitor, batch) for batch in batches(wanted))
    with monitor.work() as work:
        told, next_at = tell_findings(work, since_at=min(last.at, work.now))
        work.keeping.set_fact(_NAME, _kept(_Last(work.now, touched.until, next_at)))
    return new + told


def due_at(monitor: Monitor) -> datetime:
    """When it is done next; long ago where it was never done."""
    with monitor.look() as work:
        last, now = _last(work.keeping.fact(_NAME)), work.now
    if lies_ahead(last.at, now):
        return now
    daily_at = last.at + _EVERY
    return min(daily_at, last.tell_at or daily_at)


def _renewed(monitor: Monitor, batch: Sequence[Sequence[str]]) -> int:
    """Some groups looked at in one view; what was found is kept in a transaction of its own.

    They are looked at as one: what is found about agreements of one group speaks of no other.
    """
    ids = [one for group in batch for one in group]
    with monitor.look() as work:
        agreements = work.agreements.many(ids).values()
        names = {one.reference: one.id for one in agreements}
        told = {one.id: one for one in register_findings(work, agreements, day_at(work.now, work.house.time_zone))}
        found = [kept(one, names, at=work.now) for one in told.values()]
    with monitor.work() as work:
        return work.findings.renew(ids, found)


def _kept(last: _Last) -> str:
    told = {"tell_at": last.tell_at.isoformat()} if last.tell_at else {}
    return json.dumps({"at": last.at.isoformat(), "position": last.position, **told})


def _last(kept: str | None) -> _Last:
    """As it was kept; long ago where it was not done yet."""
    if kept is None:
        return _Last()
    told = json.loads(kept)
    tell_at = datetime.fromisoformat(told["tell_at"]).astimezone(UTC) if "tell_at" in told else None
    return _Last(datetime.fromisoformat(told["at"]).astimezone(UTC), int(told["position"]), tell_at)
