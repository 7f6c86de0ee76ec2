"""Once a day what has changed is looked through for what does not fit together; what stands is kept.

1. The log says which agreements were touched since the last look; time that passes is in it too.
2. The groups that they belong to are looked at, each as a whole; the others stay as they were found.
3. What is new is told to the owner, once (``engine.delivery.mending``).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery.mending import tell_findings
from engine.findings.register import register_findings
from engine.findings.standing import today_here
from engine.operations.findings import kept
from store.queries.findings import batches, groups, only_touched, touched_since

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.monitor import Monitor

_EVERY: Final = timedelta(days=1)
_NAME: Final = "findings_looked_at"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def look(monitor: Monitor) -> int:
    """Look through what was touched; how many findings are new."""
    with monitor.look() as work:
        touched = touched_since(work, _last(work.keeping.fact(_NAME))[1])
        wanted = only_touched(groups(work), touched)
    new = sum(_renewed(monitor, batch) for batch in batches(wanted))
    with monitor.work() as work:
        work.keeping.set_fact(_NAME, json.dumps({"at": work.now.isoformat(), "position": touched.until}))
        tell_findings(work)
    return new


def due_at(monitor: Monitor) -> datetime:
    """When it is done next; long ago where it was never done."""
    with monitor.look() as work:
        return _last(work.keeping.fact(_NAME))[0] + _EVERY


def _renewed(monitor: Monitor, batch: Sequence[Sequence[str]]) -> int:
    """Some groups looked at in one view; what was found is kept in a transaction of its own.

    They are looked at as one: what is found about agreements of one group speaks of no other.
    """
    ids = [one for group in batch for one in group]
    with monitor.look() as work:
        agreements = work.agreements.many(ids).values()
        names = {one.reference: one.id for one in agreements}
        told = {one.id: one for one in register_findings(work, agreements, today_here(work))}
        found = [kept(one, names, at=work.now) for one in told.values()]
    with monitor.work() as work:
        return work.findings.renew(ids, found)


def _last(kept: str | None) -> tuple[datetime, int]:
    """When it was done last, and behind which event; long ago where it was not done yet."""
    if kept is None:
        return _NEVER, 0
    told = json.loads(kept)
    return datetime.fromisoformat(told["at"]).astimezone(UTC), int(told["position"])
