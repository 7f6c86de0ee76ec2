"""One calendar, event or to-do as bytes, its properties in the order of CALENDAR.md F5 and F17.

``icalendar`` escapes and folds. Only ``add`` with values of known types is used: its ``new`` constructors put random
UIDs, today's DTSTAMP and the library's version into what must be the same bytes for ever.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Todo, vDate, vDatetime, vDuration, vText, vUri

from lifecycle.days.dates import cutoff_at
from lifecycle.feeds import Detail
from notifiers.calendar import texts

if TYPE_CHECKING:
    from icalendar import Component

    from notifiers.calendar.values import FeedEntry, FeedView

_ONE_DAY: Final = timedelta(days=1)
_HALF_HOUR: Final = timedelta(minutes=30)
_NINE: Final = timedelta(hours=9)  # on the reader's clock
_END: Final = b"END:VCALENDAR\r\n"
_ALARM: Final = b"BEGIN:VALARM\r\n"
_DESCRIPTION: Final = re.compile(rb"(?<=\n)DESCRIPTION:[^\r]*\r\n(?: [^\r]*\r\n)*")  # with its folds


def calendar(view: FeedView, detail: Detail, components: list[bytes], left_out: int) -> bytes:
    """The whole calendar around *components*."""
    return b"".join((_head(view, detail, left_out), *components, _END))


@lru_cache(maxsize=64)  # it changes with a feed's settings alone, and each change of the register asks for it twice
def _head(view: FeedView, detail: Detail, left_out: int) -> bytes:
    name, purpose = texts.calendar_name(view, detail), texts.purpose(left_out)
    outer = Calendar()
    add_all(
        outer,
        ("VERSION", "2.0"),
        ("PRODID", "-//Longstop//Deadlines//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", name),
        ("X-WR-CALNAME", name),
        ("DESCRIPTION", purpose),
        ("X-WR-CALDESC", purpose),
    )
    outer.add("URL", vUri(f"{view.base_url.rstrip('/')}/deadlines"))
    outer.add("REFRESH-INTERVAL", vDuration(view.refresh), parameters={"VALUE": "DURATION"})
    outer.add("X-PUBLISHED-TTL", vDuration(view.refresh))
    add_all(outer, ("COLOR", view.colour))
    return rendered(outer).removesuffix(_END)


def event(view: FeedView, entry: FeedEntry, detail: Detail, *, alarm_days: int | None = None) -> bytes:
    """An entry as VEVENT; *alarm_days* before it one alarm."""
    detail = texts.detail_of(entry, detail)
    summary, link = texts.summary(entry, detail), texts.link(view, entry)
    component = Event()
    _add_stamps(component, view, entry, view.uid(entry.name), *_span(view, entry))
    add_all(component, ("SUMMARY", summary), ("DESCRIPTION", texts.description(entry, detail, link)))
    add_ending(component, entry, detail, link)
    if alarm_days is not None and entry.is_open:
        component.add_component(alarm(summary, alarm_days, is_timed=_is_timed(view, entry)))
    return rendered(component)


def reminder(view: FeedView, entry: FeedEntry, detail: Detail, days: int) -> bytes:
    """An all-day VEVENT *days* before an open deadline."""
    detail = texts.detail_of(entry, detail)
    on = entry.safe_on - timedelta(days=days)
    component = Event()
    _add_stamps(component, view, entry, view.uid(f"{entry.name}/r{days}"), vDate(on), vDate(on + _ONE_DAY))
    add_all(component, ("SUMMARY", texts.reminder_summary(entry, detail, days)))
    add_ending(component, entry, detail, texts.link(view, entry))
    return rendered(component)


def to_do(view: FeedView, entry: FeedEntry, detail: Detail) -> bytes:
    """A deadline as VTODO. Ticking it off in an app changes nothing here."""
    detail = texts.detail_of(entry, detail)
    link, stamp = texts.link(view, entry), _stamp(view, entry.changed_at)
    status = _todo_status(entry)
    component = Todo()
    add_all(component, ("UID", view.uid(f"{entry.name}/todo")), ("DTSTAMP", stamp))
    component.add("DUE", vDate(entry.safe_on), parameters={"VALUE": "DATE"})
    add_all(
        component,
        ("SEQUENCE", _sequence(entry)),
        ("LAST-MODIFIED", stamp),
        ("SUMMARY", texts.summary(entry, detail)),
        ("DESCRIPTION", texts.description(entry, detail, link)),
    )
    _add_about(component, entry, detail, link)
    add_all(component, ("STATUS", status))
    if status == "COMPLETED" and entry.closed:
        add_all(component, ("COMPLETED", vDatetime(whole_seconds(entry.closed.at))))
    add_all(component, ("CLASS", "PRIVATE"))
    return rendered(component)


def undescribed(component: bytes) -> bytes:
    """A component without its own description; an alarm keeps its."""
    own, alarm, rest = component.partition(_ALARM)
    return _DESCRIPTION.sub(b"", own, count=1) + alarm + rest


def nothing(view: FeedView) -> bytes:
    """The one VEVENT of a feed without entries: parsers refuse a calendar without any (RFC 5545 3.6)."""
    stamp, on = vDatetime(whole_seconds(view.changed_at)), view.created_on
    component = Event()
    add_all(component, ("UID", view.uid(f"feed/{view.feed_id}/empty")), ("DTSTAMP", stamp))
    add_days(component, vDate(on), vDate(on + _ONE_DAY))
    add_all(component, ("SEQUENCE", 0), ("LAST-MODIFIED", stamp), ("SUMMARY", texts.EMPTY))
    component.add("URL", vUri(f"{view.base_url.rstrip('/')}/deadlines"))
    add_all(component, ("STATUS", "CONFIRMED"), *_FREE)
    return rendered(component)


def nothing_to_do(view: FeedView) -> bytes:
    """The one VTODO of a list without entries; it is completed, so that nobody has to do it."""
    stamp = vDatetime(whole_seconds(view.changed_at))
    component = Todo()
    add_all(component, ("UID", view.uid(f"feed/{view.feed_id}/empty/todo")), ("DTSTAMP", stamp))
    component.add("DUE", vDate(view.created_on), parameters={"VALUE": "DATE"})
    add_all(component, ("SEQUENCE", 0), ("LAST-MODIFIED", stamp), ("SUMMARY", texts.EMPTY))
    component.add("URL", vUri(f"{view.base_url.rstrip('/')}/deadlines"))
    add_all(component, ("STATUS", "COMPLETED"), ("CLASS", "PRIVATE"))
    return rendered(component)


def starts(view: FeedView, entry: FeedEntry) -> str:
    """By what VEVENTs are ordered: DTSTART as it is written."""
    return f"{_half_hour_at(entry):%Y%m%dT%H%M%SZ}" if _is_timed(view, entry) else f"{entry.safe_on:%Y%m%d}"


_FREE: Final = (("TRANSP", "TRANSPARENT"), ("CLASS", "PRIVATE"), ("X-MICROSOFT-CDO-BUSYSTATUS", "FREE"))


def _add_stamps(  # noqa: PLR0913, PLR0917 - the properties that every VEVENT begins with
    component: Component, view: FeedView, entry: FeedEntry, uid: str, first: vDate | vDatetime, after: vDate | vDatetime
) -> None:
    stamp = _stamp(view, entry.changed_at)
    add_all(component, ("UID", uid), ("DTSTAMP", stamp))
    add_days(component, first, after)
    add_all(component, ("SEQUENCE", _sequence(entry)), ("LAST-MODIFIED", stamp))


def add_days(component: Component, first: vDate | vDatetime, after: vDate | vDatetime) -> None:
    """First day and the day after, or the two instants."""
    parameters = {"VALUE": "DATE"} if isinstance(first, vDate) else {}
    component.add("DTSTART", first, parameters=parameters)
    component.add("DTEND", after, parameters=parameters)


def _add_about(component: Component, entry: FeedEntry, detail: Detail, link: str) -> None:
    if detail is not Detail.BUSY:
        component.add("CATEGORIES", [entry.kind.value])
    component.add("URL", vUri(link))


def add_ending(component: Component, entry: FeedEntry, detail: Detail, link: str) -> None:
    """What every VEVENT ends with."""
    _add_about(component, entry, detail, link)
    status = "CANCELLED" if entry.closed else "TENTATIVE" if entry.is_unverified else "CONFIRMED"
    add_all(component, ("STATUS", status), *_FREE)


def rendered(component: Component) -> bytes:
    """The component's lines, in the order in which they were added."""
    data: bytes = component.to_ical(sorted=False)
    return data


def add_all(component: Component, *properties: tuple[str, str | int | vDatetime]) -> None:
    """Add what is not empty. A text goes in as ``vText``: some names would not be escaped otherwise."""
    for name, value in properties:
        if value != "":
            component.add(name, vText(value) if isinstance(value, str) else value)


def alarm(summary: str, days: int, *, is_timed: bool = False) -> Alarm:
    """One alarm *days* before; for a whole day at nine on the reader's clock."""
    bell = Alarm()
    add_all(bell, ("ACTION", "DISPLAY"), ("DESCRIPTION", summary))
    bell.add("TRIGGER", vDuration(-timedelta(days=days) + (timedelta() if is_timed else _NINE)))
    return bell


def _is_timed(view: FeedView, entry: FeedEntry) -> bool:
    return view.timed and entry.cut_off is not None and entry.is_deadline


def _span(view: FeedView, entry: FeedEntry) -> tuple[vDate | vDatetime, vDate | vDatetime]:
    """The day and the day after (equal days break Outlook); the half hour before the cut-off, in UTC, if *timed*."""
    if not _is_timed(view, entry):
        return vDate(entry.safe_on), vDate(entry.safe_on + _ONE_DAY)
    begins_at = _half_hour_at(entry)
    return vDatetime(begins_at), vDatetime(begins_at + _HALF_HOUR)


def _half_hour_at(entry: FeedEntry) -> datetime:
    """When the half hour before the cut-off begins, in UTC."""
    assert entry.cut_off is not None, "only an entry with a cut-off is timed"  # noqa: S101 - see _is_timed
    return cutoff_at(entry.safe_on, entry.cut_off.at, ZoneInfo(entry.cut_off.zone)).astimezone(UTC) - _HALF_HOUR


def _sequence(entry: FeedEntry) -> int:
    """Grows by every move, outcome and reopening; an outcome alone raises no revision."""
    return 2 * entry.revision + (entry.closed is not None)


def _stamp(view: FeedView, changed_at: datetime) -> vDatetime:
    return vDatetime(whole_seconds(max(changed_at, view.changed_at)))


def whole_seconds(at: datetime) -> datetime:
    """An instant in UTC without its fraction: calendars know none."""
    return at.astimezone(UTC).replace(microsecond=0)


def _todo_status(entry: FeedEntry) -> str:
    if entry.closed is None:
        return "NEEDS-ACTION"
    return "COMPLETED" if entry.closed.how in {"done", "decided"} else "CANCELLED"
