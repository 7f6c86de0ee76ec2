"""What channels say later of messages that they took (DELIVERY.md E5): every five minutes, behind the last mark.

What came back has failed, and the next one who can be reached is told in the same transaction; the operators hear of
the address once. What is late is noted, what arrived is delivered. Where nothing can be read for an hour, the operators
hear of that too. A report about a message that is not ours, or is over, changes nothing: to read twice is the same as
once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, assert_never, cast

import structlog

from engine.delivery import contact_points, fallback
from engine.incidents import close_incident, open_incident
from engine.monitor import place_of
from engine.watcher.ahead import lies_ahead
from lifecycle.delivery import DeliveryState
from lifecycle.events import DeliveryDelivered, DeliveryFailed
from lifecycle.reports import Fate
from notifiers.base import NotRead
from store.codec import dumps, loads
from store.errors import DatabaseBusy, DatabaseFull, NotFound

if TYPE_CHECKING:
    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery
    from lifecycle.reports import Report, Reports
    from notifiers.base import Reporting

log = structlog.get_logger(__name__)
UNREAD: Final = "reports_unread"
_EVERY: Final = timedelta(minutes=5)
_TOLD_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How far the reports of a channel were read, and when they are read next."""

    mark: str = ""
    next_at: datetime
    failing_since_at: datetime | None = None


def due_at(monitor: Monitor) -> datetime | None:
    """When a channel is to be asked next; None where none says anything later, and in shadow mode."""
    return min(_planned(monitor).values(), default=None)


def hear(monitor: Monitor) -> int:
    """Ask those that are due; how many channels."""
    due = [channel for channel, at in _planned(monitor).items() if at <= monitor.clock.now()]
    for channel in due:
        with monitor.look() as work:
            read = _last(work, channel)
        notifier = cast("Reporting", monitor.notifiers[channel])
        try:
            reports = notifier.reports(read.mark, monitor.clock.now())  # no transaction is open here
        except NotRead as error:
            _failed(monitor, channel, read, str(error))
        else:
            _heard(monitor, channel, read, reports)
    return len(due)


def _planned(monitor: Monitor) -> dict[str, datetime]:
    channels = [name for name, one in monitor.notifiers.items() if getattr(one, "has_reports", False)]
    if not channels or monitor.house.shadow_mode:
        return {}
    with monitor.look() as work:
        planned = {channel: _last(work, channel).next_at for channel in channels}
        return {name: work.now if lies_ahead(at, work.now, most=_EVERY) else at for name, at in planned.items()}


def _heard(monitor: Monitor, channel: str, read: Read, reports: Reports) -> None:
    with monitor.work() as work:
        if _last(work, channel).mark != read.mark:
            return  # another process was faster
        for one in reports.found:
            _take(work, channel, one)
        next_at = work.now if reports.is_more else work.now + _EVERY
        _keep(work, channel, Read(mark=reports.mark, next_at=next_at))
        close_incident(work, kind=UNREAD, subject=channel, because="it can be read again")


def _failed(monitor: Monitor, channel: str, read: Read, why: str) -> None:
    log.warning("reports could not be read", channel=channel, why=why)
    with monitor.work() as work:
        since_at = read.failing_since_at or work.now
        _keep(work, channel, replace(read, next_at=work.now + _EVERY, failing_since_at=since_at))
        if work.now - since_at >= _TOLD_AFTER:
            text = (
                f"What comes back by {channel} could not be read since {since_at:%Y-%m-%d %H:%M}Z: {why}. "
                "Until it can, nobody hears of messages that come back. Check LONGSTOP_BOUNCE_IMAP_URL."
            )
            open_incident(work, kind=UNREAD, subject=channel, text=text)


def _take(work: Work, channel: str, report: Report) -> None:
    """One report. One that makes trouble stops no other."""
    try:
        one = work.deliveries.get(report.delivery_id)
    except NotFound:
        return
    if one.channel != channel:
        return
    try:
        with work.savepoint():
            _follow(work, one, report)
    except (DatabaseFull, DatabaseBusy):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are followed and the operator hears of it
        _set_aside(work, one, f"{type(error).__name__} in {place_of(error)}")


def _set_aside(work: Work, one: Delivery, why: str) -> None:
    log.error("report set aside", delivery_id=one.id, channel=one.channel, why=why)
    text = f"What {one.channel} says of a message could not be worked on, and is left undone: {why}"
    open_incident(work, kind="message_set_aside", subject=one.id, agreement_id=one.agreement_id, text=text)


def _follow(work: Work, one: Delivery, report: Report) -> None:
    match report.fate:
        case Fate.DELAYED:
            work.deliveries.change([one.id], [DeliveryState.ACCEPTED], why=f"late: {report.why}")
        case Fate.DELIVERED:
            _arrived(work, one)
        case Fate.FAILED:
            _came_back(work, one, report)
        case _:
            assert_never(report.fate)


def _arrived(work: Work, one: Delivery) -> None:
    if work.deliveries.change([one.id], [DeliveryState.ACCEPTED], state=DeliveryState.DELIVERED, why=""):
        work.record(
            DeliveryDelivered(
                delivery_id=one.id, agreement_id=one.agreement_id, milestone_id=one.milestone_id, channel=one.channel
            )
        )
        contact_points.heard(work, one)


def _came_back(work: Work, one: Delivery, report: Report) -> None:
    why = f"came back: {report.why}"
    if not work.deliveries.change([one.id], [DeliveryState.ACCEPTED], state=DeliveryState.FAILED, why=why):
        return
    work.record(
        DeliveryFailed(
            delivery_id=one.id,
            agreement_id=one.agreement_id,
            milestone_id=one.milestone_id,
            channel=one.channel,
            why=why,
        )
    )
    if report.is_of_address:
        contact_points.came_back(work, one, why)
    fallback.after(work, one, why=why)


def _last(work: Work, channel: str) -> Read:
    kept = work.keeping.fact(f"reports:{channel}")
    return loads(kept, Read) if kept else Read(next_at=work.now)


def _keep(work: Work, channel: str, read: Read) -> None:
    work.keeping.set_fact(f"reports:{channel}", dumps(read))
