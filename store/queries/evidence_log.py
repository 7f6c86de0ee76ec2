"""The log of an evidence pack: the span without a gap, what of it may be shown, and which packs were made."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from lifecycle.events import EvidencePackMade
from store.events import recorded
from store.queries import hidden
from store.queries.log import NAMING
from store.schema import events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Row

    from lifecycle.people import Person
    from store.events import Recorded
    from store.unit_of_work import UnitOfWork

#: Events about no agreement that a pack about some agreements needs all the same: by what was counted and asked.
_RULES: Final = frozenset({"PlaybookApplied", "CalendarChanged"})
_OF_ASSETS: Final = frozenset({"AssetAdded", "AssetChanged"})


def log_between(work: UnitOfWork, from_at: datetime, until_at: datetime) -> Iterator[Row[Any]]:
    """The log without a gap, from the first event of a span to its last, as the rows lie in the database."""
    first = select(func.min(events.c.position)).where(events.c.at >= from_at, events.c.at < until_at)
    last = select(func.max(events.c.position)).where(events.c.at >= from_at, events.c.at < until_at)
    start, end = work.session.execute(first).scalar(), work.session.execute(last).scalar()
    if start is None or end is None:
        return
    statement = select(events).where(events.c.position >= start, events.c.position <= end)
    with work.session.stream(statement.order_by(events.c.position)) as rows:
        yield from rows


@dataclass(frozen=True, slots=True)
class Shown:
    """Which events of the log stand in a pack with their content.

    What is about an agreement stands there with it. What is about no agreement stands there if the pack is of the whole
    house, or if days and messages hang on it; what may name something of an agreement only for those who see all of
    them, and what is about an asset only with the asset.
    """

    agreements: frozenset[str]
    assets: frozenset[str]
    is_narrowed: bool
    sees_all: bool

    def has(self, row: Row[Any]) -> bool:
        """Whether this one does."""
        if row.agreement_id is not None:
            return row.agreement_id in self.agreements
        if row.type in NAMING and not self.sees_all:
            return False
        if row.type in _OF_ASSETS:
            return json.loads(row.payload).get("asset_id") in self.assets
        return not self.is_narrowed or row.type in _RULES


def packs_made(work: UnitOfWork, person: Person, *, limit: int) -> list[Recorded]:
    """The packs that were made last, newest first.

    What others searched for may name what *person* may not see: it is told only to those who see every agreement.
    """
    made = select(events).where(events.c.type == EvidencePackMade.__name__).order_by(events.c.position.desc())
    found = [recorded(row) for row in work.session.execute(made.limit(limit))]
    if not hidden(work.session, person):
        return found
    return [one if one.actor.name == person.email else _without_names(one) for one in found]


def _without_names(one: Recorded) -> Recorded:
    event = one.event
    kept = replace(event, search="", counterparty="") if isinstance(event, EvidencePackMade) else event
    return replace(one, event=kept)
