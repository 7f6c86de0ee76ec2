"""A mailbox that is only read: what came in behind a mark, by IMAP (RFC 3501).

Nothing in it is changed, marked or deleted: how far it was read is kept with the register. The mark is UIDVALIDITY and
the last UID; where the mailbox has been made anew the numbers mean nothing any more, and the last days are read again.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from notifiers.base import NotRead
from notifiers.words.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_AT_FIRST: Final = timedelta(days=7)
_PORT, _PORT_ENCRYPTED = 143, 993
_BYTES: Final = 256 * 1024  # of one mail: a report stands at its beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """Where a mailbox is. *timeout* is seconds for one socket operation."""

    host: str
    port: int
    is_encrypted: bool
    username: str
    password: str
    folder: str = "INBOX"
    timeout: float = 15.0

    def __repr__(self) -> str:
        return f"MailboxSettings(host={self.host!r}, folder={self.folder!r})"  # never the password


def mailbox_at(url: str, *, timeout: float = 15.0) -> MailboxSettings:
    """From ``imaps://USER:PASSWORD@HOST/FOLDER``; without a folder it is the inbox."""
    parts = urlsplit(url)
    is_encrypted = parts.scheme == "imaps"
    return MailboxSettings(
        host=parts.hostname or "",
        port=parts.port or (_PORT_ENCRYPTED if is_encrypted else _PORT),
        is_encrypted=is_encrypted,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        timeout=timeout,
    )


def read_behind(settings: MailboxSettings, mark: str, now: datetime, *, most: int) -> tuple[list[bytes], str, bool]:
    """Mails behind *mark* ("": of the last days), the new mark, and whether there is more. Raises NotRead."""
    with _opened(settings) as (connection, _):
        return _read(connection, mark, now, most)


def mails_there(settings: MailboxSettings) -> int:
    """How many mails lie in a mailbox: it can be reached, opened and read. Raises NotRead."""
    with _opened(settings) as (_, number):
        return number


@contextmanager
def _opened(settings: MailboxSettings) -> Iterator[tuple[imaplib.IMAP4, int]]:
    """A mailbox that is only read, and how many mails it holds. Raises NotRead."""
    try:
        connection = _connect(settings)
        try:
            _sure(connection.login(settings.username, settings.password))
            (number,) = _sure(connection.select(_quoted(settings.folder), readonly=True))
            yield connection, int(number or 0)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise NotRead(_reason(error)) from error


def _connect(settings: MailboxSettings) -> imaplib.IMAP4:
    if settings.is_encrypted:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(settings.host, settings.port, timeout=settings.timeout, ssl_context=context)
    return imaplib.IMAP4(settings.host, settings.port, timeout=settings.timeout)


def _read(connection: imaplib.IMAP4, mark: str, now: datetime, most: int) -> tuple[list[bytes], str, bool]:
    validity = int((connection.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)
    last = _last_of(mark, validity)
    behind = _uids(connection, last, now)
    chosen = behind[:most]
    mails = [mail for uid in chosen if (mail := _mail(connection, uid)) is not None]
    return mails, f"{validity}:{chosen[-1] if chosen else last}", len(behind) > most


def _last_of(mark: str, validity: int) -> int:
    known, _, uid = mark.partition(":")
    return int(uid) if known == str(validity) and uid.isdigit() else 0


def _uids(connection: imaplib.IMAP4, last: int, now: datetime) -> list[int]:
    """``n:*`` names the last mail too where there is none behind n (RFC 3501, 6.4.8)."""
    asked = f"UID {last + 1}:*" if last else f"SINCE {_day(now - _AT_FIRST)}"
    found = _sure(connection.uid("SEARCH", asked))
    return sorted(uid for part in found for uid in map(int, (part or b"").split()) if uid > last)


def _mail(connection: imaplib.IMAP4, uid: int) -> bytes | None:
    """Its first bytes; None if it is gone meanwhile."""
    found = _sure(connection.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{_BYTES}>)"))
    return next((bytes(part[1]) for part in found if isinstance(part, tuple)), None)


def _sure(answer: tuple[str, list[Any]]) -> list[Any]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(answer[1][0] if answer[1] else answer[0])
    return answer[1]


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
    return f"{type(error).__name__}: {one_line(text, 160)}"


def _quoted(folder: str) -> str:
    return '"' + re.sub(r'([\\"])', r"\\\1", folder) + '"'


def _day(at: datetime) -> str:
    """``02-Nov-2026``, in English everywhere."""
    return "-".join(format_datetime(at).split()[1:4])
