"""A digest in groups: overdue, 14, 30, 90 days, later (INTERFACE.md M4).

At most 25 rows are told, the rest is counted; days that only passed come last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from notifiers.words.acts import action, consequence, is_marker
from notifiers.words.days import day, relative
from notifiers.words.lines import is_too_late, label
from notifiers.words.text import capital, one_line

if TYPE_CHECKING:
    from datetime import date

    from notifiers.sheet import Deadline, FactSheet

ROWS_AT_MOST = 25
_HORIZONS = ((14, "In the next 14 days"), (30, "In the next 30 days"), (90, "In the next 90 days"))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    day: str
    relative: str
    text: str
    owner: str
    url: str = ""

    @classmethod
    def of(cls, deadline: Deadline, today: date) -> Self:
        what, otherwise = action(deadline), consequence(deadline)
        if is_too_late(deadline, today):
            what = f"too late to {what}: ask them to agree"
        text = f"{label(deadline)}: {what}{f', or {otherwise}' if otherwise else ''}"
        owner = one_line(deadline.owner, 60) or "nobody"
        url = deadline.url if deadline.url.startswith(("https://", "http://")) else ""
        return cls(day(deadline.safe_on), relative(deadline.safe_on, today), capital(text), owner, url)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together; *more* were left out."""

    title: str
    rows: tuple[Row, ...]
    more: int = 0


def digest_groups(facts: FactSheet) -> tuple[Group, ...]:
    """The deadlines of *facts* by how near they are, nearest first; empty groups are left out."""
    today, room = facts.today, ROWS_AT_MOST
    grouped: dict[str, list[Deadline]] = {}
    for deadline in sorted(facts.deadlines, key=lambda each: _place(each, today)):
        grouped.setdefault(group_title(deadline, today), []).append(deadline)
    groups = []
    for title, members in grouped.items():
        told = members[:room]
        room -= len(told)
        groups.append(Group(title, tuple(Row.of(each, today) for each in told), len(members) - len(told)))
    return tuple(groups)


def group_title(deadline: Deadline, today: date) -> str:
    """The group in which *deadline* stands, seen from *today*."""
    days = (deadline.safe_on - today).days
    if days < 0:
        return "Past days" if is_marker(deadline) else "Overdue"
    return next((title for limit, title in _HORIZONS if days <= limit), "Later")


def _place(deadline: Deadline, today: date) -> tuple[bool, date, str, str]:
    is_past_marker = is_marker(deadline) and deadline.safe_on < today  # what is overdue comes first
    return (is_past_marker, deadline.safe_on, deadline.reference, deadline.milestone_id)
