"""Exit plans as somebody may see them, in a few questions however many there are.

Whether an agreement has a plan is seen in its document as it is kept: quotes inside of texts are escaped there, so that
no text can look like a plan.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, or_, select

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
_HAS_EXIT_PLAN: Final = agreements.c.doc.like('%"exit":{"template":%')
_OF_EXITS: Final = ("exit.%", "exit-test.%")


def with_exit_plan(work: UnitOfWork, person: Person | None) -> list[Agreement]:
    """The agreements with an exit plan, by reference; also those that are over, as long as they are no archive."""
    return _read(work, person, _HAS_EXIT_PLAN)


def critical_without(work: UnitOfWork, person: Person | None) -> list[Agreement]:
    """The agreements in force that are tagged critical and have no exit plan, by reference."""
    return _read(work, person, WITHOUT_EXIT_PLAN)


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


def _read(work: UnitOfWork, person: Person | None, *conditions: ColumnElement[bool]) -> list[Agreement]:
    statement = (
        select(agreements.c.id)
        .where(~agreements.c.is_archived, *conditions, *seen_by(work, person))
        .order_by(agreements.c.reference_key)
    )
    return list(work.agreements.many(work.session.execute(statement).scalars()).values())
