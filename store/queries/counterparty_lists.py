"""The other sides, as far as their agreements may be seen: a counterparty of unseen agreements alone is in no list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from store.agreements import key_of
from store.errors import NotFound
from store.queries.agreement_lists import seen_by
from store.schema import agreements, counterparties

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.sql import ColumnElement

    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork


class CounterpartyRow(NamedTuple):
    """The other side of agreements, and how many of them somebody may see."""

    id: str
    name: str
    agreements: int


def counterparties_seen(
    work: UnitOfWork, person: Person | None, *, named: str = "", skip: int = 0, limit: int | None = None
) -> list[CounterpartyRow]:
    """The counterparties of what *person* may see and what is not archived, by name; a part of the name narrows."""
    number = func.count().label("number")
    statement = (
        select(counterparties.c.id, counterparties.c.name, number)
        .join(agreements, agreements.c.counterparty_id == counterparties.c.id)
        .where(*_listed(work, person, named))
        .group_by(counterparties.c.id, counterparties.c.name, counterparties.c.name_key)
        .order_by(counterparties.c.name_key)
        .offset(skip or None)
        .limit(limit)
    )
    return [CounterpartyRow(row.id, row.name, row.number) for row in work.session.execute(statement)]


def count_counterparties(work: UnitOfWork, person: Person | None, *, named: str = "") -> int:
    """How many ``counterparties_seen`` lists."""
    of_them = func.count(agreements.c.counterparty_id.distinct())
    statement = select(of_them).join(counterparties, counterparties.c.id == agreements.c.counterparty_id)
    found: int = work.session.execute(statement.where(*_listed(work, person, named))).scalar_one()
    return found


def _listed(work: UnitOfWork, person: Person | None, named: str) -> Iterator[ColumnElement[bool]]:
    yield ~agreements.c.is_archived
    yield from seen_by(work, person)
    if named:
        yield counterparties.c.name_key.contains(key_of(named), autoescape=True)


def is_counterparty_seen(work: UnitOfWork, person: Person | None, counterparty_id: str) -> bool:
    """Whether *person* may see an agreement with it, archived or not."""
    of_it = select(agreements.c.id).where(agreements.c.counterparty_id == counterparty_id, *seen_by(work, person))
    return work.session.execute(of_it.limit(1)).scalar() is not None


def counterparty_named(work: UnitOfWork, counterparty_id: str) -> str:
    """The name of a counterparty; whether anything of it may be seen is another question. Raises NotFound."""
    statement = select(counterparties.c.name).where(counterparties.c.id == counterparty_id)
    name: str | None = work.session.execute(statement).scalar()
    if name is None:
        raise NotFound("counterparty", counterparty_id, remedy="Look for it among the counterparties.")
    return name
