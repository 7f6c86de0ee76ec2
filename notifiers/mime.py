"""A mail as bytes: headers encoded and folded, text and HTML as alternatives, the same bytes for the same parts.

Written by hand because building a message through ``email.message`` takes a millisecond, two hundred times what this
does. Every header value has passed ``header_text``: no CR or LF of somebody's title reaches a header (RFC 5322 2.2).
"""

from __future__ import annotations

from binascii import b2a_base64, b2a_qp
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from lifecycle.words import MONTHS, WEEKDAYS
from notifiers.words.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_WORD_BYTES = 39  # of UTF-8 in one encoded word: its line stays within 76 letters beside a header's name (RFC 2047 2)
_LINE = 76
_TEXT_HEAD = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
_LONGEST_PLAIN_WORD = 60
_SPECIAL = frozenset('()<>[]:;@\\,."')


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar object for the reader's own calendar; *method* is the one that stands inside it (RFC 6047 2.4)."""

    method: str
    data: bytes


def mail(
    headers: Iterable[tuple[str, str]], *, text: str, html: str, seed: str, calendar: CalendarPart | None = None
) -> bytes:
    """The whole message. *headers* are encoded already; *seed* gives the boundaries (a delivery's id).

    A calendar object stands among the alternatives, for programs that show buttons, and is attached as a file, for
    those that do not: the same bytes twice.
    """
    boundary = _boundary(seed)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers) + "MIME-Version: 1.0\r\n"
    parts = [_text_part(text), _base64_part("text/html; charset=utf-8", html.encode())]
    if calendar is not None:
        called = f"text/calendar; method={calendar.method}; charset=UTF-8"
        parts.append(_base64_part(called, calendar.data))
    alternatives = _multipart("alternative", boundary, parts)
    if calendar is None:
        return head.encode() + alternatives  # ASCII, but for an address with other letters (SMTPUTF8)
    return head.encode() + _multipart("mixed", _boundary(f"{seed}/mixed"), [alternatives, _attached(calendar)])


def header_text(text: str, limit: int = 250, *, used: int = 10) -> str:
    """*text* for a header: on one line, ASCII words folded, anything else as encoded words (RFC 2047).

    *used* are the letters that stand before it on its line.
    """
    line = one_line(text, limit)
    if line.isascii() and "=?" not in line and all(len(word) <= _LONGEST_PLAIN_WORD for word in line.split(" ")):
        return _folded(line.split(" "), used)
    return _folded(_encoded_words(line), used)


def mailbox(name: str, address: str) -> str:
    """``Dana <dana@example.com>`` for a header. *address* must be harmless: see ``lifecycle.people.is_address``."""
    shown = one_line(name, 60)
    if not shown:
        return f"<{ascii_address(address)}>" if address else ""
    if shown.isascii() and not _SPECIAL & set(shown) and "=?" not in shown:
        return f"{shown}\r\n <{ascii_address(address)}>"
    return f"{_folded(_encoded_words(shown), 6)}\r\n <{ascii_address(address)}>"


def dated(at: datetime) -> str:
    """``Mon, 02 Nov 2026 08:12:00 +0000`` (RFC 5322 3.3), at the offset of *at*."""
    return f"{WEEKDAYS[at.weekday()][:3]}, {at.day:02} {MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S %z}"


def ascii_address(address: str) -> str:
    """*address* with its domain in ASCII (IDNA); as it is where that cannot be."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def _text_part(text: str) -> bytes:
    raw = text.replace("\r", "").encode()
    if (len(raw) - len(text)) * 4 > len(text):  # many letters outside ASCII: quoted-printable would triple them
        return _base64_part("text/plain; charset=utf-8", text.encode())
    body = b2a_qp(raw, istext=True).replace(b"\n", b"\r\n")
    return _TEXT_HEAD + body + b"\r\n"


def _boundary(seed: str) -> str:
    return f"=_{sha256(seed.encode()).hexdigest()[:32]}"


def _multipart(kind: str, boundary: str, parts: Iterable[bytes]) -> bytes:
    opening = f"--{boundary}\r\n".encode("ascii")
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return b"".join((head, *(opening + part for part in parts), f"--{boundary}--\r\n".encode("ascii")))


def _attached(calendar: CalendarPart) -> bytes:
    disposition = 'Content-Disposition: attachment; filename="deadline.ics"\r\n'
    return disposition.encode("ascii") + _base64_part('application/ics; name="deadline.ics"', calendar.data)


def _base64_part(content_type: str, raw: bytes) -> bytes:
    encoded = b2a_base64(raw, newline=False)  # for HTML: a fifth of quoted-printable's time
    lines = [encoded[at : at + _LINE] for at in range(0, len(encoded), _LINE)]
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii") + b"\r\n".join(lines) + b"\r\n"


def _encoded_words(line: str) -> list[str]:
    raw, words, start = line.encode(), [], 0
    while start < len(raw):
        end = min(start + _WORD_BYTES, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:  # never inside a letter
            end -= 1
        words.append(_encoded(raw[start:end]))
        start = end
    return words


def _encoded(chunk: bytes) -> str:
    return f"=?utf-8?b?{b2a_base64(chunk, newline=False).decode('ascii')}?="


def _folded(words: list[str], used: int) -> str:
    lines: list[str] = []
    line = ""
    for word in words:
        room = _LINE - (used if not lines else 1)
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\r\n ".join([*lines, line])
