"""Charts drawn on the server: bars along one line, and pairs of bars through the weeks.

Pure functions of values. Lengths are percentages of the width, so one drawing fits every page; colours are classes of
the style sheet. A chart is a picture that holds no link, and the same numbers always stand in a table beside it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from notifiers.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINE: Final = 38  # pixels of a bar with its name above it
_HIGH: Final = 12  # of a bar
_WEEK: Final = 64  # of a row of weeks
_TALL: Final = 36  # of the highest bar in it


class Bar(NamedTuple):
    """A name, and how much of the whole is what is asked for."""

    name: str
    part: int
    whole: int


class Weeks(NamedTuple):
    """Somebody's numbers week by week; where there is a *before*, the two stand beside each other."""

    name: str
    after: tuple[int, ...]
    before: tuple[int, ...] = ()


def bars(found: Sequence[Bar], *, title: str) -> str:
    """A line for each: the whole pale, the part of it in full."""
    most = max((one.whole for one in found), default=0) or 1
    drawn = [
        f'<text x="0" y="{top + 14}">{escape(one_line(one.name, 40))}: {one.part:,} of {one.whole:,}</text>'
        + _rect("tl-term", 0, top + 20, 100 * one.whole / most, _HIGH)
        + _rect("tl-kept", 0, top + 20, 100 * one.part / most, _HIGH)
        for one, top in zip(found, range(0, _LINE * len(found), _LINE), strict=True)
    ]
    return _picture(drawn, _LINE * len(found), title)


def weeks(found: Sequence[Weeks], *, title: str) -> str:
    """A row for each person: of every week a bar before and, beside it, one after."""
    most = max((number for one in found for number in (*one.before, *one.after)), default=0) or 1
    drawn = [part for place, one in enumerate(found) for part in _row(one, place * _WEEK, most)]
    return _picture(drawn, _WEEK * len(found), title)


def _row(one: Weeks, top: int, most: int) -> Iterator[str]:
    yield f'<text x="0" y="{top + 13}">{escape(one_line(one.name, 40))}</text>'
    floor, step = top + _WEEK - 6, 100 / max(len(one.after), 1)
    both = (("tl-term", one.before, 0.08), ("tl-window", one.after, 0.5))
    for css, numbers, shift in both if one.before else (("tl-term", one.after, 0.3),):
        for number, value in enumerate(numbers):
            high = _TALL * value / most
            yield _rect(css, (number + shift) * step, floor - high, 0.38 * step, high)
    yield f'<line class="tl-grid" x1="0" x2="100%" y1="{floor}" y2="{floor}"/>'


def _rect(css: str, left: float, top: float, width: float, high: float) -> str:
    if not width or not high:
        return ""
    return f'<rect class="{css}" x="{left:.2f}%" y="{top:.1f}" width="{width:.2f}%" height="{high:.1f}" rx="1"/>'


def _picture(drawn: Sequence[str], high: int, title: str) -> str:
    told = escape(title)
    return f'<svg class="tl" role="img" aria-label="{told}" width="100%" height="{high}">{"".join(drawn)}</svg>'
