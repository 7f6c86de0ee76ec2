"""What stands with somebody: asked for when they leave, and so by looking into documents, where no index helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select

from lifecycle.milestones.milestone import LIVE
from store.schema import agreements, milestones, people
from store.session import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork


def agreements_naming(work: UnitOfWork, person_id: str) -> list[Agreement]:
    """Those whose facts name somebody by id, in whatever place, without the archive, by reference."""
    statement = select(agreements.c.id).where(agreements.c.doc.contains(person_id), ~agreements.c.is_archived)
    ids = list(work.session.execute(statement.order_by(agreements.c.reference_key)).scalars())
    return list(work.agreements.many(ids).values())


def milestones_naming(work: UnitOfWork, person_id: str) -> list[Milestone]:
    """The live ones that are assigned to somebody, or were, earliest last safe day first."""
    names = or_(milestones.c.owner_id == person_id, milestones.c.doc.contains(person_id))
    statement = select(milestones.c.id).where(names, milestones.c.state.in_(sorted(LIVE)))
    ids = list(work.session.execute(statement.order_by(milestones.c.safe_on, milestones.c.id)).scalars())
    return list(work.milestones.many(ids).values())


def managed_by(work: UnitOfWork, person_id: str) -> list[Person]:
    """Those who are here and whose manager somebody is, by address."""
    statement = select(people.c.id).where(people.c.manager_id == person_id, ~people.c.is_disabled)
    ids = list(work.session.execute(statement.order_by(people.c.email_key)).scalars())
    return [work.people.get(one) for one in ids]


def what_is_over(work: UnitOfWork, agreement_ids: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The agreements and subjects of which something was due, and nothing is any more."""
    is_live = func.sum(case((milestones.c.state.in_(sorted(LIVE)), 1), else_=0))
    statement = select(milestones.c.agreement_id, milestones.c.subject)
    grouped = statement.group_by(milestones.c.agreement_id, milestones.c.subject).having(is_live == 0)
    found: set[tuple[str, str]] = set()
    for chunk in chunks(list(agreement_ids)):
        rows = work.session.execute(grouped.where(milestones.c.agreement_id.in_(chunk)))
        found.update((row.agreement_id, row.subject) for row in rows)
    return frozenset(found)
