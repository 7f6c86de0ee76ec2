"""Contacts of counterparties. They are few, and asked for by their counterparty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from lifecycle.contacts import CounterpartyContact
from store.agreements import key_of
from store.prepared import PreparedAmong
from store.schema import counterparty_contacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Row

    from store.session import Session

_T = counterparty_contacts
_OF: Final = PreparedAmong(select(_T).order_by(_T.c.name_key), _T.c.counterparty_id)


class Contacts:
    """All contacts, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._seen: dict[str, tuple[CounterpartyContact, ...]] = {}

    def read(self, counterparty_ids: Iterable[str]) -> None:
        """Have those of several counterparties at hand, in one question."""
        missing = [one for one in dict.fromkeys(counterparty_ids) if one not in self._seen]
        found: dict[str, list[CounterpartyContact]] = {one: [] for one in missing}
        for row in self._session.ask_among(_OF, missing):
            found[row.counterparty_id].append(_contact(row))
        self._seen.update((one, tuple(contacts)) for one, contacts in found.items())

    def of(self, counterparty_id: str) -> tuple[CounterpartyContact, ...]:
        """Those of one counterparty, by name; asked once per transaction."""
        self.read([counterparty_id])
        return self._seen[counterparty_id]

    def forget_seen(self) -> None:
        """What was read is no longer to be trusted."""
        self._seen.clear()

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
        self._seen.pop(contact.counterparty_id, None)

    def drop(self, counterparty_id: str, name: str) -> bool:
        """Forget a contact; whether there was one."""
        self._seen.pop(counterparty_id, None)
        mine = (_T.c.counterparty_id == counterparty_id) & (_T.c.name_key == key_of(name))
        return self._session.execute(delete(_T).where(mine)).rowcount > 0


def _contact(row: Row[Any]) -> CounterpartyContact:
    return CounterpartyContact(counterparty_id=row.counterparty_id, name=row.name, email=row.email, person=row.person)
