"""Who is away, and who answers meanwhile. Absences that are not over are few, and read at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, text, update

from lifecycle.days.years import nearest
from lifecycle.people import Absence, AbsenceMode
from store.errors import NotFound
from store.prepared import Prepared
from store.schema import absences

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from store.session import Session

_OPEN: Final = Prepared(select(absences).where(text("ended_at IS NULL")).order_by(absences.c.from_on, absences.c.id))


class Absences:
    """All absences, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._open: list[Absence] | None = None

    def open(self) -> list[Absence]:
        """Those that were neither called off nor told of on return, the earliest first; also those to come."""
        if self._open is None:
            self._open = [_absence(row) for row in self._session.ask(_OPEN)]
        return self._open

    def have_none(self) -> None:
        """It was asked already: there are none."""
        self._open = []

    def get(self, absence_id: str) -> Absence:
        """The absence with this id. Raises NotFound."""
        row = self._session.execute(select(absences).where(absences.c.id == absence_id)).one_or_none()
        if row is None:
            raise NotFound("absence", absence_id, remedy="List them.", command="longstop person absence --list")
        return _absence(row)

    def add(self, absence: Absence) -> None:
        """Keep a new absence."""
        self._session.execute(insert(absences), [asdict(absence)])
        self._open = None

    def end(self, absence_id: str, at: datetime) -> None:
        """Remember that it is over."""
        self._session.execute(update(absences).where(absences.c.id == absence_id).values(ended_at=at))
        self._open = None


def _absence(row: Row[Any]) -> Absence:
    # Earlier versions took days of any year; nobody could say when somebody is back who is away until 9999-12-31.
    days = {"from_on": nearest(row.from_on), "until_on": nearest(row.until_on)}
    return Absence(**row._asdict() | days | {"mode": AbsenceMode(row.mode)})
