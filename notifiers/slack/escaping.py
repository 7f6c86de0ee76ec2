"""What other people wrote, made harmless for Slack (DELIVERY.md S9).

Slack reads ``<!channel>``, ``<@U123>`` and links out of text, and knows three escapes, no more
(https://docs.slack.dev/messaging/formatting-message-text#escaping). Every string that is not ours passes through here.
"""

from __future__ import annotations

from notifiers.words.text import cut

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_WIDTHS = {"&": 5, "<": 4, ">": 4}


def escape(text: str, limit: int | None = None) -> str:
    """*text* with ``& < >`` escaped; at most *limit* characters after that, cut at a word's end, never in an escape."""
    escaped = text.translate(_ESCAPES)
    if limit is None or len(escaped) <= limit:
        return escaped
    return cut(text + "....", _room(text, limit - 3) + 3).translate(_ESCAPES)


def _room(text: str, limit: int) -> int:
    """How many of the characters of *text* fit into *limit* once they are escaped."""
    width = 0
    for count, character in enumerate(text):
        width += _WIDTHS.get(character, 1)
        if width > limit:
            return count
    return len(text)
