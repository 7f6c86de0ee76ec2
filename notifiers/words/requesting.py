"""What the other side is asked for, in words of its own, and what is said here when it has come.

The contact reads the thing, the agreement, the day and where to upload it; nothing of our ladder, people or pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from notifiers.words.days import brief_day, day
from notifiers.words.standing import instant
from notifiers.words.text import cut, one_line

if TYPE_CHECKING:
    from datetime import datetime

    from notifiers.sheet import FactSheet

_SUBJECT_LIMIT = 200
_KILO = 1024  # bytes, as files are measured and ``UPLOAD_MB`` counts


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What a contact of the other side is asked for; *takes* names the kinds of files that may come."""

    what: str
    due_on: date
    reference: str
    title: str
    counterparty: str
    contact: str  # name and address
    contact_name: str = ""
    covers_from: date | None = None
    covers_until: date | None = None
    note: str = ""
    upload_url: str
    link_until_on: date
    takes: str
    asked_before_on: date | None = None  # of a reminder: it was asked for then already


def request_subject(facts: FactSheet, asked: AskedFor, *, is_redacted: bool = False) -> str:
    """``Northwind: SOC 2 Type II report by 11 Dec``; of a draft ``[To forward] Acme Labs: ...``."""
    what = one_line(asked.reference, 60) if is_redacted else one_line(asked.what, 100)
    when = f"{what} by {brief_day(asked.due_on, facts.today)}"
    if facts.recipient.is_external:
        who = one_line(facts.organisation, 60)
    else:
        who = "[To forward]" if is_redacted else f"[To forward] {one_line(asked.counterparty, 60)}"
    return cut(f"{who}: {when}" if who else when, _SUBJECT_LIMIT)


def request_heading(facts: FactSheet, asked: AskedFor) -> str:
    """``Please send us “SOC 2 Type II report” by Fri 11 Dec 2026.``."""
    what = one_line(asked.what, 200)
    if asked.due_on < facts.today:
        return f"Please send us “{what}”: it was due by {day(asked.due_on)}."
    return f"Please send us “{what}” by {day(asked.due_on)}."


def request_lines(asked: AskedFor) -> tuple[str, ...]:
    """Under which agreement, covering what, and how it is uploaded."""
    under = f"“{title}”" if (title := one_line(asked.title, 80)) else "our agreement"
    span = span_words(asked.covers_from, asked.covers_until)
    due = f"It is due under {under} (our reference: {one_line(asked.reference, 60)})"
    how = (
        "Upload the file through the link; no account is needed. The link is for this request alone and works until "
        f"{day(asked.link_until_on)}. We take {asked.takes}."
    )
    first = f"{due} and should cover {span}." if span else f"{due}."
    return tuple(line for line in (first, one_line(asked.note, 1000), _reminder(asked), how) if line)


def _reminder(asked: AskedFor) -> str:
    if asked.asked_before_on is None:
        return ""
    return f"We asked for it on {day(asked.asked_before_on)}. The link is the same as in that message."


def draft_lines(facts: FactSheet, asked: AskedFor) -> tuple[str, ...]:
    """The letter as our reader passes it on, and what they have to know first."""
    name = one_line(asked.contact_name, 80)
    sender = one_line(facts.organisation, 80)
    return (
        "Nothing was sent to them yet. Copy what stands below, and send it in your own name.",
        f"To: {one_line(asked.contact, 200)}",
        f"Dear {name}," if name else "Hello,",
        request_heading(facts, asked),
        *request_lines(asked),
        f"Upload: {asked.upload_url}",
        *((sender,) if sender else ()),
    )


def later_words(leaves_at: datetime, now: datetime, time_zone: str) -> str:
    """When a mail leaves to somebody who was written to today already; "" of one that leaves now."""
    if leaves_at <= now:
        return ""
    return f" on {instant(leaves_at, time_zone)}, for they are written to once a day"


def received_heading(counterparty: str, what: str) -> str:
    """``Acme Labs GmbH has sent “SOC 2 Type II report”``."""
    return f"{one_line(counterparty, 60)} has sent “{one_line(what, 100)}”"


def span_words(first_on: date | None, last_on: date | None) -> str:
    """``Thu 1 Jan 2026 to Thu 31 Dec 2026``; as much of it as is known."""
    if first_on and last_on:
        return day(first_on) if first_on == last_on else f"{day(first_on)} to {day(last_on)}"
    if first_on:
        return f"from {day(first_on)} on"
    return f"until {day(last_on)}" if last_on else ""


def size_words(size: int) -> str:
    """``12 kB``, ``1.4 MB``: bytes as people say them."""
    if size < _KILO:
        return f"{size} bytes"
    if size < _KILO * _KILO:
        return f"{size / _KILO:.0f} kB"
    return f"{size / _KILO / _KILO:.1f}".removesuffix(".0") + " MB"
