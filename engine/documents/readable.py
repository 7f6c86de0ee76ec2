"""A composed message as text and as HTML, for others than its recipient.

What was sent to somebody holds links that are theirs alone: they are blotted out before anybody else reads it.
"""

from __future__ import annotations

import json
import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.deliveries import Body

_THEIRS: Final = re.compile(r"/(act|digests|evidence-upload|feeds)/[\w.~=%:-]+")


class Readable(NamedTuple):
    """A composed message: its subject, its text, and its HTML where it has one."""

    subject: str
    text: str
    html: str


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
