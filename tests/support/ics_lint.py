"""Whether bytes are a calendar that every app reads (CALENDAR.md section 4, L01 to L33).

``house=False`` leaves out what only we ask. Every body in a test goes through ``lint``.
"""

from __future__ import annotations

import re
from typing import Literal

from tests.support.ics_parse import Finding, parsed
from tests.support.ics_rules import Found, of_block, of_calendar, of_house

CAP = 921_600
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OCTETS = 75

__all__ = ["CAP", "Finding", "lint"]


def lint(
    data: bytes,
    *,
    kind: Literal["feed", "todo", "invitation"] = "feed",
    house: bool = True,
    base_url: str | None = None,
) -> list[Finding]:
    """All that is wrong with *data*, by line."""
    findings = list(_bytes(data))
    if house:
        findings += _house_bytes(data)
    root, malformed = parsed(data.decode("utf-8", "replace"))
    findings += malformed
    findings += of_calendar(root)
    for block in root.walk()[1:]:
        findings += of_block(block)
    if house:
        findings += of_house(root, kind, base_url)
    return sorted(findings, key=lambda finding: (finding.line, finding.code))


def _bytes(data: bytes) -> Found:
    if not data.startswith(b"BEGIN:VCALENDAR\r\n"):
        yield Finding("L01", 1, "does not begin with BEGIN:VCALENDAR")
    if not data.rstrip(b"\r\n").endswith(b"END:VCALENDAR"):
        yield Finding("L02", data.count(b"\n"), "does not end with END:VCALENDAR")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data) or (data and not data.endswith(b"\r\n")):
        yield Finding("L03", 0, "a line end that is not CRLF")
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data)[:-1], 1):
        yield from _line(number, line)


def _line(number: int, line: bytes) -> Found:
    if not line.strip():
        yield Finding("L04", number, "a blank line")
    if len(line) > _OCTETS:
        yield Finding("L05", number, f"{len(line)} octets")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        yield Finding("L06", number, "not UTF-8 by itself")
        text = line.decode("utf-8", "replace")
    if _CONTROL.search(text):
        yield Finding("L07", number, "a control character")


def _house_bytes(data: bytes) -> Found:
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data), 1):
        if _BIDI.search(line.decode("utf-8", "replace")):
            yield Finding("L07", number, "a bidi control")
        if line.startswith(b"\t"):
            yield Finding("L08", number, "folded by TAB")
    if len(data) > CAP:
        yield Finding("L09", 0, f"{len(data)} octets")
