"""What is said once a week, at the organisation's digest hour.

An owner who has left is named again until somebody else answers for the agreement. And if nothing else has left the
house for a week, the operators hear that all is quiet, or what is overdue and nobody is reminded of any more: silence
alone proves nothing (DELIVERY.md Q5, A5).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.delivery import quiet, recipients
from engine.delivery.announcing import OWNER_LEFT, tell_owner_left
from engine.delivery.composing import digest_sheet, frozen
from engine.delivery.enqueueing import plain_delivery, put
from engine.zones import day_at
from lifecycle.delivery import DeliveryKind
from lifecycle.people import Role

if TYPE_CHECKING:
    from engine.monitor import Monitor, Work

QUIET: Final = "All quiet"
_NAME: Final = f"{DeliveryKind.DIGEST.value}:quiet:"  # of the message that says so: it breaks no silence
_FACT: Final = "weekly_at"
_WEEK: Final = timedelta(days=7)


def say(monitor: Monitor) -> int:
    """Say what is said once a week; 1 if its time had come."""
    at = due_at(monitor)
    if at is None or at > monitor.clock.now():
        return 0
    with monitor.work() as work:
        if work.keeping.fact(_FACT) is not None:
            _say(work)
        window_at = quiet.next_window(work, work.house.time_zone, work.now)
        work.keeping.set_fact(_FACT, window_at.isoformat())
    return 1


def due_at(monitor: Monitor) -> datetime | None:
    """The next window of the organisation; at once in a new register, which says nothing yet.

    None: there is nothing to say, neither that all is quiet nor that an owner has left.
    """
    with monitor.look() as work:
        kept = work.keeping.fact(_FACT)
        if kept and not work.house.says_all_quiet and not _gone(work):
            return None
        return datetime.fromisoformat(kept) if kept else work.now


def _say(work: Work) -> None:
    tell_owner_left(work, [one for one in _gone(work) if one.opened_at <= work.now - _WEEK])
    if work.house.says_all_quiet and not work.deliveries.accepted_since(work.now - _WEEK, but=_NAME):
        _all_quiet(work)


def _gone(work: Work) -> list[Any]:
    """What says that an owner has left, as long as nobody else answers for the agreement."""
    return [one for one in work.keeping.incidents() if one.kind == OWNER_LEFT]


def _all_quiet(work: Work) -> None:
    today = day_at(work.now, work.house.time_zone)
    number, next_on, overdue = work.milestones.ahead(today)
    untold = work.milestones.silent(today)
    for person in work.people.with_role(Role.ADMIN):
        for told in recipients.addresses(work, person, "best"):
            digest = plain_delivery(
                work,
                DeliveryKind.DIGEST,
                told,
                key=f"quiet:{work.now.isoformat()}",
                at=quiet.their_hour(work, told),
                expires_at=quiet.next_window_of(work, told),
            )
            sheet = digest_sheet(work, told, digest, (), heading=QUIET)
            sheet = replace(sheet, ahead=(number, next_on), overdue=overdue, silent=untold)
            put(work, [(digest, frozen(work, told.channel, sheet))])
