"""The timeline as a picture: a row for each agreement, drawn on the server (INTERFACE.md P5).

A pure function of values. Lengths along time are percentages of the span and the letters keep their size, so one
drawing fits every width; colours are classes of the style sheet. It is a picture and holds no link: the same is in the
list below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Final

from lifecycle.days.dates import Period, after, before
from lifecycle.words import MONTHS
from notifiers.wording import counted, day, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SPANS: Final = (3, 9, 24)  # months ahead
_HEAD: Final = 22  # pixels of the line with the months
_ROW: Final = 30  # of a row: its name, and under it the bar
_BAR: Final = (17, 9)  # where the bar begins in its row, and how high it is
_DEFS: Final = (
    '<defs><pattern id="tl-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="tl-late" width="2" height="6"/></pattern>'
    '<path id="tl-d" class="tl-safe" d="M0-7 6 0 0 7-6 0z"/>'
    '<path id="tl-k" class="tl-kept" d="M0-7 6 0 0 7-6 0z"/></defs>'
)
_EVERY_QUARTER: Final = 12  # months from which on only each third is named
_BESIDE: Final = 11  # percent of the span within which a name runs into another one on a phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A last safe day. *opens_on* is the first day on which the act counts; *until_on* what is lost with it ends."""

    safe_on: date
    opens_on: date | None = None
    until_on: date | None = None
    is_open: bool = True  # no outcome is recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """An agreement: its terms with first and last day (None: no end is known), and its last safe days."""

    name: str
    terms: tuple[tuple[date, date | None], ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """What is drawn: *months* ahead, and so many back; None: a little, so that what is just overdue is seen."""

    lanes: tuple[Lane, ...]
    today: date
    months: int
    months_back: int | None = None

    @cached_property
    def first_on(self) -> date:
        """The first day of the span; of a little five days before today for each month ahead."""
        if self.months_back is not None:
            return before(self.today, Period(months=self.months_back))
        return self.today - timedelta(days=5 * self.months)

    @cached_property
    def last_on(self) -> date:
        """The last day of the span."""
        return after(self.today, Period(months=self.months))


def head(timeline: Timeline) -> str:
    """The line with the months, which stands still while the rows are scrolled."""
    return f'<svg class="tl-head" width="100%" height="{_HEAD}" aria-hidden="true">{"".join(_names(timeline))}</svg>'


def drawing(timeline: Timeline) -> str:
    """The rows, as an SVG element."""
    height = _ROW * len(timeline.lanes) + 4
    what = counted(len(timeline.lanes), "agreement")
    label = f"{what} from {day(timeline.first_on)} to {day(timeline.last_on)}. The same is in the list below."
    parts = [
        f'<svg class="tl" role="img" width="100%" height="{height}" aria-label="{label}">',
        _DEFS,
        *_grid(timeline, height),
        *(_lane(timeline, lane, number * _ROW) for number, lane in enumerate(timeline.lanes)),
        *_line(timeline, timeline.today, height, "tl-today"),
        "</svg>",
    ]
    return "".join(parts)


def _lane(timeline: Timeline, lane: Lane, top: int) -> str:
    bars = "".join(_terms(timeline, lane, top))
    windows = "".join(part for mark in lane.marks for part in _window(timeline, mark, top))
    diamonds = "".join(_diamond(timeline, mark, top) for mark in lane.marks)
    name = f'<text class="tl-name" x="0" y="{top + 12}">{escape(one_line(lane.name, 60))}</text>'
    return f"{name}{bars}{windows}{diamonds}"


def _terms(timeline: Timeline, lane: Lane, top: int) -> Iterator[str]:
    for first_on, last_on in lane.terms:
        yield from _bar(timeline, first_on, last_on or date.max, top, "tl-term")


def _window(timeline: Timeline, mark: Mark, top: int) -> Iterator[str]:
    if mark.opens_on is not None:
        yield from _bar(timeline, mark.opens_on, mark.safe_on, top, "tl-window")
    if mark.is_open and mark.until_on is not None and mark.until_on > mark.safe_on:
        yield from _bar(timeline, mark.safe_on, mark.until_on, top, "tl-lost")


def _bar(timeline: Timeline, first_on: date, last_on: date, top: int, kind: str) -> Iterator[str]:
    start, end = max(first_on, timeline.first_on), min(last_on, timeline.last_on)
    if start > end:
        return
    left, right = _x(timeline, start), _x(timeline, end, is_end=True)
    below, high = _BAR
    width, fill = _short(right - left), ' fill="url(#tl-hatch)"' if kind == "tl-lost" else ""
    yield f'<rect class="{kind}"{fill} x="{left}%" y="{top + below}" width="{width}%" height="{high}"/>'


def _diamond(timeline: Timeline, mark: Mark, top: int) -> str:
    if not timeline.first_on <= mark.safe_on <= timeline.last_on:
        return ""
    middle = top + _BAR[0] + _BAR[1] / 2
    kind = "tl-d" if mark.is_open else "tl-k"
    return f'<use href="#{kind}" x="{_x(timeline, mark.safe_on)}%" y="{middle:g}"/>'


def _grid(timeline: Timeline, height: int) -> Iterator[str]:
    for on in _firsts(timeline):
        yield from _line(timeline, on, height, "tl-grid")


def _line(timeline: Timeline, on: date, height: int, kind: str) -> Iterator[str]:
    x = _x(timeline, on)
    yield f'<line class="{kind}" x1="{x}%" x2="{x}%" y1="0" y2="{height}"/>'


def _names(timeline: Timeline) -> Iterator[str]:
    for on in _firsts(timeline):
        name = str(on.year) if on.month == 1 else MONTHS[on.month - 1][:3]
        # Where there is little room, the name of a month gives way to the word that matters more.
        near = " tl-by" if abs(_x(timeline, on) - _x(timeline, timeline.today)) < _BESIDE else ""
        yield f'<text class="tl-month{near}" x="{_x(timeline, on)}%" y="15">{name}</text>'
    yield f'<text class="tl-now" x="{_x(timeline, timeline.today)}%" y="15">Today</text>'


def _firsts(timeline: Timeline) -> Sequence[date]:
    """The first days of the months that are named; none close to an edge or to today, where names would collide."""
    near = timedelta(days=timeline.months * 2)
    found, on = [], after(timeline.first_on.replace(day=1), Period(months=1))
    while on <= timeline.last_on - near:
        is_named = timeline.months < _EVERY_QUARTER or on.month % 3 == 1
        if is_named and on - timeline.first_on >= near and abs(on - timeline.today) >= near:
            found.append(on)
        on = after(on, Period(months=1))
    return found


def _x(timeline: Timeline, on: date, *, is_end: bool = False) -> float:
    """Where a day begins, or ends, in percent of the span."""
    whole = (timeline.last_on - timeline.first_on).days + 1
    return _short(((on - timeline.first_on).days + is_end) * 100 / whole)


def _short(value: float) -> float:
    return round(value, 1)
