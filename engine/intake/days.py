"""Days as people write them, and the order in which a column writes day and month.

Nothing is guessed row by row: 03/04/2026 takes the order of its column, which a person names or which the column's own
unmistakable values (31/01/2025, 31.01.2025) agree on. Where they disagree or there are none, the value is refused at
its cell. Days with a dot are day first (31.12.2026); ISO days, names of months and date cells need no order.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from engine.intake.findings import Said, noted, refused
from engine.intake.import_map import DayOrder
from lifecycle.days.years import is_within
from lifecycle.errors import DayOutOfRange
from lifecycle.words import spoken


class NoEnd(StrEnum):
    """What stands in a column of last days where there is none."""

    PERPETUAL = "perpetual"


_TIME = re.compile(r"[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?|Z|[+-]\d{2}:?\d{2})?$", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,4})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?", re.ASCII)
_NAMED_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]*(?:of\s+)?([^\W\d_]+)\.?[\s,-]*(\d{4}|'?\d{2})", re.IGNORECASE
)
_NAMED_MONTH_FIRST = re.compile(
    r"([^\W\d_]+)\.?[\s-]*(\d{1,2})(?:st|nd|rd|th|\.)?[\s,-]+(\d{4}|'?\d{2})", re.IGNORECASE
)
_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+"
    r"|(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so)\.?,?\s+",
    re.IGNORECASE,
)
_REDACTED = re.compile(r"\[[\s*_.xX?-]*\]|\*{2,}|_{2,}|\?{2,}|\bx{2,}\b|\btb[da]\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\d.*;|;.*\d|\d{4}(?:\s*(?:,|\bor\b|\band\b|&)\s*|\s+/\s+)(?:\d|[^\W\d_])|perpetual\W+\d", re.IGNORECASE
)
_SERIAL = re.compile(r"\d{5,6}(?:\.\d+)?", re.ASCII)
_BASIC = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})", re.ASCII)
_BARE = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_SERIAL_ORIGIN: Final = date(1899, 12, 30)  # Excel's day 0, its 29 February 1900 taken into account
_FIRST_SERIAL: Final = 10_000  # 18 May 1927: below it a number is a year, or a typing error
_LAST_DAY: Final = date(9999, 12, 31)
_WRITE: Final = "Write the whole day, such as 2026-12-31."
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january januar jänner",
            "february februar",
            "march märz maerz",
            "april",
            "may mai",
            "june juni",
            "july juli",
            "august",
            "september sept",
            "october oktober",
            "november",
            "december dezember",
        ),
        start=1,
    )
    for name in names.split()
}
_LONGEST: Final = 60
_SHORTEST_MONTH: Final = 3  # letters
_NO_END: Final = (
    "perpetual perpetually evergreen indefinite indefinitely open-ended open open-end unlimited forever "
    "unbefristet unbegrenzt ongoing until-terminated bis-auf-weiteres no-end "
    "never never-expires does-not-expire no-expiry no-expiration nie läuft-nicht-ab "
    "auf-unbestimmte-zeit auf-unbestimmte-dauer unbestimmt "
)
PERPETUAL_WORDS: Final = frozenset(_NO_END.split())


def read_day(cell: object, order: DayOrder | None, *, may_be_perpetual: bool = False) -> Said:
    """Read a cell of a column of days whose order is *order*; it never raises."""
    if isinstance(cell, str):
        return _read_text(cell, order, may_be_perpetual)
    if type(cell) is date and is_within(cell):
        return Said(cell)
    found = _of_cell(cell)
    return _checked(found, may_be_perpetual)


def column_order(cells: Iterable[object]) -> DayOrder | None:
    """The order that the unmistakable texts among *cells* agree on; None where they disagree or there are none."""
    found = {order for cell in cells if isinstance(cell, str) and (order := shown_order(cell))}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=8192)
def shown_order(text: str) -> DayOrder | None:
    """The order that a written day shows by its numbers: one of them is no month. Days with a dot count as well."""
    found = _numbered(text)
    return _order_of(int(found[1]), int(found[3])) if found else None


@lru_cache(maxsize=8192)
def is_two_ways(text: str) -> bool:
    """Whether a written day can be read day first and month first, as two different days."""
    found = _numbered(text)
    if not found or found[2] == ".":
        return False
    first, second = int(found[1]), int(found[3])
    return first != second and 1 <= first <= 12 and 1 <= second <= 12


def redacted(text: str) -> bool:
    """Whether a part of *text* is blanked out: ``[]``, ``[ * * * ]``, ``____``."""
    return bool(_REDACTED.search(text))


def full_year(year: int) -> int:
    """90 to 99 are 1990 to 1999, every other two-digit year is of this century."""
    return year + (1900 if year >= 90 else 2000) if year < 100 else year


@lru_cache(maxsize=8192)
def _read_text(text: str, order: DayOrder | None, may_be_perpetual: bool) -> Said:  # noqa: FBT001 - a cache has no keywords
    clean = " ".join(text.split())
    if may_be_perpetual and "-".join(clean.casefold().split()) in PERPETUAL_WORDS:
        return Said(NoEnd.PERPETUAL)
    if len(clean) > _LONGEST:
        return refused("unreadable_day", "This is no day.", _WRITE)
    if redacted(clean):
        return refused("redacted", "A part of the day is blanked out.", f'{_WRITE} "-" says that it is not known.')
    if _SEVERAL.search(clean):
        return refused("several_days", "This says more than one thing.", f"Keep one. {_WRITE}")
    return _checked(_of_text(_TIME.sub("", clean), order), may_be_perpetual)


def _checked(found: Said, may_be_perpetual: bool) -> Said:  # noqa: FBT001 - as above
    if not isinstance(found.value, date):
        return found
    if found.value == _LAST_DAY and may_be_perpetual:
        message = "31 Dec 9999 stands for no last day: taken as perpetual."
        return noted(NoEnd.PERPETUAL, "perpetual_assumed", message, "Write perpetual.")
    if not is_within(found.value):
        return refused(DayOutOfRange.code, DayOutOfRange(found.value).sentence, "Check the year.")
    return found


def _of_cell(cell: object) -> Said:
    match cell:
        case datetime():
            return Said(cell.date())
        case date():
            return Said(cell)
        case bool():
            return refused("unreadable_day", "This is no day.", _WRITE)
        case int() | float():
            return _serial(cell)
        case _:
            return refused("unreadable_day", "This is a time or a length, no day.", _WRITE)


def _serial(number: float) -> Said:
    if not _FIRST_SERIAL <= number <= (_LAST_DAY - _SERIAL_ORIGIN).days:
        return refused("unreadable_day", "This number is no day.", _WRITE)
    return Said(_SERIAL_ORIGIN + timedelta(days=int(number)))


def _of_text(text: str, order: DayOrder | None) -> Said:  # noqa: PLR0911 - one form of a day after another
    if numbers := _NUMBERS.fullmatch(text):
        return _of_numbers(numbers, order)
    if _SERIAL.fullmatch(text):
        return _serial(float(text))
    if basic := _BASIC.fullmatch(text):
        return _built(basic[1], int(basic[2]), int(basic[3]))
    if _BARE.fullmatch(text):
        return refused("unreadable_day", "A number alone is no day.", _WRITE)
    bare = _WEEKDAY.sub("", text, count=1)
    if named := _NAMED_DAY_FIRST.fullmatch(bare):
        return _of_name(named[1], named[2], named[3])
    if named := _NAMED_MONTH_FIRST.fullmatch(bare):
        return _of_name(named[2], named[1], named[3])
    return refused("unreadable_day", "This is no day.", _WRITE)


def _of_name(day: str, month: str, year: str) -> Said:
    word = month.casefold()
    if len(word) < _SHORTEST_MONTH:  # "Q2 2025"
        return refused("unreadable_day", "This is no day.", _WRITE)
    number = next((number for name, number in _MONTHS.items() if name.startswith(word)), None)
    if number is None:
        return refused("unreadable_day", f"There is no month {month}.", _WRITE)
    return _built(year.removeprefix("'"), number, int(day))


def _of_numbers(found: re.Match[str], order: DayOrder | None) -> Said:
    first, separator, second, last = found.groups()
    if len(first) > 2:
        return _built(first, int(second), int(last))
    if len(last) not in {2, 4}:
        return refused("unreadable_day", "The year has neither two nor four digits.", _WRITE)
    if separator == ".":
        return _built(last, int(second), int(first))
    return _ordered(int(first), int(second), last, order)


def _ordered(first: int, second: int, year: str, order: DayOrder | None) -> Said:
    shown = _order_of(first, second)
    if shown is None and order is None and first != second and max(first, second) <= 12:
        message = "Day first or month first? This column does not settle it."
        remedy = "Say which order its days have, dmy or mdy, or write 2026-12-31."
        return refused("ambiguous_day", message, remedy)
    if shown and order and shown is not order:
        message = f"This does not fit the order of its column ({_SPOKEN[order]})."
        return refused("day_order", message, _WRITE)
    if (shown or order) is DayOrder.MDY:
        return _built(year, first, second)
    return _built(year, second, first)


_SPOKEN: Final = {DayOrder.DMY: "day, month, year", DayOrder.MDY: "month, day, year"}


def _built(year: str, month: int, day: int) -> Said:
    try:
        found = date(full_year(int(year)), month, day)
    except ValueError:
        return refused("no_such_day", "There is no such day.", f"Check day and month. {_WRITE}")
    if len(year) > 2:
        return Said(found)
    message = f"The year has two digits: taken as {spoken(found)}."
    return noted(found, "two_digit_year", message, "Write the year with four digits.")


def _numbered(text: str) -> re.Match[str] | None:
    found = _NUMBERS.fullmatch(_TIME.sub("", " ".join(text.split()))) if len(text) <= _LONGEST else None
    return found if found and len(found[1]) <= 2 and len(found[4]) in {2, 4} else None


def _order_of(first: int, second: int) -> DayOrder | None:
    """The order that the numbers themselves show: one of them is no month."""
    if 1 <= first <= 12 < second <= 31:
        return DayOrder.MDY
    if 1 <= second <= 12 < first <= 31:
        return DayOrder.DMY
    return None
