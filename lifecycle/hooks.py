"""Incoming webhooks: how a call proves who sent it, and which of its values mean what (INTERFACE.md H11).

``proved`` says under which id an authentic call is known, ``text_of`` what its bytes say, ``mapped`` what it asks for.
All are pure: the secrets, the bytes and the time come in as arguments. Schemes: https://www.standardwebhooks.com; a
plain HMAC-SHA256 of the body; a secret in a header, for senders that do not sign.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from lifecycle.errors import LifecycleError

TOLERANCE: Final = 300  # seconds between a standard webhook's timestamp and our clock
LARGEST: Final = 1024 * 1024  # bytes of a call
_GZIP: Final = frozenset({"gzip", "x-gzip"})
_OF_GZIP: Final = 16 + zlib.MAX_WBITS  # with its header
_CHARSET: Final = re.compile(r"""charset\s*=\s*"?([\w.:-]+)""", re.IGNORECASE | re.ASCII)
_SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how the standard marks its secrets
_POINTER_ESCAPES: Final = (("~1", "/"), ("~0", "~"))  # in this order: RFC 6901 section 4
_MILLISECONDS: Final = 10_000_000_000  # a count beyond this is no longer in seconds (the year 2286)


class Scheme(StrEnum):
    """How a call proves who sent it."""

    STANDARD = "standard"
    HMAC = "hmac"
    SECRET_HEADER = "secret_header"  # noqa: S105 - the name of a way


class HookOperation(StrEnum):
    """What a call can ask for."""

    SIGN = "sign"
    AMEND = "amend"
    DONE = "done"
    DISCLOSE = "disclose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A door for one sender.

    *secrets* are more than one while a secret is being changed. *when*, *fields* and *event_id* hold JSON Pointers;
    *constants* are fields that are the same for every call.
    """

    name: str
    scheme: Scheme
    secrets: tuple[str, ...] = field(repr=False)
    operation: HookOperation
    header: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    event_id: str = ""


class Unproven(LifecycleError):
    """Nobody knows who sent this."""

    code = "unproven"

    def __init__(self, why: str) -> None:
        super().__init__(f"This call is not taken: {why}.", remedy="Compare secret and scheme on both sides.")


class Unmapped(LifecycleError):
    """An authentic call of which nobody can say what it means."""

    code = "unmapped"

    def __init__(self, why: str) -> None:
        super().__init__(why, remedy="Correct the hook's fields, or do by hand what it asks for.")


def proved(hook: Hook, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The id of an authentic call where its scheme gives it one, else nothing. *headers* have lower-case names.

    Raises Unproven.
    """
    match hook.scheme:
        case Scheme.STANDARD:
            return _proved_by_standard(hook, headers, body, now)
        case Scheme.HMAC:
            _prove_by_hmac(hook, headers, body)
        case Scheme.SECRET_HEADER:
            given = headers.get(hook.header.lower(), "").encode()
            if not any([hmac.compare_digest(given, secret.encode()) for secret in hook.secrets]):  # noqa: C419 - each is compared
                raise Unproven("the secret in its header is another")
    return ""


def text_of(headers: Mapping[str, str], body: bytes) -> str:
    """What the bytes of a call say, unpacked and decoded by what they are and what *headers* say; nothing is lost.

    JSON is in UTF-8 (RFC 8259 section 8.1). What is not, and does not say in what it is, is read byte by byte.
    """
    plain = _unpacked(body) if headers.get("content-encoding", "").strip().lower() in _GZIP else body
    said = _CHARSET.search(headers.get("content-type", ""))
    for encoding in (json.detect_encoding(plain), said[1] if said else "latin-1"):
        try:
            text = plain.decode(encoding)
            text.encode()  # what some encodings make is no text that can be kept
        except (UnicodeError, LookupError):
            continue
        return text
    return plain.decode("latin-1")


def read(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The document of a call. Raises Unmapped for what is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unmapped("The body is no JSON.") from None


def call_id(hook: Hook, proved_id: str, document: Any, body: bytes) -> str:  # noqa: ANN401 - whatever JSON holds
    """What names this call once and for all: its id, else the hash of its bytes."""
    told = proved_id or (_text(_at(document, hook.event_id)) if hook.event_id else "")
    return told or hashlib.sha256(body).hexdigest()


def mapped(hook: Hook, document: Any) -> dict[str, str] | None:  # noqa: ANN401 - whatever JSON holds
    """The values that a call gives, by field; None where it tells of something else. Raises Unmapped."""
    if any(_text(_at(document, pointer)) not in wanted for pointer, wanted in hook.when.items()):
        return None
    found = {name: _text(_at(document, pointer)) for name, pointer in hook.fields.items()}
    values = {**hook.constants, **{name: text for name, text in found.items() if text}}
    if not values.get("reference"):
        raise Unmapped("It names no reference.")
    return values


def day_in(text: str, zone: str) -> date:
    """The day that a day, an instant or a count of seconds (or milliseconds) since 1970 means in a time zone.

    Raises Unmapped. An instant without a zone is UTC.
    """
    try:
        if text.isdecimal() and len(text) != len("20261201"):
            count = int(text)
            at = datetime.fromtimestamp(count / 1000 if count > _MILLISECONDS else count, UTC)
        elif len(text) <= len("2026-12-01"):
            return date.fromisoformat(text)
        else:
            at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone)).date()
    except (ValueError, OverflowError, OSError):
        raise Unmapped("The day it tells cannot be read.") from None


def _proved_by_standard(hook: Hook, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    call, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not call or not (stamp.isascii() and stamp.isdecimal()) or len(stamp) > 12:
        raise Unproven("it has no id or no timestamp")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE:
        raise Unproven("its timestamp is not within five minutes of now")
    signed = b".".join((call.encode(), stamp.encode(), body))
    given = [word.removeprefix("v1,") for word in headers.get("webhook-signature", "").split() if word[:3] == "v1,"]
    own = [base64.b64encode(hmac.digest(_key(secret), signed, "sha256")).decode() for secret in hook.secrets]
    if not any([hmac.compare_digest(one.encode(), other.encode()) for one in given for other in own]):  # noqa: C419 - each is compared
        raise Unproven("its signature is another")
    return call


def _prove_by_hmac(hook: Hook, headers: Mapping[str, str], body: bytes) -> None:
    """The header holds the digest in hex or base64, with or without ``sha256=`` before it."""
    given = headers.get(hook.header.lower(), "").strip().removeprefix("sha256=").encode()
    digests = [hmac.digest(secret.encode(), body, "sha256") for secret in hook.secrets]
    own = [form for digest in digests for form in (digest.hex().encode(), base64.b64encode(digest))]
    if not any([hmac.compare_digest(given, one) for one in own]):  # noqa: C419 - each is compared
        raise Unproven("its signature is another")


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()


def _unpacked(body: bytes) -> bytes:
    """What gzip has packed; the bytes themselves where it is none, or more than anybody may send."""
    unpacking = zlib.decompressobj(_OF_GZIP)
    try:
        plain = unpacking.decompress(body, LARGEST)
    except zlib.error:
        return body
    return plain if unpacking.eof and not unpacking.unused_data else body


def _at(document: Any, pointer: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """What a JSON Pointer (RFC 6901) points to; None where nothing is."""
    found = document
    for part in pointer.split("/")[1:]:
        name = part
        for escaped, plain in _POINTER_ESCAPES:
            name = name.replace(escaped, plain)
        if isinstance(found, Mapping):
            found = found.get(name)
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


def _text(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value).strip().encode(errors="replace").decode()  # half a character is none
        case _:
            return ""
