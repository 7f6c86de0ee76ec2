"""What other people wrote, made harmless before it enters a message or a feed (CALENDAR.md F16).

Titles come from spreadsheets and contracts: they hold line breaks, control characters, ten thousand letters. Whatever
is laid out passes through ``clean`` or ``one_line`` first, so no layout has to know what a hostile title is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from unicodedata import is_normalized, normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

#: C0 but TAB and LF, DEL, C1, the byte order mark, bidi controls, noncharacters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
    + "]"
)
_LINE_ENDS = re.compile("\r\n|\r|\u2028|\u2029")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CHANNELS: Final = {"email": "e-mail", "slack": "Slack"}


def clean(text: str, limit: int, *, is_multiline: bool = False) -> str:
    """*text* without what breaks readers, at most *limit* characters; line ends are LF, or spaces where one line is."""
    if not _is_plain(text.replace("\n", "") if is_multiline else text):
        text = _SURROGATES.sub("\ufffd", _LINE_ENDS.sub("\n", text)).replace("\t", " ")
        text = normalize("NFC", _UNWANTED.sub("", text if is_multiline else text.replace("\n", " ")))
    return cut(text, limit)


def one_line(text: str, limit: int = 120) -> str:
    """*text* cleaned, on one line, with single spaces."""
    if len(text) <= limit and "  " not in text and _is_plain(text):
        return text.strip(" ")
    return cut(" ".join(clean(text, 20 * limit).split()), limit)


def cut(text: str, limit: int) -> str:
    """*text*, or its beginning up to a word's end and ``...``, together at most *limit* characters."""
    if len(text) <= limit:
        return text
    head = text[: limit - 3]
    space = head.rfind(" ")
    if space > limit // 2:
        head = head[:space]
    return head.rstrip(" \n\u200d") + "..."


def capital(text: str) -> str:
    """*text* with its first letter large; an address stays what it is."""
    return text if "@" in text.partition(" ")[0] else text[:1].upper() + text[1:]


def joined(words: tuple[str, ...]) -> str:
    """``a, b and c``; one word is itself, none is ``nobody``."""
    *most, last = words or ("nobody",)
    return f"{', '.join(most)} and {last}" if most else last


def some(words: Sequence[str], most: int) -> str:
    """``a, b, c and 2 more``: no more than *most* by name."""
    if len(words) <= most:
        return joined(tuple(words))
    return f"{', '.join(words[:most])} and {len(words) - most} more"


def counted(number: int, noun: str) -> str:
    """``1 day``, ``2 days``, ``10,000 days``."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def channel_words(channel: str) -> str:
    """A channel as people call it: ``slack`` as ``Slack``."""
    return _CHANNELS.get(channel, channel)


def _is_plain(text: str) -> bool:
    """Whether nothing is to be cleaned: letters, signs and spaces alone, composed. Nearly every text is."""
    return text.isprintable() and (text.isascii() or is_normalized("NFC", text))
