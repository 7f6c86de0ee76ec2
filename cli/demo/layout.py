"""Slack's messages as a page lays them out: threads together, the newest first, and its marks as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

_BOLD: Final = re.compile(r"\*([^*\n]+)\*")


@dataclass(frozen=True, slots=True)
class Post:
    """A message, with its replies."""

    ts: str
    at: datetime
    blocks: Sequence[dict[str, Any]]
    text: str
    replies: tuple[Post, ...] = ()


def marked(text: str) -> Markup:
    """Slack's own text as HTML: ``*bold*`` and ends of lines; everything else stays what it is."""
    plain = str(escape(unescape(text)))
    return Markup(_BOLD.sub(r"<strong>\1</strong>", plain).replace("\n", "<br>"))  # noqa: S704 - it was escaped just now


def posts_of(messages: Sequence[dict[str, Any]], zone: ZoneInfo) -> list[Post]:
    """The messages of a conversation, oldest first, as threads; that in which somebody spoke last leads."""
    threads: dict[str, list[dict[str, Any]]] = {}
    for one in messages:
        threads.setdefault(one.get("thread_ts") or one["ts"], []).append(one)
    newest_first = sorted(threads.values(), key=lambda thread: float(thread[-1]["ts"]), reverse=True)
    return [_post(thread[0], zone, thread[1:]) for thread in newest_first]


def _post(message: dict[str, Any], zone: ZoneInfo, replies: Sequence[dict[str, Any]] = ()) -> Post:
    return Post(
        ts=message["ts"],
        at=datetime.fromtimestamp(float(message["ts"]), tz=UTC).astimezone(zone),
        blocks=message.get("blocks", ()),
        text=message.get("text", ""),
        replies=tuple(_post(one, zone) for one in replies),
    )
