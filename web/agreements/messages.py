"""Messages about an agreement as its page lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from lifecycle.delivery import DeliveryState
from notifiers.wording import milestone_words, stage_words

if TYPE_CHECKING:
    from datetime import datetime

    from engine.forecasting.items import Item
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone

_D = DeliveryState
_TONES: Final[Mapping[DeliveryState, tuple[str, str]]] = {
    _D.PENDING: ("blue", "clock"),
    _D.HELD: ("grey", "quiet"),
    _D.SENDING: ("blue", "clock"),
    _D.IN_DOUBT: ("amber", "warn"),
    _D.ACCEPTED: ("green", "good"),
    _D.DELIVERED: ("green", "good"),
    _D.FAILED: ("red", "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A message to come. *preview* is the query of its preview; "" for one that is composed when it leaves."""

    at: datetime
    to: str
    channel: str
    subject: str
    stage: str
    only_if: str
    is_escalation: bool
    preview: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that left, or is on its way, or did not."""

    id: str
    at: datetime
    to: str
    channel: str
    about: str
    stage: str
    state: str
    tone: str
    shape: str
    why: str


def planned(items: Iterable[Item]) -> list[Planned]:
    """What a forecast says, in the order in which it leaves."""
    return [
        Planned(
            at=item.send_at,
            to=item.recipient.name or item.recipient.address,
            channel=item.channel,
            subject=item.subject,
            stage=stage_words(item.stage) if item.stage else item.message.value,
            only_if=item.only_if or "",
            is_escalation=bool(item.step),
            preview=_preview(item),
        )
        for item in items
    ]


def sent(found: Mapping[str, Iterable[Delivery]], rows: Iterable[Milestone]) -> list[Sent]:
    """Messages of milestones, newest first."""
    names = {row.id: milestone_words(row) for row in rows}
    every = [(one, names.get(of, "")) for of, some in found.items() for one in some]
    return [_sent(one, name) for one, name in sorted(every, key=lambda pair: (_at(pair[0]), pair[0].id), reverse=True)]


def _preview(item: Item) -> str:
    about = item.about[0] if len(item.about) == 1 else None
    if about is None or about.milestone_id is None or item.stage is None or item.is_digest:
        return ""
    place = f"{item.stage}.{item.step or 0}.{item.repeat or 0}"
    said = {"milestone": about.milestone_id, "place": place, "channel": item.channel}
    return urlencode({**said, "to": item.recipient.id or item.recipient.address})


def _sent(one: Delivery, about: str) -> Sent:
    tone, shape = _TONES.get(one.state, ("grey", "open"))
    return Sent(
        id=one.id,
        at=_at(one),
        to=one.recipient_name or one.address,
        channel=one.channel,
        about=about,
        stage=stage_words(one.place.partition(".")[0]) if one.place else one.kind.value,
        state=one.state.value,
        tone=tone,
        shape=shape,
        why=one.why,
    )


def _at(one: Delivery) -> datetime:
    return one.accepted_at or one.created_at
