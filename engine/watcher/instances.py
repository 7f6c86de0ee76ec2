"""The processes that serve one register watch each other (DELIVERY.md A4).

Each is seen whenever it asks for the lease. One that is not seen for three leases and did not say good-bye is gone:
told to the operators, unless another has started since, which took its place. That nobody is left at all is what a
heartbeat is for.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.incidents import close_incident, open_incident
from engine.watcher.watching import watches

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Monitor, Work

GONE: Final = "instance_gone"
_LEASES: Final = 3  # unseen for so many leases


def seen(work: Work, name: str, *, does: str) -> None:
    """This process lives; a new one takes the place of those that are gone."""
    if not work.instances.appear(name, does=does, now=work.now):
        return
    for row in work.keeping.incidents():
        if row.kind == GONE:
            close_incident(work, kind=GONE, subject=row.subject, because="another process has started")


def miss(monitor: Monitor) -> int:
    """Tell of those that are gone; how many were."""
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    with monitor.work() as work:
        known = work.instances.all()
        gone = [one for one in known if one.seen_at <= work.now - _patience(monitor)]
        for one in gone:
            work.instances.leave(one.id)
            if not any(other.started_at > one.seen_at for other in known):
                _tell(work, one.id, one.does, one.seen_at)
    return len(gone)


def due_at(monitor: Monitor) -> datetime | None:
    """When the one that was not seen for longest counts as gone."""
    if watches(monitor) is None:
        return None
    with monitor.look() as work:
        seen_at = work.instances.oldest_seen_at()
    return seen_at + _patience(monitor) if seen_at else None


def _tell(work: Work, name: str, does: str, seen_at: datetime) -> None:
    text = (
        f"The process {name}, which {does}, was last seen at {seen_at:%Y-%m-%d %H:%M}Z and did not end in order. "
        "The others go on. Start it again, or see why it ended."
    )
    open_incident(work, kind=GONE, subject=name[:100], text=text)


def _patience(monitor: Monitor) -> timedelta:
    return timedelta(seconds=_LEASES * monitor.house.timings.lease)
