"""What a list of people asks beside them: how much each owns, as far as its reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from store.queries import hidden
from store.schema import agreements

if TYPE_CHECKING:
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork

_COUNTED: Final = (agreements.c.owner_id, func.count().label("number"))


def owned_counts(work: UnitOfWork, person: Person | None) -> dict[str, int]:
    """How many agreements each person owns, archived ones aside; those who own none are absent."""
    asked = select(*_COUNTED).where(~agreements.c.is_archived)
    unseen = hidden(work.session, person)
    if unseen:
        asked = asked.where(agreements.c.id.not_in(unseen))
    rows = work.session.execute(asked.where(agreements.c.owner_id.is_not(None)).group_by(agreements.c.owner_id))
    return {row.owner_id: row.number for row in rows}
