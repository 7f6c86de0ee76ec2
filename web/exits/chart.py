"""The steps of an exit as bars along time: what takes how long, what is critical, what is done, and where today is.

A pure function of values. Lengths are percentages of the whole; colours are classes of the style sheet. It is a picture
and holds no link: the same stands in the table below it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from notifiers.wording import day, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

_LINE: Final = 34  # pixels of a step: its name, and under it the bar
_BAR: Final = (20, 9)  # where the bar begins in its line, and how high it is
_FOOT: Final = 36  # of the two lines with days


class Bar(NamedTuple):
    """One step: from when it has to run, when it is due, and what it is."""

    name: str
    begin_by_on: date
    due_on: date
    is_critical: bool
    is_done: bool


def bars(found: Sequence[Bar], *, exit_on: date, today: date, title: str) -> str:
    """A line for each step, with the exit day and today across all of them."""
    if not found:
        return ""
    first_on = min(today, exit_on, *(one.begin_by_on for one in found))
    last_on = max(today, exit_on, *(one.due_on for one in found))
    whole = max((last_on - first_on).days, 1)

    def at(on: date) -> float:
        return 100 * (on - first_on).days / whole

    high = _LINE * len(found)
    drawn = [part for place, one in enumerate(found) for part in (_name(one, place), _bar(one, place, at))]
    drawn += [
        f'<line class="tl-grid" x1="{at(exit_on):.2f}%" x2="{at(exit_on):.2f}%" y1="0" y2="{high}"/>',
        f'<line class="tl-today" x1="{at(today):.2f}%" x2="{at(today):.2f}%" y1="0" y2="{high}"/>',
        f'<text x="0" y="{high + 15}">{escape(day(first_on))}</text>',
        f'<text x="100%" y="{high + 15}" text-anchor="end">{escape(day(last_on))}</text>',
    ]
    # Below the days at both ends, and towards the middle: it never runs into them, nor over the edge.
    towards = "end" if at(exit_on) > 50 else "start"
    drawn.append(
        f'<text x="{at(exit_on):.2f}%" y="{high + 30}" text-anchor="{towards}">exit {escape(day(exit_on))}</text>'
    )
    told = escape(title)
    return f'<svg class="tl" role="img" aria-label="{told}" width="100%" height="{high + _FOOT}">{"".join(drawn)}</svg>'


def _name(one: Bar, place: int) -> str:
    return f'<text x="0" y="{place * _LINE + 14}">{escape(one_line(one.name, 48))}</text>'


def _bar(one: Bar, place: int, at: Callable[[date], float]) -> str:
    css = "tl-kept" if one.is_done else "tl-window" if one.is_critical else "tl-term"
    left = min(at(one.begin_by_on), at(one.due_on))
    wide = max(at(one.due_on) - left, 0.6)
    top, high = place * _LINE + _BAR[0], _BAR[1]
    return f'<rect class="{css}" x="{left:.2f}%" y="{top}" width="{wide:.2f}%" height="{high}" rx="2"/>'
