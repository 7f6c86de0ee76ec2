"""What somebody sees of their deadlines when they open the app, or ask by command (INTERFACE.md M2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from notifiers.slack import limits, parts
from notifiers.slack.escaping import escape
from notifiers.wording import Row, counted
from notifiers.words.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from notifiers.sheet import Deadline
    from notifiers.slack.parts import Block

UNKNOWN = "Longstop does not know whose account this is. Ask an admin to add you with the address of this account."
_NONE: Final = "Nothing is open that you own."
_UNFOUND: Final = (
    "Nothing that is open fits. Write a part of a reference or a name, "
    "or words like owner:me, kind:notice, due:<30d, is:overdue."
)


def home(deadlines: Sequence[Deadline], today: date, *, more: int) -> Block:
    """The app's home: my next deadlines."""
    rows = _rows(deadlines, today, more, nothing=_NONE)
    return {"type": "home", "blocks": [parts.header("Your next deadlines"), *rows]}


def home_of_nobody() -> Block:
    """The app's home for somebody whom the register does not know."""
    return {"type": "home", "blocks": [parts.header("Longstop"), parts.section(UNKNOWN)]}


def listed(deadlines: Sequence[Deadline], today: date, *, more: int, search: str) -> Block:
    """The answer to a command, for whoever gave it alone."""
    is_search = bool(search.strip())
    title = f"Deadlines: {one_line(search, limits.HEADER)}" if is_search else "Your next deadlines"
    blocks = [parts.header(title), *_rows(deadlines, today, more, nothing=_UNFOUND if is_search else _NONE)]
    text = f"{escape(title, limits.HEADER)}: {counted(len(deadlines) + more, 'deadline')}"
    return {"response_type": "ephemeral", "text": text, "blocks": parts.fitted(blocks)}


def said(text: str) -> Block:
    """A sentence in answer to a command."""
    told = clean(text, limits.TEXT)
    return {"response_type": "ephemeral", "text": escape(told, limits.TEXT), "blocks": [parts.section(told)]}


def _rows(deadlines: Sequence[Deadline], today: date, more: int, *, nothing: str) -> list[Block]:
    if not deadlines:
        return [parts.section(nothing)]
    shown = [_row(Row.of(each, today), each) for each in deadlines]
    return [*shown, *parts.context([f"and {more} more"] if more else [])]


def _row(row: Row, deadline: Deadline) -> Block:
    is_linked = parts.is_link(row.url)
    link = parts.button("Open", "open", deadline.milestone_id, url=row.url, about=row.text) if is_linked else None
    return parts.entry(row.day, f"({row.relative})  {row.text}. Owner: {row.owner}.", accessory=link)
