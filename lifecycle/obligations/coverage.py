"""Which days the reports of the other side cover, and which no report covers.

A bridge letter is no report: it carries one on from its end, for three months at most, as auditors do. What is not
accepted yet covers nothing for sure and is told apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

from lifecycle.days.dates import Period, after, before
from lifecycle.days.years import LAST_DAY
from lifecycle.obligations.evidence import EvidenceKind, EvidenceRequest, EvidenceState

BRIDGE_MOST: Final = Period(months=3)
_DAY: Final = timedelta(days=1)
_LAST_BRIDGED: Final = before(LAST_DAY, BRIDGE_MOST)
_SOC2: Final = "SOC 2"
#: What is shown on one strip; kinds that stand nowhere cover no span.
STRIPS: Final[Mapping[EvidenceKind, str]] = {
    EvidenceKind.SOC2_TYPE_2: _SOC2,
    EvidenceKind.BRIDGE_LETTER: _SOC2,
    EvidenceKind.ISO_27001: "ISO 27001",
    EvidenceKind.PENETRATION_TEST: "Penetration test",
    EvidenceKind.DPA_QUESTIONNAIRE: "Data protection",
}


class Cover(StrEnum):
    """How well a day is covered."""

    ACCEPTED = "accepted"
    UNSURE = "unsure"  # by something that nobody has accepted yet
    GAP = "gap"


class Span(NamedTuple):
    """The days that one report covers, both inside."""

    first_on: date
    last_on: date
    is_accepted: bool
    is_bridge: bool = False


class Stretch(NamedTuple):
    """Days in a row that are covered alike, both inside."""

    first_on: date
    last_on: date
    cover: Cover


def strip_of(one: EvidenceRequest) -> str | None:
    """On which strip a report is shown; None for what covers no span, or has not come."""
    is_told = one.documents and one.covers_from and one.covers_until and one.state is not EvidenceState.WITHDRAWN
    return STRIPS.get(one.kind) if is_told else None


def strips(found: Iterable[EvidenceRequest]) -> Mapping[str, list[Span]]:
    """The spans of what was received, by the strip on which they are shown."""
    told: dict[str, list[Span]] = defaultdict(list)
    for one in found:
        name = strip_of(one)
        if name and one.covers_from and one.covers_until:
            is_accepted = one.state is EvidenceState.ACCEPTED
            is_bridge = one.kind is EvidenceKind.BRIDGE_LETTER
            told[name].append(Span(one.covers_from, one.covers_until, is_accepted, is_bridge))
    return dict(sorted(told.items()))


def strip(spans: Sequence[Span], *, from_on: date, until_on: date) -> tuple[Stretch, ...]:
    """The days from *from_on* to *until_on* as stretches without a hole between them."""
    reports = [one for one in spans if not one.is_bridge]
    counted = [kept for one in spans if (kept := _carried(one, reports)) is not None]
    edges = {from_on, until_on + _DAY}
    for one in counted:
        edges |= {day for day in (one.first_on, one.last_on + _DAY) if from_on < day <= until_on}
    found: list[Stretch] = []
    ordered = sorted(edges)
    for first_on, next_on in pairwise(ordered):
        cover = _cover(counted, first_on)
        if found and found[-1].cover is cover:
            found[-1] = found[-1]._replace(last_on=next_on - _DAY)
        else:
            found.append(Stretch(first_on, next_on - _DAY, cover))
    return tuple(found)


def gaps(spans: Sequence[Span], *, from_on: date, until_on: date) -> tuple[Stretch, ...]:
    """The stretches that nothing covers."""
    return tuple(one for one in strip(spans, from_on=from_on, until_on=until_on) if one.cover is Cover.GAP)


def _cover(spans: Sequence[Span], day: date) -> Cover:
    over = [one for one in spans if one.first_on <= day <= one.last_on]
    if any(one.is_accepted for one in over):
        return Cover.ACCEPTED
    return Cover.UNSURE if over else Cover.GAP


def _carried(span: Span, reports: Sequence[Span]) -> Span | None:
    """What of a span counts: of a bridge letter only what follows one of the *reports*, and not for long."""
    if not span.is_bridge:
        return span
    reached = [one for one in reports if one.first_on < span.first_on <= one.last_on + _DAY]
    if not reached:
        return None
    carried = max(reached, key=lambda one: one.last_on)
    last_on = span.last_on
    if carried.last_on <= _LAST_BRIDGED:
        last_on = min(last_on, after(carried.last_on, BRIDGE_MOST))
    if last_on < span.first_on:
        return None
    return span._replace(last_on=last_on, is_accepted=span.is_accepted and carried.is_accepted)
