"""Whether those whom a channel knows are still there: asked once a day, because nothing else would tell.

A message to somebody who was deactivated is taken by Slack like any other (S10). So each person with whom a channel has
a conversation is looked up daily: who has left has a dead address there from then on, and what would go to it goes to
those who come next. Whoever is back is told again. Whom nothing is sent to, because they have left the house or have
another address, is not looked up any more; when they are here again they are.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery import contact_points
from engine.delivery.pacing import turn
from lifecycle.people import ContactPoint, ContactState
from notifiers.base import Acquainted, Action
from store.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from store.whereabouts import Whereabout

WHY: Final = "deactivated in the channel"
_DAILY: Final = timedelta(days=1)
_SOON: Final = timedelta(hours=1)
_MOST: Final = 50  # in one run: other jobs wait meanwhile


def due_at(monitor: Monitor) -> datetime | None:
    """When the next is to be looked up."""
    with monitor.look() as work:
        return work.whereabouts.next_look_at()


def look(monitor: Monitor) -> int:
    """Look up those who are due, at the channel's pace; how many."""
    with monitor.look() as work:
        due = work.whereabouts.due(work.now, _MOST)
    for one in due:
        if _has_its_turn(monitor, one):
            _settle(monitor, one, _has_left(monitor, one))
    return len(due)


def _has_its_turn(monitor: Monitor, one: Whereabout) -> bool:
    """Whether the channel may be asked now; if not they are looked up when it may, and never if nobody is there."""
    notifier = monitor.notifiers.get(one.channel)
    with monitor.work() as work:
        if _behind(work, one.address) is None:
            work.whereabouts.look_again(one.channel, one.address, None)
            return False
        back_at = turn(work, notifier.paces(Action.FIND, one.address)) if notifier else work.now + _DAILY
        if back_at is not None:
            work.whereabouts.look_again(one.channel, one.address, back_at)
    return back_at is None


def _has_left(monitor: Monitor, one: Whereabout) -> bool | None:
    """No transaction is open here; a channel that does not say, or knows nobody, is taken at no word."""
    notifier = monitor.notifiers[one.channel]
    if not isinstance(notifier, Acquainted):
        return None
    try:
        found = notifier.has_left(one.address, one.known_as)
    except Exception:  # noqa: BLE001 - whatever a channel does wrong, nobody is declared gone for it
        return None
    return found if isinstance(found, bool) else None


def _settle(monitor: Monitor, one: Whereabout, has_left: bool | None) -> None:  # noqa: FBT001 - what the channel said
    with monitor.work() as work:
        again_at = work.now + (_SOON if has_left is None else _DAILY)
        work.whereabouts.look_again(one.channel, one.address, again_at)
        person_id = _behind(work, one.address)
        if person_id is None or has_left is None:
            return
        known = work.contact_points.bad().get((person_id, one.channel, one.address))
        if has_left and (known is None or known.state is not ContactState.DEAD):
            _gone(work, one, person_id)
        elif not has_left and known is not None and known.why == WHY:
            work.contact_points.mend(one.channel, one.address, work.now)
            contact_points.owner_back(work, person_id)


def _gone(work: Work, one: Whereabout, person_id: str) -> None:
    work.contact_points.keep(
        ContactPoint(
            id=work.new_id(),
            person_id=person_id,
            channel=one.channel,
            address=one.address,
            state=ContactState.DEAD,
            since_at=work.now,
            why=WHY,
        )
    )
    contact_points.owner_left(work, person_id)


def _behind(work: Work, address: str) -> str | None:
    """Who is told there; None if nobody is."""
    try:
        person = work.people.by_email(address)
    except NotFound:
        return None
    return None if person.is_disabled else person.id
