"""The pieces that Slack's messages, forms and home are made of, each escaped and within its limit.

A piece is a dictionary as Slack takes it. Days stay plain text: Slack's own ``<!date>`` shows 31 March as 30 March to
whoever reads further west.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from notifiers.slack import limits
from notifiers.slack.escaping import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Block = dict[str, Any]


def plain_text(text: str, limit: int = limits.BUTTON) -> Block:
    """Text without any marks; colons stay colons."""
    return {"type": "plain_text", "text": escape(text, limit), "emoji": False}


def marked(text: str) -> Block:
    """Text that is escaped already and may hold our own ``*bold*``; nothing in it becomes a link or a mention."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def bold(text: str, limit: int = limits.FIELD) -> str:
    """*text* in bold, for ``marked``. Asterisks of its own would end it, so they are left out."""
    said = escape(text.replace("*", ""), limit - 2).strip()
    return f"*{said}*" if said else ""


def header(text: str) -> Block:
    """The large line on top."""
    return {"type": "header", "text": plain_text(text or "Longstop", limits.HEADER)}


def section(text: str, *, accessory: Block | None = None) -> Block:
    """A paragraph of foreign text, with a button beside it if there is one."""
    return _section(escape(text, limits.SECTION), accessory)


def lines(said: Sequence[str], *, title: str = "") -> Block:
    """Some lines under a title, as one paragraph."""
    head = f"*{title}*\n" if title else ""
    return _section(head + escape("\n".join(said), limits.SECTION - len(head)), None)


def title(text: str) -> Block:
    """A line in bold above what belongs to it."""
    return _section(bold(text, limits.SECTION), None)


def entry(title: str, text: str, *, accessory: Block | None = None) -> Block:
    """A line of a list: its day in bold, what it is beside it."""
    head = bold(title, 200)
    return _section(f"{head}  {escape(text, limits.SECTION - len(head) - 2)}", accessory)


def facts(pairs: Iterable[tuple[str, str]]) -> list[Block]:
    """Names and values in two columns; none where there are none."""
    shown = [_fact(name, value) for name, value in pairs][: limits.FIELDS]
    return [{"type": "section", "fields": shown}] if shown else []


def context(said: Iterable[str]) -> list[Block]:
    """Small lines; none where there are none. What is more than Slack takes is left out."""
    shown = [marked(escape(line, limits.CONTEXT_TEXT)) for line in said if line][: limits.CONTEXT]
    return [{"type": "context", "elements": shown}] if shown else []


def button(  # noqa: PLR0913 - what a button has
    label: str, action_id: str, value: str, *, url: str = "", about: str = "", is_primary: bool = False
) -> Block:
    """A button; *about* is said by screen readers behind its label."""
    made: Block = {
        "type": "button",
        "text": plain_text(label),
        "action_id": action_id[: limits.ACTION_ID],
        "value": value[: limits.VALUE],
    }
    if about:
        made["accessibility_label"] = escape(f"{label}: {about}", limits.BUTTON)
    if url:
        made["url"] = url
    if is_primary:
        made["style"] = "primary"
    return made


def actions(buttons: Sequence[Block]) -> list[Block]:
    """A row of buttons; none where there are none."""
    return [{"type": "actions", "elements": list(buttons[: limits.ACTIONS])}] if buttons else []


def value_of(milestone_id: str, revision: int, stage: str) -> str:
    """What a button says when it is pressed: which deadline, as of which revision, told at which stage (S8)."""
    said = {"milestone": milestone_id, "revision": revision, "stage": stage}
    return json.dumps(said, separators=(",", ":"), sort_keys=True)


def is_link(url: str) -> bool:
    """Whether a button may carry *url*."""
    return 0 < len(url) <= limits.URL and url.startswith(("https://", "http://"))


def fitted(blocks: Sequence[Block]) -> list[Block]:
    """*blocks*, or as many as Slack takes and a line that says how many were left out."""
    if len(blocks) <= limits.BLOCKS:
        return list(blocks)
    kept = blocks[: limits.BLOCKS - 1]
    return [*kept, *context([f"{len(blocks) - len(kept)} more parts do not fit into one message."])]


def _section(text: str, accessory: Block | None) -> Block:
    made: Block = {"type": "section", "text": marked(text or " ")}
    return made | {"accessory": accessory} if accessory else made


def _fact(name: str, value: str) -> Block:
    head = f"*{name}*\n"
    return marked(head + escape(value, limits.FIELD - len(head)))
