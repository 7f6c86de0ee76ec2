"""Whether what an app has is still what there is (RFC 9110 13; CALENDAR.md F10).

``If-None-Match`` alone decides where it is given, by weak comparison; else one well-formed ``If-Modified-Since``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_TAG: Final = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_GZIP: Final = '-gzip"'  # what Apache's mod_deflate makes of a tag


def is_unchanged(
    etag: str, modified_at: datetime | None, *, if_none_match: Sequence[str], if_modified_since: Sequence[str]
) -> bool:
    """Whether 304 is the answer. *modified_at* has whole seconds; None: nobody shall rely on it yet."""
    if if_none_match:
        return _matches(etag, ",".join(if_none_match))
    if modified_at is None or len(if_modified_since) != 1:
        return False
    since_at = _instant(if_modified_since[0])
    return since_at is not None and since_at >= modified_at


def http_date(at: datetime) -> str:
    """An instant in UTC as HTTP writes it."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def _matches(etag: str, given: str) -> bool:
    if given.strip() == "*":
        return True
    told = {one.replace(_GZIP, '"') if one.endswith(_GZIP) else one for one in _TAG.findall(given)}
    return etag in told


def _instant(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
