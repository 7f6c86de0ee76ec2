"""A deadline for the calendar that a person owns, where alarms ring: one VEVENT by iMIP (CALENDAR.md I1 to I6).

The UID is the same for ever for one deadline and one person; SEQUENCE counts the messages composed for it; DTSTAMP is
when this one was (RFC 5546 3.2, RFC 6047 2). What a calendar app answers is no answer to us.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from icalendar import Calendar, Event, vCalAddress, vDate, vDatetime

from lifecycle.feeds import Detail
from notifiers.calendar import texts
from notifiers.calendar.components import add_all, add_days, add_ending, alarm, rendered, whole_seconds
from notifiers.calendar.values import Closed, FeedEntry
from notifiers.wording import one_line

if TYPE_CHECKING:
    from datetime import datetime

_ALARM_DAYS: Final = 7
_ONE_DAY: Final = timedelta(days=1)
_NAME_LIMIT: Final = 60


class Method(StrEnum):
    """What a calendar program is to do with it."""

    REQUEST = "REQUEST"  # an invitation with buttons
    PUBLISH = "PUBLISH"  # the same without buttons and without an attendee
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who sends it, or whom it is for."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """All of an invitation that is not the deadline itself.

    *attendee* is None where the first one was published: nobody is asked to come then. *sequence* counts from 0.
    """

    method: Method
    organizer: Mailbox
    attendee: Mailbox | None
    person_id: str
    sequence: int
    stamped_at: datetime
    instance: UUID
    base_url: str


def invitation(entry: FeedEntry, envelope: Envelope, *, detail: Detail) -> bytes:
    """The calendar object of one mail; the same bytes for the same facts.

    A cancelled one has no description and no alarm: it only names what is to be taken out.
    """
    detail, link = texts.detail_of(entry, detail), f"{envelope.base_url.rstrip('/')}/deadlines/{entry.milestone_id}"
    is_over, summary = envelope.method is Method.CANCEL, texts.summary(entry, detail)
    event = _begun(entry, envelope)
    _add_people(event, envelope)
    add_all(event, ("SUMMARY", summary), ("DESCRIPTION", "" if is_over else texts.description(entry, detail, link)))
    add_ending(
        event, replace(entry, closed=Closed("withdrawn", envelope.stamped_at) if is_over else None), detail, link
    )
    if not is_over:
        event.add_component(alarm(summary, _ALARM_DAYS))
    outer = Calendar()
    add_all(
        outer,
        ("VERSION", "2.0"),
        ("PRODID", "-//Longstop//Deadlines//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", envelope.method.value),
    )
    outer.add_component(event)
    return rendered(outer)


def uid(entry: FeedEntry, envelope: Envelope) -> str:
    """The stable name of one deadline in one person's calendar (F2)."""
    key = entry.name.removeprefix("milestone/")
    return str(uuid5(envelope.instance, f"invitation/{key}/{envelope.person_id}"))


def _begun(entry: FeedEntry, envelope: Envelope) -> Event:
    stamp = vDatetime(whole_seconds(envelope.stamped_at))
    event = Event()
    add_all(event, ("UID", uid(entry, envelope)), ("DTSTAMP", stamp))
    add_days(event, vDate(entry.safe_on), vDate(entry.safe_on + _ONE_DAY))
    add_all(event, ("SEQUENCE", envelope.sequence), ("LAST-MODIFIED", stamp))
    return event


def _add_people(event: Event, envelope: Envelope) -> None:
    event.add("ORGANIZER", _address(envelope.organizer), parameters=_named(envelope.organizer))
    if envelope.attendee is not None:
        asked = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
        event.add("ATTENDEE", _address(envelope.attendee), parameters=_named(envelope.attendee) | asked)


def _address(mailbox: Mailbox) -> vCalAddress:
    return vCalAddress(f"mailto:{mailbox.address}")


def _named(mailbox: Mailbox) -> dict[str, str]:
    name = one_line(mailbox.name, _NAME_LIMIT).replace('"', "'")  # RFC 5545 3.2: no DQUOTE inside a parameter
    return {"CN": name} if name else {}
