"""People as scripts read them, and when they are away."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.monitor import Work
    from engine.operations.leaving import Counts
    from lifecycle.contacts import CounterpartyContact
    from lifecycle.people import Person
    from store.entering import TokenRow


def person_row(work: Work, person: Person) -> dict[str, Any]:
    """What is known of somebody."""
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "manager": work.people.get(person.manager_id).email if person.manager_id else None,
        "teams": person.teams,
        "time_zone": person.time_zone or None,
        "send_at": f"{person.send_at:%H:%M}" if person.send_at else None,
        "is_disabled": person.is_disabled,
    }


def person_changed(work: Work, person: Person, result: str, handed_over: Counts | None) -> dict[str, Any]:
    """What became of somebody; *handed_over* says what went to others, where they have left."""
    return {
        **person_row(work, person),
        "result": result,
        "handed_over": asdict(handed_over) if handed_over else None,
    }


def contact_row(one: CounterpartyContact) -> dict[str, Any]:
    """Whom a ladder asks on the other side, by which name."""
    return {"name": one.name, "email": one.email, "person": one.person or None}


def token_row(work: Work, row: TokenRow) -> dict[str, Any]:
    """A token, without what opens."""
    return {
        "id": row.id,
        "email": work.people.get(row.person_id).email,
        "name": row.name,
        "scopes": row.scopes,
        "created_at": row.created_at,
        "expires_on": row.expires_on,
        "used_on": row.used_on,
        "revoked_at": row.revoked_at,
    }
