"""A few deadlines for somebody who asks on the way: their own next ones, or what a search finds.

What they may not see is in no list and in no count.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from engine.delivery.composing import facts_of
from engine.delivery.linking import linked
from engine.delivery.recipients import Told
from engine.zones import day_at
from store.queries import DeadlineFilter, Queries
from store.queries.search import NOTHING, parse_search

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work
    from lifecycle.people import Person
    from notifiers.sheet import Deadline

_MOST: Final = 10
_COUNTED: Final = 200  # more than that are said to be that many


@dataclass(frozen=True, slots=True)
class Listed:
    """The first deadlines by last safe day; *more* come after them. *today* is the reader's."""

    deadlines: tuple[Deadline, ...]
    more: int
    today: date


def listed(work: Work, person: Person, search: str = "", *, channel: str) -> Listed:
    """Live deadlines that *search* finds, without one those that *person* owns, as they are told in *channel*.

    Raises SearchRefused.
    """
    today = day_at(work.now, person.time_zone or work.house.time_zone)
    found = parse_search(search) if search.strip() else NOTHING
    wanted = DeadlineFilter(search=found, owner_id=None if search.strip() else person.id)
    rows = list(islice(Queries.of(work, person=person).deadlines(wanted, today), _COUNTED))
    told = Told(person, channel, person.email)
    shown = [
        linked(work, facts_of(work, row.agreement, row.milestone, with_why=False), told, row.agreement)
        for row in rows[:_MOST]
    ]
    return Listed(tuple(shown), len(rows) - len(shown), today)
