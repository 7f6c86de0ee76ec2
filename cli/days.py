"""Days and periods as people type them (INTERFACE.md C5): ``2026-12-01``, ``today``, ``+30d``, ``-2w``, ``+3m``."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from cli.errors import UsageRefused
from lifecycle.days.years import must_be_within
from lifecycle.errors import DayOutOfRange

if TYPE_CHECKING:
    from lifecycle.days.dates import Period

_RELATIVE: Final = re.compile(r"([+-]?)(\d{1,5})(d|w|m|y)")
_UNITS: Final = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_REMEDY: Final = "Write 2026-12-01, today, +30d, -2w, +3m or +1y."


def parse_day(text: str, today: date, option: str) -> date:
    """The day that *text* means, seen from *today*. Raises UsageRefused, which names *option*."""
    said = text.strip().lower()
    if said == "today":
        return today
    if found := _RELATIVE.fullmatch(said):
        return _counted(found, today, option)
    try:
        on = date.fromisoformat(said)
        must_be_within(on)
    except ValueError:
        raise UsageRefused(f"{option}: {text!r} is no day.", remedy=_REMEDY) from None
    except DayOutOfRange as error:
        raise UsageRefused(f"{option}: {error.sentence}", remedy=error.remedy) from None
    return on


def parse_length(text: str, option: str) -> Period:
    """A period, such as ``60 days`` or ``5bd``. Raises UsageRefused."""
    from lifecycle.days.period_text import parse_period
    from lifecycle.errors import PeriodError

    try:
        stated = parse_period(text)
    except PeriodError as error:
        raise UsageRefused(f"{option}: {error.sentence}", remedy=error.remedy) from None
    if stated.period is None:
        raise UsageRefused(f"{option}: {text!r} has no length.", remedy='Write a number and a unit, such as "60 days".')
    return stated.period


def _counted(found: re.Match[str], today: date, option: str) -> date:
    from lifecycle.days.dates import Period, after, before
    from lifecycle.errors import PeriodError

    sign, number, unit = found.groups()
    try:
        period = Period(**{_UNITS[unit]: int(number)})
        return before(today, period) if sign == "-" else after(today, period)
    except (DayOutOfRange, PeriodError) as error:
        raise UsageRefused(f"{option}: {error.sentence}", remedy=error.remedy) from None
