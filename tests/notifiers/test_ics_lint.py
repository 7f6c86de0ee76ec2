"""The linter itself: a sound feed has no finding, and each clause finds the fault that is planted for it."""

import pytest

from notifiers.calendar import Detail, Reminders, feed, todo
from tests.support.feed_facts import BASE_URL, notice, term_end, view
from tests.support.ics_lint import lint

ALARMED = feed(view(), [notice(), term_end()], detail=Detail.FULL, reminders=Reminders.BOTH)
TODO = todo(view(), [notice()], detail=Detail.FULL)
ALARM = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT15H\r\nEND:VALARM\r\n"
UID = b"UID:c0bb54d1-be25-52ca-9dd2-5d12dec92281\r\n"


def codes(data, **settings):
    return {finding.code for finding in lint(data, **settings)}


def test_a_sound_feed_has_no_finding():
    assert lint(ALARMED, base_url=BASE_URL) == []
    assert lint(TODO, kind="todo", base_url=BASE_URL) == []


def swapped(old, new):
    assert old in ALARMED
    return ALARMED.replace(old, new, 1)


def before(mark, more):
    return swapped(mark, more + mark)


EVERYBODY = {
    "L01 a byte order mark": ("L01", b"\xef\xbb\xbf" + ALARMED),
    "L01 HTML": ("L01", b"<!DOCTYPE html>\r\n"),
    "L01 nothing": ("L01", b""),
    "L02 cut off": ("L02", ALARMED.removesuffix(b"END:VCALENDAR\r\n")),
    "L03 a bare LF": ("L03", swapped(b"VERSION:2.0\r\n", b"VERSION:2.0\n")),
    "L03 a bare CR": ("L03", swapped(b"VERSION:2.0\r\n", b"VERSION:2.0\r")),
    "L04 a blank line": ("L04", before(b"BEGIN:VEVENT", b"\r\n")),
    "L05 a long line": ("L05", before(b"SUMMARY:", b"X-LONG:" + b"x" * 80 + b"\r\n")),
    "L06 a fold inside a letter": (
        "L06",
        swapped("ü".encode(), b"\xc3\r\n \xbc"),
    ),
    "L07 a control character": ("L07", swapped(b"SUMMARY:", b"SUMMARY:\x07")),
    "L07 a line separator": ("L07", swapped(b"SUMMARY:", "SUMMARY:\u2028".encode())),
    "L10 no content line": ("L10", before(b"BEGIN:VEVENT", b"nonsense\r\n")),
    "L10 lower case": ("L10", swapped(b"SUMMARY:", b"summary:")),
    "L10 a parameter twice": ("L10", swapped(b"DTSTART;VALUE=DATE:", b"DTSTART;VALUE=DATE;VALUE=DATE:")),
    "L11 not ended": ("L11", swapped(b"END:VEVENT\r\n", b"")),
    "L11 two calendars": ("L11", ALARMED + ALARMED),
    "L12 no component": (
        "L12",
        ALARMED[: ALARMED.index(b"BEGIN:VEVENT")] + b"END:VCALENDAR\r\n",
    ),
    "L13 no DTSTAMP": ("L13", swapped(b"DTSTAMP:20261103T140509Z\r\n", b"")),
    "L13 UID twice": ("L13", before(UID, UID)),
    "L14 DTEND and DURATION": ("L14", before(b"SEQUENCE:2", b"DURATION:P1D\r\n")),
    "L16 another version": ("L16", swapped(b"VERSION:2.0", b"VERSION:1.0")),
    "L16 another calendar": ("L16", swapped(b"CALSCALE:GREGORIAN", b"CALSCALE:JULIAN")),
    "L17 METHOD without ORGANIZER": ("L17", swapped(b"CALSCALE:", b"METHOD:PUBLISH\r\nCALSCALE:")),
    "L18 a day without VALUE": ("L18", swapped(b"DTSTART;VALUE=DATE:", b"DTSTART:")),
    "L18 REFRESH-INTERVAL without VALUE": ("L18", swapped(b"REFRESH-INTERVAL;VALUE=DURATION", b"REFRESH-INTERVAL")),
    "L18 SOURCE without VALUE": ("L18", before(b"COLOR:", b"SOURCE:https://longstop.example/x\r\n")),
    "L18 an absolute TRIGGER without VALUE": ("L18", swapped(b"TRIGGER:-P6DT15H", b"TRIGGER:20261124T090000Z")),
    "L19 29 Feb 2027": ("L19", swapped(b"DTSTART;VALUE=DATE:20270131", b"DTSTART;VALUE=DATE:20270229")),
    "L20 a zone that is not there": (
        "L20",
        swapped(b"DTEND;VALUE=DATE:20261202", b"DTEND;TZID=Europe/Berlin:20261202T000000"),
    ),
    "L21 a local stamp": ("L21", swapped(b"DTSTAMP:20261103T140509Z", b"DTSTAMP:20261103T140509")),
    "L22 a month as length": ("L22", swapped(b"TRIGGER:-P6DT15H", b"TRIGGER:-P1M")),
    "L22 a refresh that is no length": ("L22", swapped(b"X-PUBLISHED-TTL:PT6H", b"X-PUBLISHED-TTL:6h")),
    "L23 a negative SEQUENCE": ("L23", swapped(b"SEQUENCE:2", b"SEQUENCE:-1")),
    "L24 a to-do's status": ("L24", swapped(b"STATUS:CONFIRMED", b"STATUS:COMPLETED")),
    "L24 an unknown class": ("L24", swapped(b"CLASS:PRIVATE", b"CLASS:SECRET")),
    "L25 a bare comma": ("L25", swapped(b"GmbH\\,", b"GmbH,")),
    "L25 a bare semicolon in the name": ("L25", swapped(b"X-WR-CALNAME:My", b"X-WR-CALNAME:My;")),
    "L26 a hex colour": ("L26", swapped(b"COLOR:steelblue", b"COLOR:#ff0000")),
    "L27 no DESCRIPTION": (
        "L27",
        swapped(b"ACTION:DISPLAY\r\nDESCRIPTION:", b"ACTION:DISPLAY\r\nX-NO:"),
    ),
    "L27 REPEAT alone": ("L27", before(b"TRIGGER:", b"REPEAT:2\r\n")),
    "L28 a script": ("L28", swapped(b"URL:https://longstop.example/deadlines\r\n", b"URL:javascript:x\r\n")),
    "L29 COUNT and UNTIL": ("L29", before(b"SEQUENCE:2", b"RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101\r\n")),
    "L30 a UID twice": (
        "L30",
        swapped(b"UID:ff1d4d70-5600-53ec-8102-8749a1830789\r\n", UID),
    ),
    "L32 equal days": ("L32", swapped(b"DTEND;VALUE=DATE:20261202", b"DTEND;VALUE=DATE:20261201")),
    "L32 a day and an instant": ("L32", swapped(b"DTEND;VALUE=DATE:20261202", b"DTEND:20261202T000000Z")),
}


@pytest.mark.parametrize(("code", "data"), EVERYBODY.values(), ids=EVERYBODY.keys())
def test_a_planted_fault_is_found(code, data):
    assert code in codes(data, house=False)


LONG = b"SUMMARY:" + b"x" * 60 + (b"\r\n " + b"x" * 70) * 3 + b"\r\nX-OLD:"
ORGANISED = swapped(b"CALSCALE:GREGORIAN\r\n", b"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n").replace(
    b"SUMMARY:", b"ORGANIZER:mailto:x@example.com\r\nSUMMARY:"
)
HOUSE = {
    "L07 a bidi control": ("L07", swapped(b"SUMMARY:", "SUMMARY:\u202e".encode())),
    "L08 a fold by TAB": ("L08", swapped(b"\r\n ldorf", b"\r\n\tldorf")),
    "L09 too large": ("L09", before(b"BEGIN:VEVENT", (b"X-FILL:" + b"x" * 60 + b"\r\n") * 14_000)),
    "L13 no SUMMARY": ("L13", swapped(b"SUMMARY:", b"X-SUMMARY:")),
    "L15 a UID of the calendar": ("L15", swapped(b"CALSCALE:", UID + b"CALSCALE:")),
    "L15 a recurrence": ("L15", before(b"SEQUENCE:2", b"RRULE:FREQ=YEARLY\r\n")),
    "L15 another order": (
        "L15",
        swapped(b"TRANSP:TRANSPARENT\r\nCLASS:PRIVATE", b"CLASS:PRIVATE\r\nTRANSP:TRANSPARENT"),
    ),
    "L16 another PRODID": ("L16", swapped(b"//Deadlines//EN", b"//Deadlines 1.2//EN")),
    "L17 METHOD in a feed": ("L17", ORGANISED),
    "L20 a floating instant": ("L20", swapped(b"DTSTART;VALUE=DATE:20261201", b"DTSTART:20261201T090000")),
    "L27 two alarms": ("L27", swapped(b"BEGIN:VALARM", ALARM + b"BEGIN:VALARM")),
    "L28 another host": ("L28", swapped(b"https://longstop.example/deadlines\r\n", b"https://evil.example/x\r\n")),
    "L28 an address of a feed": (
        "L28",
        swapped(b"https://longstop.example/deadlines\r\n", b"https://longstop.example/feeds/t.ics\r\n"),
    ),
    "L30 a random UID": ("L30", swapped(UID, b"UID:0d5ef9a4-6a0c-4c58-9c9f-1f1f7c1d5b0e\r\n")),
    "L31 a letter in two parts": ("L31", swapped("Krüger".encode(), "Kru\u0308ger".encode())),
    "L31 a long title": ("L31", swapped(b"SUMMARY:", LONG)),
    "L32 two days": ("L32", swapped(b"DTEND;VALUE=DATE:20261202", b"DTEND;VALUE=DATE:20261203")),
    "L33 unsorted": ("L33", swapped(b"DTSTART;VALUE=DATE:20270131", b"DTSTART;VALUE=DATE:20250131")),
}


@pytest.mark.parametrize(("code", "data"), HOUSE.values(), ids=HOUSE.keys())
def test_a_breach_of_our_own_rules_is_found_and_is_no_fault_of_everybodys(code, data):
    assert code in codes(data, base_url=BASE_URL)
    assert code not in codes(data, house=False)


def test_every_clause_has_a_planted_fault():
    planted = {code for code, _ in [*EVERYBODY.values(), *HOUSE.values()]}
    assert planted == {f"L{number:02}" for number in range(1, 34)}
