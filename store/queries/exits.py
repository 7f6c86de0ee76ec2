"""Exit plans as somebody may see them, in a few questions however many there are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, func, or_, select

from lifecycle.agreements.status import Status
from store.lacking import NO_EXIT_PLAN
from store.queries.agreement_lists import seen_by
from store.schema import agreements, milestones

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.sql import ColumnElement

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.milestones.milestone import Milestone
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

#: An agreement that nobody should have to leave without a plan, and that has none.
WITHOUT_EXIT_PLAN: Final = and_(
    agreements.c.status.not_in([Status.ENDED, Status.SURVIVING]), agreements.c.lacks.contains(NO_EXIT_PLAN)
)
_OF_EXITS: Final = ("exit.%", "exit-test.%")


def with_exit_plan(
    work: UnitOfWork, person: Person | None, *, skip: int = 0, limit: int | None = None
) -> list[Agreement]:
    """The agreements with an exit plan, by reference; also those that are over, as long as they are no archive."""
    statement = select(agreements.c.id).where(*_left(work, person)).order_by(agreements.c.reference_key)
    ids = work.session.execute(statement.offset(skip or None).limit(limit)).scalars()
    return list(work.agreements.many(ids).values())


def count_exit_plans(work: UnitOfWork, person: Person | None) -> int:
    """How many ``with_exit_plan`` lists."""
    found: int = work.session.execute(select(func.count()).where(*_left(work, person))).scalar_one()
    return found


def rows_of_exits(work: UnitOfWork, agreement_ids: Sequence[str]) -> Mapping[str, list[Milestone]]:
    """The milestones of steps and tests by agreement, ended ones too, earliest first."""
    about = or_(*(milestones.c.subject.like(one) for one in _OF_EXITS))
    found: dict[str, list[Milestone]] = defaultdict(list)
    statement = select(milestones.c.id).where(milestones.c.agreement_id.in_(agreement_ids), about)
    for row in sorted(
        work.milestones.many(work.session.execute(statement).scalars()).values(), key=lambda row: (row.safe_on, row.id)
    ):
        found[row.key.holder].append(row)
    return found


def _left(work: UnitOfWork, person: Person | None) -> tuple[ColumnElement[bool], ...]:
    return (agreements.c.has_exit_plan, ~agreements.c.is_archived, *seen_by(work, person))
