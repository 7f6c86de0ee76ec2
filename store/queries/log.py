"""The permanent log as people read it: newest first, narrowed, without what is about agreements they do not see.

Some events name what only hidden agreements may know (an asset, somebody on the other side, what was searched for):
whoever does not see everything does not read these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from store.errors import ChainBroken
from store.events import Recorded, document, recorded
from store.queries import hidden
from store.schema import events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.sql import ColumnElement

    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

__all__ = ["NAMING", "SHOWN", "ChainBroken", "EventFilter", "Recorded", "exported", "happened"]
SHOWN: Final = 50
#: Types of events that belong to no agreement and may name what only some agreement knows.
NAMING: Final = frozenset({"AssetAdded", "AssetChanged", "ContactChanged", "EvidencePackMade"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are asked for; *until_at* is the first instant behind them."""

    agreement_id: str = ""
    type: str = ""
    actor: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None


def happened(
    work: UnitOfWork, person: Person | None, wanted: EventFilter, *, before: int = 0
) -> tuple[list[Recorded], int]:
    """A page of events before a position (0: the newest), and the position before which the next page is (0: none)."""
    asked = select(events).where(*_conditions(work, person, wanted))
    if before:
        asked = asked.where(events.c.position < before)
    rows = work.session.execute(asked.order_by(events.c.position.desc()).limit(SHOWN + 1)).all()
    shown = [recorded(row) for row in rows[:SHOWN]]
    return shown, shown[-1].position if len(rows) > SHOWN else 0


def exported(work: UnitOfWork, person: Person | None, wanted: EventFilter) -> Iterator[dict[str, Any]]:
    """Every event that is asked for as a document, oldest first."""
    asked = select(events).where(*_conditions(work, person, wanted)).order_by(events.c.position)
    rows: Iterator[Row[Any]] = work.connection.execute(asked, execution_options={"yield_per": 1000})
    for row in rows:
        yield document(row)


def _conditions(work: UnitOfWork, person: Person | None, wanted: EventFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value in (("agreement_id", wanted.agreement_id), ("type", wanted.type), ("actor", wanted.actor)):
        if value:
            found.append(events.c[column] == value)
    if wanted.from_at is not None:
        found.append(events.c.at >= wanted.from_at)
    if wanted.until_at is not None:
        found.append(events.c.at < wanted.until_at)
    unseen = hidden(work.session, person)
    if unseen:
        found.append(or_(events.c.agreement_id.is_(None), events.c.agreement_id.not_in(unseen)))
        found.append(events.c.type.not_in(NAMING))
    return found
