"""The clauses about components and properties, L12 to L33; those marked *house* are our own narrower rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from unicodedata import normalize
from uuid import UUID

from tests.support.ics_parse import Block, Finding, Property, unescaped
from tests.support.ics_values import COLOURS, day, instant, is_escaped, is_length

Found = Iterator[Finding]


def _names(text: str) -> list[str]:
    return text.split()


CALENDAR = _names(
    "VERSION PRODID CALSCALE METHOD NAME X-WR-CALNAME DESCRIPTION X-WR-CALDESC URL REFRESH-INTERVAL X-PUBLISHED-TTL"
    " COLOR"
)
ORDERS = {
    "VCALENDAR": CALENDAR,
    "VEVENT": _names(
        "UID DTSTAMP DTSTART DTEND SEQUENCE LAST-MODIFIED ORGANIZER ATTENDEE SUMMARY DESCRIPTION CATEGORIES URL STATUS"
        " TRANSP CLASS X-MICROSOFT-CDO-BUSYSTATUS"
    ),
    "VTODO": _names("UID DTSTAMP DUE SEQUENCE LAST-MODIFIED SUMMARY DESCRIPTION CATEGORIES URL STATUS COMPLETED CLASS"),
    "VALARM": _names("ACTION DESCRIPTION TRIGGER"),
}
REQUIRED = {
    "VCALENDAR": {"PRODID", "VERSION"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART"},
    "VTODO": {"UID", "DTSTAMP"},
    "VALARM": {"ACTION", "TRIGGER"},
}
HOUSE_REQUIRED = {"VEVENT": {"DTEND", "SUMMARY"}, "VTODO": {"DUE", "SUMMARY"}}
REPEATABLE = {"ATTENDEE", "CATEGORIES", "COMMENT", "ATTACH", "EXDATE", "RDATE", "RELATED-TO", "CONTACT", "RESOURCES"}
TEXTS = {"SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "LOCATION", "COMMENT", "PRODID"}
STAMPS = {"DTSTAMP", "LAST-MODIFIED", "CREATED", "COMPLETED"}
DAYS = {"DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "EXDATE", "RDATE"}
LENGTHS = {"DURATION", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
STATUSES = {
    "VEVENT": {"CONFIRMED", "TENTATIVE", "CANCELLED"},
    "VTODO": {"NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"},
}
KNOWN = {
    "TRANSP": {"TRANSPARENT", "OPAQUE"},
    "CLASS": {"PUBLIC", "PRIVATE", "CONFIDENTIAL"},
    "ACTION": {"DISPLAY", "AUDIO", "EMAIL"},
}
LIMITS = {"NAME": 60, "X-WR-CALNAME": 60, "SUMMARY": 200, "DESCRIPTION": 4000}
ENTRIES = ("VEVENT", "VTODO")
_LARGEST = 2**31 - 1


def of_block(block: Block) -> Found:
    """L13 to L29 of one component, for everybody."""
    counts = Counter(each.name for each in block.properties)
    for name in sorted(REQUIRED.get(block.name, set()) - set(counts)):
        yield Finding("L13", block.line, f"{block.name} has no {name}")
    for name, count in counts.items():
        if count > 1 and name not in REPEATABLE:
            yield Finding("L13", block.line, f"{block.name} has {name} {count} times")
    if {"DTEND", "DURATION"} <= set(counts):
        yield Finding("L14", block.line, "DTEND and DURATION")
    for each in block.properties:
        yield from _of_property(block, each)
    if block.name == "VALARM":
        yield from _of_alarm(block)
    yield from _of_span(block)


def of_calendar(root: Block) -> Found:
    """L11, L12, L16, L17, L20, L30 of the whole."""
    calendars = [block for block in root.blocks if block.name == "VCALENDAR"]
    if len(calendars) != 1 or len(root.blocks) != 1 or root.properties:
        yield Finding("L11", 1, "not exactly one VCALENDAR")
    for calendar in calendars:
        if not [block for block in calendar.blocks if block.name in ENTRIES]:
            yield Finding("L12", calendar.line, "neither VEVENT nor VTODO")
        if calendar.value("VERSION") not in {None, "2.0"}:
            yield Finding("L16", calendar.line, "VERSION is not 2.0")
        if calendar.value("CALSCALE") not in {None, "GREGORIAN"}:
            yield Finding("L16", calendar.line, "CALSCALE is not GREGORIAN")
        yield from _of_method(calendar)
        yield from _of_zones(calendar)
        uids = Counter((block.name, block.value("UID"), block.value("RECURRENCE-ID")) for block in calendar.blocks)
        for (name, uid, _), count in uids.items():
            if name in ENTRIES and uid is not None and count > 1:
                yield Finding("L30", calendar.line, f"UID {uid} {count} times")


def of_house(root: Block, kind: str, base_url: str | None) -> Found:
    """What we alone ask: exactly the properties of the design, in order, all-day and sorted."""
    for block in root.walk()[1:]:
        yield from _house_order(block, kind)
        for name in sorted(HOUSE_REQUIRED.get(block.name, set()) - {each.name for each in block.properties}):
            yield Finding("L13", block.line, f"{block.name} has no {name}")
        for each in block.properties:
            yield from _house_property(each, base_url)
        yield from _house_entry(block)
    for calendar in root.blocks:
        if calendar.value("PRODID") != "-//Longstop//Deadlines//EN":
            yield Finding("L16", calendar.line, "PRODID is not ours")
        if kind != "invitation" and calendar.first("METHOD"):
            yield Finding("L17", calendar.line, "METHOD in a feed")
        starts = [(block.value("DTSTART") or block.value("DUE"), block.value("UID")) for block in calendar.blocks]
        if all(None not in start for start in starts) and starts != sorted(starts):  # type: ignore[type-var]
            yield Finding("L33", calendar.line, "not sorted by first day and UID")


def _of_property(block: Block, each: Property) -> Found:
    if each.name in DAYS:
        yield from _of_day(each)
    if each.value not in STATUSES.get(block.name, {each.value}) and each.name == "STATUS":
        yield Finding("L24", each.line, f"STATUS {each.value} in {block.name}")
    if each.value not in KNOWN.get(each.name, {each.value}):
        yield Finding("L24", each.line, f"{each.name} {each.value}")
    for code, names, is_right, words in _VALUES:
        if each.name in names and not is_right(each):
            yield Finding(code, each.line, f"{each.name} {words}: {each.value[:60]}")


_VALUES: tuple[tuple[str, Collection[str], Callable[[Property], bool], str], ...] = (
    ("L21", STAMPS, lambda each: instant(each.value) is not None and each.value.endswith("Z"), "is not in UTC"),
    ("L18", {"REFRESH-INTERVAL"}, lambda each: each.parameter("VALUE") == "DURATION", "without VALUE=DURATION"),
    ("L18", {"SOURCE"}, lambda each: each.parameter("VALUE") == "URI", "without VALUE=URI"),
    ("L22", LENGTHS, lambda each: is_length(each.value), "is no length"),
    ("L23", {"SEQUENCE"}, lambda each: each.value.isdecimal() and int(each.value) <= _LARGEST, "is no count"),
    ("L25", TEXTS, lambda each: is_escaped(each.value), "is not escaped"),
    ("L26", {"COLOR"}, lambda each: each.value in COLOURS, "is no colour"),
    ("L28", {"URL"}, lambda each: re.match(r"https?://[^\s]+$", each.value) is not None, "is no web address"),
    ("L29", {"RRULE"}, lambda each: not ("COUNT=" in each.value and "UNTIL=" in each.value), "with COUNT and UNTIL"),
)


def _of_day(each: Property) -> Found:
    kind = each.parameter("VALUE")
    is_day = re.fullmatch(r"\d{8}", each.value) is not None
    if is_day != (kind == "DATE"):
        yield Finding("L18", each.line, f"{each.name}: VALUE does not fit {each.value}")
    if (day(each.value) if is_day else instant(each.value)) is None:
        yield Finding("L19", each.line, f"{each.name}: {each.value} does not exist")


def _of_alarm(block: Block) -> Found:
    if block.value("ACTION") == "DISPLAY" and not block.first("DESCRIPTION"):
        yield Finding("L27", block.line, "DISPLAY without DESCRIPTION")
    if bool(block.first("REPEAT")) != bool(block.first("DURATION")):
        yield Finding("L27", block.line, "REPEAT and DURATION belong together")
    trigger = block.first("TRIGGER")
    if trigger is None:
        return
    if re.match(r"\d", trigger.value):
        if trigger.parameter("VALUE") != "DATE-TIME":
            yield Finding("L18", trigger.line, "an absolute TRIGGER without VALUE=DATE-TIME")
    elif not is_length(trigger.value):
        yield Finding("L22", trigger.line, f"TRIGGER is no length: {trigger.value}")


def _of_span(block: Block) -> Found:
    start, end = block.first("DTSTART"), block.first("DTEND")
    if start is None or end is None:
        return
    if (start.parameter("VALUE") == "DATE") != (end.parameter("VALUE") == "DATE"):
        yield Finding("L32", end.line, "DTEND is of another type than DTSTART")
    elif end.value <= start.value:
        yield Finding("L32", end.line, "DTEND is not after DTSTART")


def _of_method(calendar: Block) -> Found:
    if not calendar.first("METHOD"):
        return
    for block in calendar.blocks:
        if block.name in ENTRIES and not block.first("ORGANIZER"):
            yield Finding("L17", block.line, "METHOD without ORGANIZER")


def _of_zones(calendar: Block) -> Found:
    zones = {block.value("TZID") for block in calendar.blocks if block.name == "VTIMEZONE"}
    for each in (each for block in calendar.walk() for each in block.properties):
        if each.parameter("TZID") is not None and each.parameter("TZID") not in zones:
            yield Finding("L20", each.line, f"{each.name}: TZID without VTIMEZONE")


def _house_order(block: Block, kind: str) -> Found:
    order = ORDERS.get(block.name)
    if order is None:
        yield Finding("L15", block.line, f"{block.name} has no place here")
        return
    allowed = [name for name in order if kind == "invitation" or name not in {"METHOD", "ORGANIZER", "ATTENDEE"}]
    if block.name == "VCALENDAR" and kind == "invitation":
        allowed = allowed[:4]
    names = [each.name for each in block.properties]
    for each in block.properties:
        if each.name not in allowed:
            yield Finding("L15", each.line, f"{each.name} has no place in {block.name}")
    known = [allowed.index(name) for name in names if name in allowed]
    if known != sorted(known):
        yield Finding("L15", block.line, f"the properties of {block.name} are not in order")


def _house_property(each: Property, base_url: str | None) -> Found:
    if each.name in DAYS and (each.parameter("TZID") or (instant(each.value) and not each.value.endswith("Z"))):
        yield Finding("L20", each.line, f"{each.name} is not in UTC")
    if each.name == "URL" and base_url is not None and not each.value.startswith(f"{base_url.rstrip('/')}/"):
        yield Finding("L28", each.line, "URL is not under the base URL")
    if "/feeds/" in each.value:
        yield Finding("L28", each.line, "an address of a feed")
    if each.name in TEXTS:
        text = unescaped(each.value)
        if normalize("NFC", text) != text:
            yield Finding("L31", each.line, f"{each.name} is not NFC")
        if len(text) > LIMITS.get(each.name, len(text)):
            yield Finding("L31", each.line, f"{each.name} is longer than {LIMITS[each.name]}")


def _house_entry(block: Block) -> Found:
    uid, start, end = block.value("UID"), block.first("DTSTART"), block.first("DTEND")
    if uid is not None and not _is_version_5(uid):
        yield Finding("L30", block.line, "UID is no UUID of version 5")
    alarms = [inner for inner in block.blocks if inner.name == "VALARM"]
    if len(alarms) > 1:
        yield Finding("L27", block.line, "more than one VALARM")
    for alarm in alarms:
        if alarm.value("ACTION") != "DISPLAY" or re.match(r"\d", alarm.value("TRIGGER") or ""):
            yield Finding("L27", alarm.line, "not DISPLAY, or not relative")
    if start and end and start.parameter("VALUE") == "DATE":
        first, after = day(start.value), day(end.value)
        if first and after and after - first != timedelta(days=1):
            yield Finding("L32", end.line, "all-day and not one day")


def _is_version_5(uid: str) -> bool:
    try:
        return UUID(uid).version == 5 and str(UUID(uid)) == uid
    except ValueError:
        return False
