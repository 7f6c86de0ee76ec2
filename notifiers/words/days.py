"""Days, stages and amounts as people read them (INTERFACE.md G6): never ``03/04/26``, relative only beside the day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lifecycle.words import MONTHS, WEEKDAYS
from notifiers.words.text import counted, one_line

if TYPE_CHECKING:
    from datetime import date

    from lifecycle.agreements.agreement import Money

_STAGE = re.compile(r"([+-]?)(\d+)(bd|d)")


def day(on: date) -> str:
    """``Tue 1 Dec 2026``."""
    return f"{WEEKDAYS[on.weekday()][:3]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date, today: date) -> str:
    """``Tue 1 Dec``; with the year where it is another than today's."""
    return f"{WEEKDAYS[on.weekday()][:3]} {brief_day(on, today)}"


def brief_day(on: date, today: date) -> str:
    """``1 Dec``; with the year where it is another than today's."""
    year = "" if on.year == today.year else f" {on.year}"
    return f"{on.day} {MONTHS[on.month - 1]}{year}"


def relative(on: date, today: date) -> str:
    """``in 10 days``, ``tomorrow``, ``today``, ``yesterday``, ``2 days ago``."""
    days = (on - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    if near:
        return near
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def days_left(on: date, today: date) -> str:
    """``10 days left``, ``Due today``, ``2 days overdue``: the head of a deadline's title."""
    days = (on - today).days
    if days == 0:
        return "Due today"
    return f"{counted(days, 'day')} left" if days > 0 else f"{counted(-days, 'day')} overdue"


def stage_words(stage: str) -> str:
    """``30 days before`` for ``-30d``, ``10 business days before`` for ``-10bd``; a stage with a name is its name."""
    match = _STAGE.fullmatch(stage)
    if match is None:
        return one_line(stage, 60)
    sign, number, unit = match[1], int(match[2]), match[3]
    if number == 0:
        return "on the day"
    length = counted(number, "business day" if unit == "bd" else "day")
    return f"{length} {'before' if sign == '-' else 'after'}"


def amount(money: Money) -> str:
    """``EUR 240,000``; cents, or thousandths, only where there are any."""
    value = money.amount.normalize()
    places = -int(value.as_tuple().exponent)
    return f"{money.currency} {value:,.{max(2, places) if places > 0 else 0}f}"
