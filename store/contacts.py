"""Contacts of counterparties. They are few, and asked for by their counterparty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from lifecycle.contacts import CounterpartyContact
from store.agreements import key_of
from store.schema import counterparty_contacts

if TYPE_CHECKING:
    from sqlalchemy import Row

    from store.session import Session

_T = counterparty_contacts


class Contacts:
    """All contacts, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def of(self, counterparty_id: str) -> tuple[CounterpartyContact, ...]:
        """Those of one counterparty, by name."""
        statement = select(_T).where(_T.c.counterparty_id == counterparty_id).order_by(_T.c.name_key)
        return tuple(_contact(row) for row in self._session.execute(statement))

    def keep(self, contact: CounterpartyContact) -> None:
        """Keep a contact; whoever was known by that name is no more."""
        self.drop(contact.counterparty_id, contact.name)
        row = {
            "counterparty_id": contact.counterparty_id,
            "name_key": key_of(contact.name),
            "name": contact.name,
            "email": contact.email,
            "person": contact.person,
        }
        self._session.execute(insert(_T), [row])

    def drop(self, counterparty_id: str, name: str) -> bool:
        """Forget a contact; whether there was one."""
        mine = (_T.c.counterparty_id == counterparty_id) & (_T.c.name_key == key_of(name))
        return self._session.execute(delete(_T).where(mine)).rowcount > 0


def _contact(row: Row[Any]) -> CounterpartyContact:
    return CounterpartyContact(counterparty_id=row.counterparty_id, name=row.name, email=row.email, person=row.person)
