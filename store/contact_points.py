"""How addresses stand: in order, suspect, dead. Those that make trouble are few, and read at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select, update

from lifecycle.people import ContactPoint, ContactState
from store.prepared import Prepared
from store.schema import contact_points

if TYPE_CHECKING:
    from datetime import datetime

    from store.session import Session

_ALL: Final = Prepared(select(contact_points).where(contact_points.c.state != ContactState.OK.value))


class ContactPoints:
    """The addresses that make trouble, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._bad: dict[tuple[str, str, str], ContactPoint] | None = None

    def bad(self) -> dict[tuple[str, str, str], ContactPoint]:
        """Those that are suspect or dead, by person, channel and address."""
        if self._bad is None:
            rows = self._session.ask(_ALL)
            self._bad = {
                (row.person_id, row.channel, row.address): ContactPoint(
                    id=row.id, person_id=row.person_id, channel=row.channel, address=row.address,
                    state=ContactState(row.state), since_at=row.since_at, why=row.why,
                )
                for row in rows
            }  # fmt: skip
        return self._bad

    def have_none(self) -> None:
        """It was asked already: no address makes trouble."""
        self._bad = {}

    def is_dead(self, person_id: str, channel: str, address: str) -> bool:
        """Whether an address was refused so often that nothing is sent there any more."""
        found = self.bad().get((person_id, channel, address))
        return found is not None and found.state is ContactState.DEAD

    def keep(self, point: ContactPoint) -> None:
        """Remember how an address stands."""
        same = (
            (contact_points.c.person_id == point.person_id)
            & (contact_points.c.channel == point.channel)
            & (contact_points.c.address == point.address)
        )
        values = {"state": point.state.value, "since_at": point.since_at, "why": point.why}
        if not self._session.execute(update(contact_points).where(same).values(values)).rowcount:
            row = {"id": point.id, "person_id": point.person_id, "channel": point.channel, "address": point.address}
            self._session.execute(insert(contact_points), [row | values])
        self._bad = None

    def mend(self, channel: str, address: str, at: datetime) -> list[ContactPoint]:
        """An address works again; those that were suspect or dead until now."""
        found = [one for one in self.bad().values() if (one.channel, one.address) == (channel, address)]
        for one in found:
            self.keep(replace(one, state=ContactState.OK, since_at=at, why=""))
        return found
