"""Messages about an agreement as its page lists them, and a composed message as text and as HTML.

What was sent to somebody holds links that are theirs alone: they are blotted out before anybody else reads it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

from lifecycle.delivery import DeliveryState
from notifiers.wording import milestone_words, stage_words

if TYPE_CHECKING:
    from datetime import datetime

    from engine.forecasting.items import Item
    from lifecycle.delivery import Delivery
    from lifecycle.milestones.milestone import Milestone
    from store.deliveries import Body

_THEIRS: Final = re.compile(r"/(act|digests|evidence-upload|feeds)/[\w.~=%:-]+")
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


class Readable(NamedTuple):
    """A composed message: its subject, its text, and its HTML where it has one."""

    subject: str
    text: str
    html: str


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


def readable(body: Body) -> Readable:
    """The bytes of any channel, for people; links of its recipient are blotted out."""
    if body.content_type == "message/rfc822":
        mail = message_from_bytes(body.body, policy=policy.default)
        text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
        return Readable(body.subject, _blotted(_content(text)), _blotted(_content(html)))
    told = body.body.decode("utf-8", "replace")
    if "json" in body.content_type:
        told = "\n".join(dict.fromkeys(_texts(json.loads(told))))
    return Readable(body.subject, _blotted(told), "")


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


def _content(part: Any) -> str:  # noqa: ANN401 - a part of a mail, whose type the standard library does not say
    return str(part.get_content()) if part is not None else ""


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """The sentences of a message made of blocks, in their order."""
    match value:
        case {"text": str(text)}:
            yield text
        case {"text": {"text": str(text)}, **rest}:
            yield text
            yield from _texts({name: one for name, one in rest.items() if name in {"fields", "elements"}})
        case dict():
            for name in ("text", "blocks", "fields", "elements"):
                yield from _texts(value.get(name, ()))
        case list():
            for one in value:
                yield from _texts(one)
        case _:
            pass


def _blotted(text: str) -> str:
    return _THEIRS.sub(r"/\1/***", text)
