"""Which agreement somebody meant whose reference is nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lifecycle.words import nearest
from store.queries import hidden
from store.schema import agreements

if TYPE_CHECKING:
    from lifecycle.people import Person
    from store.unit_of_work import UnitOfWork


def nearest_reference(work: UnitOfWork, reference: str, person: Person | None) -> str:
    """Of the references that *person* may see the one that is most like *reference*; "" where none is like it."""
    unseen = hidden(work.session, person)
    rows = work.session.execute(select(agreements.c.id, agreements.c.reference).order_by(agreements.c.reference_key))
    return nearest(reference, (row.reference for row in rows if row.id not in unseen))
