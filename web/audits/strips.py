"""Twelve months as a strip for each sort of report: what is covered, what is not sure, and hatched what is not.

A pure function of values. Lengths are percentages of the span; colours are classes of the style sheet. It is a picture
and holds no link: the gaps stand in words beside it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from lifecycle.days.dates import Period, before
from lifecycle.obligations.coverage import BRIDGE_MOST, Cover, strip, strips
from notifiers.wording import day, one_line, span_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from lifecycle.obligations.coverage import Stretch
    from lifecycle.obligations.evidence import EvidenceRequest

_BACK: Final = Period(months=12)
_LINE: Final = 36  # pixels of a strip: its name, and under it the bar
_BAR: Final = (18, 12)  # where the bar begins in its line, and how high it is
_FOOT: Final = 20  # of the line with the days
_CSS: Final = {Cover.ACCEPTED: "tl-kept", Cover.UNSURE: "tl-window", Cover.GAP: "tl-lost"}
_HATCH: Final = (
    '<defs><pattern id="cv-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="tl-late" width="2" height="6"/></pattern></defs>'
)


class Strip(NamedTuple):
    """One sort of report of one counterparty."""

    counterparty: str
    name: str
    stretches: tuple[Stretch, ...]

    @property
    def gaps(self) -> str:
        """The gaps in words; "" where there are none."""
        return "; ".join(span_words(one.first_on, one.last_on) for one in self.stretches if one.cover is Cover.GAP)


def needed_since(today: date) -> date:
    """The day from which on a report bears on the strips: its end may be carried on by a bridge letter."""
    return before(today, _BACK + BRIDGE_MOST)


def strips_of(counterparty: str, reports: Iterable[EvidenceRequest], today: date) -> tuple[Strip, ...]:
    """The strips of the reports of one counterparty, by name."""
    known = list(reports)
    return tuple(strip_on(counterparty, name, known, today) for name in strips(known))


def strip_on(counterparty: str, name: str, reports: Iterable[EvidenceRequest], today: date) -> Strip:
    """One strip until *today*; without reports it is one gap."""
    spans = strips(reports).get(name, [])
    return Strip(counterparty, name, strip(spans, from_on=before(today, _BACK), until_on=today))


def drawing(found: Sequence[Strip], *, is_of_one: bool = False) -> str:
    """The strips as an SVG element; *is_of_one*: all of one counterparty, which is not named then."""
    if not found:
        return ""
    first_on, last_on = found[0].stretches[0].first_on, found[0].stretches[-1].last_on
    high = _LINE * len(found)
    rows = "".join(_row(one, place, first_on, last_on, is_of_one=is_of_one) for place, one in enumerate(found))
    label = f"What reports cover from {day(first_on)} to {day(last_on)}; the gaps stand below."
    return (
        f'<svg class="tl" role="img" aria-label="{escape(label)}" width="100%" height="{high + _FOOT}">{_HATCH}{rows}'
        f'<text x="0" y="{high + 15}">{escape(day(first_on))}</text>'
        f'<text x="100%" y="{high + 15}" text-anchor="end">{escape(day(last_on))}</text></svg>'
    )


def _row(one: Strip, place: int, first_on: date, last_on: date, *, is_of_one: bool) -> str:
    name = one.name if is_of_one else f"{one_line(one.counterparty, 40)}: {one.name}"
    whole = (last_on - first_on).days + 1
    top = place * _LINE
    drawn = [f'<text x="0" y="{top + 13}">{escape(name)}</text>']
    for stretch in one.stretches:
        left = round(100 * (stretch.first_on - first_on).days / whole, 2)
        wide = round(100 * ((stretch.last_on - stretch.first_on).days + 1) / whole, 2)
        fill = ' fill="url(#cv-hatch)"' if stretch.cover is Cover.GAP else ""
        css = _CSS[stretch.cover]
        drawn.append(f'<rect class="{css}"{fill} x="{left}%" y="{top + _BAR[0]}" width="{wide}%" height="{_BAR[1]}"/>')
    return "".join(drawn)
