"""Silences: what is not told for a while. Those that have not ended are few, and read at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, text, update

from lifecycle.playbooks.quiet import Silence, SilenceMode
from store.errors import NotFound
from store.prepared import Prepared
from store.schema import silences

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from store.session import Session

_OPEN: Final = Prepared(select(silences).where(text("ended_at IS NULL")).order_by(silences.c.starts_at, silences.c.id))


class Silences:
    """All silences, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session
        self._open: list[Silence] | None = None

    def open(self) -> list[Silence]:
        """Those whose end was not acted upon yet, the oldest first; also those that begin later."""
        if self._open is None:
            self._open = [_silence(row) for row in self._session.ask(_OPEN)]
        return self._open

    def have_none(self) -> None:
        """It was asked already: there are none."""
        self._open = []

    def next_end_at(self) -> datetime | None:
        """When the next of them ends."""
        return min((one.ends_at for one in self.open()), default=None)

    def get(self, silence_id: str) -> Silence:
        """The silence with this id. Raises NotFound."""
        row = self._session.execute(select(silences).where(silences.c.id == silence_id)).one_or_none()
        if row is None:
            raise NotFound("silence", silence_id, remedy="List them.", command="longstop silence list")
        return _silence(row)

    def all(self) -> list[Silence]:
        """Every silence there ever was, the newest first."""
        order = (silences.c.starts_at.desc(), silences.c.id)
        return [_silence(row) for row in self._session.execute(select(silences).order_by(*order))]

    def add(self, silence: Silence) -> None:
        """Keep a new silence."""
        self._session.execute(insert(silences), [asdict(silence)])
        self._open = None

    def end(self, silence_id: str, at: datetime) -> None:
        """Remember that it is over."""
        self._session.execute(update(silences).where(silences.c.id == silence_id).values(ended_at=at))
        self._open = None


def _silence(row: Row[Any]) -> Silence:
    values = row._asdict()
    return Silence(**values | {"mode": SilenceMode(row.mode)})
