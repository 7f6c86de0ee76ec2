"""Checklists: named sets of obligation templates, and the obligations that they become for one agreement.

A template knows no day, only a turning point and a distance. Applied twice to the same agreement it gives obligations
of the same ids, so that nothing is owed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from lifecycle.audience import OWNER, Audience
from lifecycle.days.calendars import BusinessCalendar
from lifecycle.days.dates import Period, after, before
from lifecycle.obligations.duties import (
    Anchors,
    Direction,
    Due,
    Obligation,
    ObligationKind,
    Offset,
    OffsetFrom,
    Once,
    Recurrence,
)
from lifecycle.words import spoken

_ZERO: Final = Period()
APPLICATION: Final = "application"  # the day on which the checklist is applied


class Counted(StrEnum):
    """The turning points that a template may be counted from: those of an agreement, and the day of application."""

    EFFECTIVE = OffsetFrom.EFFECTIVE.value
    SIGNED = OffsetFrom.SIGNED.value
    LAST_DAY = OffsetFrom.LAST_DAY.value
    EXIT = OffsetFrom.EXIT.value
    APPLICATION = APPLICATION


@dataclass(frozen=True, slots=True)
class At:
    """Due once, so long before or after a turning point; a zero period is the day itself."""

    period: Period
    direction: Direction
    anchor: Counted


@dataclass(frozen=True, slots=True)
class Every:
    """Due again and again, counted from a turning point; *first* so long after it, and from there on."""

    period: Period
    anchor: Counted
    first: Period | None = None  # None: after one period


@dataclass(frozen=True, slots=True)
class Template:
    """An obligation to be; ``key`` is unique in its checklist and becomes part of the obligation's id."""

    key: str
    name: str
    kind: ObligationKind
    timing: At | Every
    owner: Audience = OWNER
    continues: Period = _ZERO
    evidence: str = ""  # what proves that it was done
    needs: tuple[str, ...] = ()  # the keys of the items that must be done before
    takes: Period = _ZERO  # how long it takes at least, for plans that count it; zero: nobody said


@dataclass(frozen=True, slots=True)
class Checklist:
    """A named set of templates; ``about`` says in one sentence what it is for."""

    name: str
    templates: tuple[Template, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a checklist becomes; ``waiting`` are templates that recur from a day that is not known yet."""

    obligations: tuple[Obligation, ...]
    waiting: tuple[Template, ...]


def applied(
    checklist: Checklist,
    on: date,
    *,
    anchors: Anchors,
    calendar: BusinessCalendar,
    owner_of: Callable[[Audience], str | None],
) -> Applied:
    """The obligations of *checklist*, applied on *on*; *owner_of* names the person, None for the agreement's owner.

    What is due a distance from a turning point that is not known yet has no occurrence until it is.
    """
    obligations: list[Obligation] = []
    waiting: list[Template] = []
    for template in checklist.templates:
        due = _due(template.timing, on, anchors, calendar)
        if due is None:
            waiting.append(template)
            continue
        obligations.append(
            Obligation(
                id=_id(checklist, template.key),
                kind=template.kind,
                name=template.name,
                due=due,
                owner_id=None if template.owner == OWNER else owner_of(template.owner),
                continues=template.continues,
                checklist=checklist.name,
                counted=_counted(template.timing, on),
                evidence=template.evidence,
                needs=tuple(_id(checklist, key) for key in template.needs),
            )
        )
    return Applied(tuple(obligations), tuple(waiting))


def circle(templates: Sequence[Template]) -> tuple[str, ...]:
    """The keys of items that wait for one another, in their order and the first one again at the end; () where none do.

    What an item needs and nobody knows is no part of a circle.
    """
    return circle_among({template.key: template.needs for template in templates})


def circle_among(needs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The same of anything that needs something else by name."""
    clear: set[str] = set()
    for key in needs:
        found = _walk(key, needs, (), clear)
        if found:
            return found
    return ()


def _walk(key: str, needs: Mapping[str, tuple[str, ...]], way: tuple[str, ...], clear: set[str]) -> tuple[str, ...]:
    if key in way:
        return (*way[way.index(key) :], key)
    if key in clear:
        return ()
    for needed in needs.get(key, ()):
        found = _walk(needed, needs, (*way, key), clear)
        if found:
            return found
    clear.add(key)
    return ()


def _id(checklist: Checklist, key: str) -> str:
    return f"{checklist.name}.{key}"


def _counted(timing: At | Every, on: date) -> str:
    """``2 weeks after 5 Jan 2026``; "" for what counts itself: from a turning point, or again and again."""
    if isinstance(timing, Every) or timing.anchor is not Counted.APPLICATION:
        return ""
    if timing.period.is_zero:
        return f"on {spoken(on)}"
    return f"{timing.period} {timing.direction.value} {spoken(on)}"


def _due(timing: At | Every, on: date, anchors: Anchors, calendar: BusinessCalendar) -> Due | None:
    is_application = timing.anchor is Counted.APPLICATION
    if isinstance(timing, Every):
        anchor_on = on if is_application else anchors.day(OffsetFrom(timing.anchor.value))
        if anchor_on is None or timing.first is None:
            return Recurrence(timing.period, anchor_on) if anchor_on else None
        return Recurrence(timing.period, after(anchor_on, timing.first, calendar=calendar), first=0)
    if is_application:
        count = before if timing.direction is Direction.BEFORE else after
        return Once(count(on, timing.period, calendar=calendar))
    return Offset(timing.period, timing.direction, OffsetFrom(timing.anchor.value))
