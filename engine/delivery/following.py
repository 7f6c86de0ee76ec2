"""Other programs are told what happens: events behind an endpoint's position become messages (DELIVERY.md W1).

Messages and position are written in one transaction, so each event is told once however often this is killed. What
happens to such a message is no news for an endpoint, or there would be no end. Of restricted agreements only those
endpoints hear that were made for it. Messages may overtake one another: an event's position tells the order.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.delivery.enqueueing import plain_delivery, put
from engine.delivery.recipients import Told
from lifecycle.delivery import DeliveryKind
from notifiers.base import WEBHOOK
from store.codec import dumps
from store.deliveries import Body
from store.errors import NotFound
from store.queries.log import NAMING

if TYPE_CHECKING:
    from datetime import datetime

    from engine.monitor import Monitor, Work
    from lifecycle.delivery import Delivery
    from store.endpoints import EndpointRow
    from store.events import Recorded

CONTENT_TYPE: Final = "application/cloudevents+json"
_AT_ONCE: Final = 100  # events
_OF_USE: Final = timedelta(days=5)
_WORDS: Final = re.compile(r"(?<!^)(?=[A-Z])")


def follow(monitor: Monitor) -> int:
    """Bring every endpoint on by some events; how many events were looked at."""
    total = 0
    with monitor.look() as work:
        names = [one.name for one in work.endpoints.all() if one.is_on]
    for name in names if monitor.is_real else ():
        with monitor.work() as work:
            total += _bring_on(work, work.endpoints.get(name))
    return total


def due_at(monitor: Monitor) -> datetime | None:
    """At once where one is behind; nobody outside hears of a trial."""
    if not monitor.is_real:
        return None
    with monitor.look() as work:
        return work.now if work.endpoints.is_behind() else None


def _bring_on(work: Work, endpoint: EndpointRow) -> int:
    events = work.log.after(endpoint.position, _AT_ONCE)
    told = [_message(work, endpoint, one) for one in events if _is_told(work, endpoint, one)]
    put(work, told)
    work.made_due = work.made_due or bool(told)
    if events:
        work.endpoints.save(replace(endpoint, position=events[-1].position))
    return len(events)


def _is_told(work: Work, endpoint: EndpointRow, one: Recorded) -> bool:
    if getattr(one.event, "channel", "") == WEBHOOK:
        return False
    if endpoint.known.events and type(one.event).__name__ not in endpoint.known.events:
        return False
    if endpoint.known.may_see_restricted:
        return True
    names_something = type(one.event).__name__ in NAMING  # of an agreement that may be restricted
    return not names_something and not _is_restricted(work, getattr(one.event, "agreement_id", None))


def _is_restricted(work: Work, agreement_id: str | None) -> bool:
    if agreement_id is None:
        return False
    try:
        return work.agreements.get(agreement_id).is_restricted
    except NotFound:
        return False


def _message(work: Work, endpoint: EndpointRow, one: Recorded) -> tuple[Delivery, Body | None]:
    told = Told(None, WEBHOOK, endpoint.name)
    delivery = plain_delivery(
        work, DeliveryKind.EVENT, told, key=f"{endpoint.name}:{one.position}", expires_at=work.now + _OF_USE
    )
    delivery = replace(delivery, agreement_id=getattr(one.event, "agreement_id", None))
    kind = f"longstop.{_WORDS.sub('_', type(one.event).__name__).lower()}.v1"
    content = _body(work, delivery.id, kind, one)
    return delivery, Body(kind, CONTENT_TYPE, content)


def _body(work: Work, delivery_id: str, kind: str, one: Recorded) -> bytes:
    event = {
        "specversion": "1.0",
        "id": delivery_id,
        "source": work.house.base_url or "/longstop",
        "type": kind,
        "time": one.at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {"position": one.position, "actor": one.actor.name, **json.loads(dumps(one.event))},
    }
    return json.dumps(event, separators=(",", ":")).encode()
