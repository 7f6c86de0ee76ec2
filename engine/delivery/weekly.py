"""What is said once a week, at the organisation's digest hour.

An owner who has left is named again until somebody else answers for the agreement. And the operators hear how many are
overdue of which nobody is reminded, because they came too late for a ladder; or, if nothing else has left the house for
a week, that all is quiet but for these: silence alone proves nothing (DELIVERY.md Q5, A5).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.delivery import quiet, recipients
from engine.delivery.announcing import OWNER_LEFT, tell_owner_left
from engine.delivery.composing import digest_sheet, frozen
from engine.delivery.enqueueing import plain_delivery, put
from engine.watcher.ahead import SKEW
from engine.zones import day_at
from lifecycle.delivery import DeliveryKind
from lifecycle.people import Role
from notifiers.wording import untold_heading, untold_text
from store.queries import hidden

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Monitor, Work
    from lifecycle.people import Person

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
        kept = work.keeping.fact(_FACT)
        if kept is not None and datetime.fromisoformat(kept) <= work.now:  # else it is only planned anew
            _say(work)
        work.keeping.set_fact(_FACT, _window_at(work, work.now).isoformat())
    return 1


def due_at(monitor: Monitor) -> datetime | None:
    """The next window of the organisation; at once in a new register, which says nothing yet.

    None: there is nothing to say, neither that all is quiet nor that an owner has left.
    """
    with monitor.look() as work:
        kept = work.keeping.fact(_FACT)
        if kept and not work.house.says_all_quiet and not _gone(work):
            return None
        at = datetime.fromisoformat(kept) if kept else work.now
        return at if at <= _window_at(work, work.now + SKEW) else work.now


def _window_at(work: Work, now: datetime) -> datetime:
    return quiet.next_window(work, work.house.time_zone, now)


def _say(work: Work) -> None:
    tell_owner_left(work, [one for one in _gone(work) if one.opened_at <= work.now - _WEEK])
    if work.house.says_all_quiet:
        _tell_operators(work, is_quiet=not work.deliveries.accepted_since(work.now - _WEEK, but=_NAME))


def _gone(work: Work) -> list[Any]:
    """What says that an owner has left, as long as nobody else answers for the agreement."""
    return [one for one in work.keeping.incidents() if one.kind == OWNER_LEFT]


def _tell_operators(work: Work, *, is_quiet: bool) -> None:
    today = day_at(work.now, work.house.time_zone)
    untold = work.milestones.silent(today)
    if not is_quiet and not untold:
        return
    for person in work.people.with_role(Role.ADMIN):
        heading, said = _said(work, today, untold, person if is_quiet else None)
        for told in recipients.addresses(work, person, "best"):
            digest = plain_delivery(
                work,
                DeliveryKind.DIGEST,
                told,
                key=f"quiet:{work.now.isoformat()}",
                at=quiet.their_hour(work, told),
                expires_at=quiet.next_window_of(work, told),
            )
            sheet = replace(digest_sheet(work, told, digest, (), heading=heading), **said)
            put(work, [(digest, frozen(work, told.channel, sheet))])


def _said(work: Work, today: date, untold: int, reader: Person | None) -> tuple[str, dict[str, Any]]:
    """Heading and facts of the week; of a quiet one what its *reader* may see.

    What reminds nobody is counted whole: of what is restricted, too, somebody has to hear.
    """
    if reader is None:
        return untold_heading(untold), {"text": untold_text(untold)}
    unseen = hidden(work.session, reader)
    number, next_on, overdue = work.milestones.ahead(today, unseen=unseen)
    overdue += untold - work.milestones.silent(today, unseen=unseen)
    return QUIET, {"ahead": (number, next_on), "overdue": overdue, "silent": untold}
