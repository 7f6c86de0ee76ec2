"""Mails that come back: which of ours they are about, and what they say (RFC 3464, RFC 6522).

Each mail leaves under a return address of its own, ``bounce+DELIVERY@example.com``, so that whoever sends one back says
which it was, whatever else it quotes. Where a server has cut that, the quoted Message-ID says it. A delivery's id is
random, so that nobody can speak of another's mail.

A final failure is one whatever its number: the mail did not arrive. It is held against the address only where the
number says so: 5.x, but not 5.4.4, where the domain could not be found (it may be found tomorrow). What is no report
for machines, an absence note or a letter, is nobody's bounce.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from typing import TYPE_CHECKING, Final

from lifecycle.reports import Fate, Report
from notifiers.words.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECIPIENT_HEADERS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_FATES: Final = {"failed": Fate.FAILED, "delayed": Fate.DELAYED, "delivered": Fate.DELIVERED}
_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_NO_ROUTE: Final = "5.4.4"


def return_address(address: str, delivery_id: str) -> str:
    """The address to which a mail comes back: ``bounce+ID@example.com``."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{delivery_id}@{domain}"


def report_in(raw: bytes, address: str) -> Report | None:
    """What a mail says of one of ours; None where it says nothing. *address* is what mails come back to."""
    try:
        return _report_in(message_from_bytes(raw), address)
    except Exception:  # noqa: BLE001 - anybody may write there: whatever it is, what lies behind it is read
        return None


def _report_in(mail: Message, address: str) -> Report | None:
    said = next(_recipients(mail), None)
    delivery_id = _addressed(mail, address) or _quoted(mail)
    fate = _FATES.get(_field(said, "Action").lower()) if said is not None else None
    if said is None or fate is None or not delivery_id:
        return None
    found = _STATUS.search(_field(said, "Status"))
    status = found[0] if found else ""
    why = one_line(f"{status} {_field(said, 'Diagnostic-Code').partition(';')[2].strip()}".strip(), 200)
    is_of_address = fate is Fate.FAILED and status.startswith("5.") and status != _NO_ROUTE
    return Report(delivery_id, fate, why or fate.value, is_of_address)


def _recipients(mail: Message) -> Iterator[Message]:
    """The groups of fields that tell of a recipient; the first group tells of the mail."""
    for part in mail.walk():
        groups = part.get_payload() if part.get_content_type() == "message/delivery-status" else None
        for group in groups if isinstance(groups, list) else ():
            if isinstance(group, Message) and _field(group, "Action"):
                yield group


def _addressed(mail: Message, address: str) -> str:
    local, _, domain = address.rpartition("@")
    ours = re.compile(rf"\b{re.escape(local)}\+([a-z0-9-]+)@{re.escape(domain)}\b", re.IGNORECASE)
    for header in _RECIPIENT_HEADERS:
        for value in mail.get_all(header, []):
            if found := ours.search(str(value)):
                return found[1].lower()
    return ""


def _quoted(mail: Message) -> str:
    """The delivery's id in the Message-ID of the mail that came back."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            quoted = inner[0] if isinstance(inner, list) and inner else None
        elif part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            quoted = message_from_bytes(text) if isinstance(text, bytes) else None
        else:
            continue
        if isinstance(quoted, Message) and (found := re.search(r"<([a-z0-9-]+)@", _field(quoted, "Message-ID"))):
            return found[1]
    return ""


def _field(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip()
