"""Other programs' eyes on our calendars: run by the Python of .venv-peers, which has no code of ours.

``python readers.py NAME FILE...`` prints, as JSON, what the parser NAME finds in each file: UID, first day, day after.
Whatever a parser complains about is an exception. ``python readers.py --names`` tells which parsers are there.
"""

import ctypes
import json
import sys
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path


def _day(value):
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def icalendar(data):
    """X1: no errors, and the same bytes again."""
    from icalendar import Calendar

    calendar = Calendar.from_ical(data)
    assert calendar.errors == [], calendar.errors
    assert all(part.errors == [] for part in calendar.walk()), "a component has errors"
    assert calendar.to_ical(sorted=False) == data, "written again it has other bytes"
    return [
        (str(one["UID"]), _day(one.decoded("DTSTART")), _day(one.decoded("DTEND"))) for one in calendar.walk("VEVENT")
    ]


def vobject(data):
    """X2: valid by its own lights."""
    from vobject import readOne

    calendar = readOne(data.decode())
    calendar.validate(raiseException=True)
    return [(one.uid.value, _day(one.dtstart.value), _day(one.dtend.value)) for one in calendar.contents["vevent"]]


def ics(data):
    """X3: alarms and states as well."""
    from ics import Calendar

    calendar = Calendar(data.decode())
    assert {one.status for one in calendar.events} <= {"CONFIRMED", "TENTATIVE", "CANCELLED"}
    return [(one.uid, _day(one.begin.datetime), _day(one.end.datetime)) for one in calendar.events]


def ical(data):
    """X4: the strict types of Home Assistant."""
    from ical.calendar_stream import IcsCalendarStream

    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    return [(one.uid, _day(one.dtstart), _day(one.dtend)) for one in calendar.events]


def recurring_ical_events(data):
    """X5: each once, over the years that the feed can show."""
    from icalendar import Calendar
    from recurring_ical_events import of

    found = of(Calendar.from_ical(data)).between(date(2020, 1, 1), date(2035, 1, 1))
    return [(str(one["UID"]), _day(one.decoded("DTSTART")), _day(one.decoded("DTEND"))) for one in found]


def libical(data):
    """X7: no errors, valid by RFC 5546 (icalrestriction_check), and no errors afterwards."""
    lib = _libical()
    component = lib.icalparser_parse_string(data)
    assert component, "libical cannot read it"
    try:
        assert lib.icalcomponent_count_errors(component) == 0
        assert lib.icalrestriction_check(component) == 1
        assert lib.icalcomponent_count_errors(component) == 0
        return list(_of_libical(lib, component))
    finally:
        lib.icalcomponent_free(component)


PARSERS = {one.__name__: one for one in (icalendar, vobject, ics, ical, recurring_ical_events, libical)}
_VEVENT = 4  # ICAL_VEVENT_COMPONENT of libical 3


class _Time(ctypes.Structure):
    _fields_ = [
        *(
            (name, ctypes.c_int)
            for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_daylight")
        ),
        ("zone", ctypes.c_void_p),
    ]


def _libical():
    lib = ctypes.CDLL("libical.so.3")
    for name in ("icalparser_parse_string", "icalcomponent_get_first_component", "icalcomponent_get_next_component"):
        getattr(lib, name).restype = ctypes.c_void_p
    lib.icalcomponent_get_uid.restype = ctypes.c_char_p
    for name in ("icalcomponent_get_dtstart", "icalcomponent_get_dtend"):
        getattr(lib, name).restype = _Time
        getattr(lib, name).argtypes = [ctypes.c_void_p]
    lib.icalcomponent_get_uid.argtypes = [ctypes.c_void_p]
    for name in ("icalcomponent_count_errors", "icalrestriction_check", "icalcomponent_free"):
        getattr(lib, name).argtypes = [ctypes.c_void_p]
    for name in ("icalcomponent_get_first_component", "icalcomponent_get_next_component"):
        getattr(lib, name).argtypes = [ctypes.c_void_p, ctypes.c_int]
    lib.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    return lib


def _of_libical(lib, calendar):
    one = lib.icalcomponent_get_first_component(calendar, _VEVENT)
    while one:
        begins, ends = lib.icalcomponent_get_dtstart(one), lib.icalcomponent_get_dtend(one)
        days = [date(at.year, at.month, at.day).isoformat() for at in (begins, ends)]
        yield (lib.icalcomponent_get_uid(one).decode(), *days)
        one = lib.icalcomponent_get_next_component(calendar, _VEVENT)


def _is_there(name):
    if name != "libical":
        return find_spec(name) is not None
    try:
        ctypes.CDLL("libical.so.3")
    except OSError:
        return False
    return True


if __name__ == "__main__":
    if sys.argv[1] == "--names":
        found = [name for name in PARSERS if _is_there(name)]
    else:
        found = {path: PARSERS[sys.argv[1]](Path(path).read_bytes()) for path in sys.argv[2:]}
    sys.stdout.write(json.dumps(found))
