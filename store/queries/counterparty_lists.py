"""The other sides, as far as their agreements may be seen: a counterparty of unseen agreements alone is in no list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from store.agreements import key_of
from store.errors import NotFound
from store.queries.agreement_lists import seen_by
from store.schema import agreements, counterparties

if TYPE_CHECKING:
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork


class CounterpartyRow(NamedTuple):
    """The other side of agreements, and how many of them somebody may see."""

    id: str
    name: str
    agreements: int


def counterparties_seen(work: UnitOfWork, person: Person | None, *, named: str = "") -> list[CounterpartyRow]:
    """The counterparties of what *person* may see and what is not archived, by name; a part of the name narrows."""
    statement = (
        select(counterparties.c.id, counterparties.c.name, func.count().label("number"))
        .join(agreements, agreements.c.counterparty_id == counterparties.c.id)
        .where(~agreements.c.is_archived, *seen_by(work, person))
        .group_by(counterparties.c.id, counterparties.c.name, counterparties.c.name_key)
        .order_by(counterparties.c.name_key)
    )
    if named:
        statement = statement.where(counterparties.c.name_key.contains(key_of(named), autoescape=True))
    return [CounterpartyRow(row.id, row.name, row.number) for row in work.session.execute(statement)]


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
