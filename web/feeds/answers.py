"""What the door of feeds says, as status, headers and bytes (CALENDAR.md F9, F13).

Whatever is not a calendar is one line of plain text that names no path and no feed; of what is unknown, malformed or
switched off nobody can tell which it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

from web.feeds.conditions import http_date

if TYPE_CHECKING:
    from datetime import datetime, timedelta

ALLOWED: Final = ("GET", "HEAD")
_CACHE: Final = "private, max-age=300, no-transform"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. *token_sha256*: the address that was served, whose fetch is to be remembered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    token_sha256: str = ""

    def raw_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers as the server takes them."""
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]


def calendar(body: bytes, etag: str, modified_at: datetime | None, token_sha256: str) -> Answer:
    """200, with the calendar."""
    headers = (
        ("content-type", "text/calendar; charset=utf-8"),
        ("content-length", str(len(body))),
        ("content-disposition", 'inline; filename="longstop.ics"'),
        ("etag", etag),
        *_modified(modified_at),
        ("cache-control", _CACHE),
        ("x-robots-tag", "noindex"),
    )
    return Answer(200, headers, body, token_sha256)


def unchanged(etag: str, modified_at: datetime | None, token_sha256: str) -> Answer:
    """304: what the app has is what there is."""
    headers = (("etag", etag), *_modified(modified_at), ("cache-control", _CACHE))
    return Answer(304, headers, b"", token_sha256)


def robots() -> Answer:
    """Calendars may be fetched by whoever obeys it, as Google does; pages need nobody's index."""
    return _said(200, "User-agent: *\nAllow: /feeds/\nDisallow: /", ("cache-control", "max-age=86400"))


def wait(how_long: timedelta) -> Answer:
    """429, with the whole seconds after which it may be tried again."""
    return _refused(429, "Too many requests.", ("retry-after", str(ceil(how_long.total_seconds()))))


def _modified(at: datetime | None) -> tuple[tuple[str, str], ...]:
    return (("last-modified", http_date(at)),) if at is not None else ()


def _refused(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    return _said(status, text, ("cache-control", "no-store"), *headers)


def _said(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    body = f"{text}\n".encode()
    kind = ("content-type", "text/plain; charset=utf-8")
    return Answer(status, (kind, ("content-length", str(len(body))), *headers), body)


UNKNOWN: Final = _refused(404, "There is no such calendar.")
ENDED: Final = _refused(410, "This calendar has ended.")
BROKEN: Final = _refused(503, "The calendar cannot be shown now.", ("retry-after", "300"))
ONLY_READ: Final = _refused(405, "A calendar can only be read.", ("allow", ", ".join(ALLOWED)))
