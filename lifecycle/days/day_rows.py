"""Days as a row of bytes: one for each day of 1900 to 2200, 1 where business is done.

So a calendar of any kind answers by looking, and joining two calendars is one operation on two numbers.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from lifecycle.days.calendar_parts import Joint, Weekend
from lifecycle.days.years import FIRST_DAY, LAST_DAY
from lifecycle.errors import DayOutOfRange

ORIGIN = FIRST_DAY.toordinal()
SIZE = LAST_DAY.toordinal() - ORIGIN + 1
DAYS_A_WEEK = 7
CLOSED, OPEN = b"\0", b"\1"
EVERY_DAY_OPEN = OPEN * SIZE


def place(day: date) -> int:
    """Where *day* stands in a row; raises DayOutOfRange outside 1900 to 2200."""
    index = day.toordinal() - ORIGIN
    if 0 <= index < SIZE:
        return index
    raise DayOutOfRange(day)


def joined(rows: Sequence[bytes], rule: Joint) -> bytes:
    """The row of several calendars; every day is open where there is none."""
    if not rows:
        return EVERY_DAY_OPEN
    whole = int.from_bytes(rows[0])
    for row in rows[1:]:
        whole = whole & int.from_bytes(row) if rule is Joint.ALL_OPEN else whole | int.from_bytes(row)
    return whole.to_bytes(SIZE)


def with_closed(row: bytes, weekends: Sequence[Weekend], days: Iterable[date]) -> bytes:
    """*row* with weekends (eras in order) and *days* taken out."""
    left = bytearray(row)
    ends = [max(era.since_on.toordinal() - ORIGIN, 0) for era in weekends[1:]]
    for era, stop in zip(weekends, [*ends, SIZE], strict=False):
        start = max(era.since_on.toordinal() - ORIGIN, 0)
        for weekday in era.days:
            # The weekday of an ordinal is (ordinal + 6) % 7, Monday being 0.
            first = start + (weekday - (start + ORIGIN + 6)) % DAYS_A_WEEK
            left[first:stop:DAYS_A_WEEK] = bytes(len(range(first, stop, DAYS_A_WEEK)))
    for day in days:
        left[place(day)] = 0
    return bytes(left)
