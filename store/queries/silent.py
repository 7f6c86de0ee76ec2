"""What is overdue although nobody was ever told: it came too long after its day (DELIVERY.md L5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lifecycle.milestones.milestone import LIVE
from lifecycle.playbooks.ladder import SILENT_AFTER
from store.queries.agreement_lists import seen_by
from store.schema import agreements, milestones

if TYPE_CHECKING:
    from datetime import date

    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork


def silent(work: UnitOfWork, person: Person | None, today: date) -> list[str]:
    """The ids of the live deadlines that are overdue and remind nobody, as far as *person* may see them; by day."""
    statement = (
        select(milestones.c.id, milestones.c.safe_on, milestones.c.armed_on)
        .join(agreements, agreements.c.id == milestones.c.agreement_id)
        .where(milestones.c.state.in_(sorted(LIVE)), milestones.c.is_deadline)
        .where(milestones.c.safe_on < today - SILENT_AFTER, *seen_by(work, person))
        .order_by(milestones.c.safe_on, milestones.c.id)
    )
    return [row.id for row in work.session.execute(statement) if row.armed_on - row.safe_on > SILENT_AFTER]
