"""Other programs that are told what happens: where they are, their keys, and how far each has been told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, select, update

from store.codec import dumps, loads
from store.errors import NotFound
from store.prepared import Prepared
from store.schema import chain, endpoints

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from store.session import Session

_HEAD: Final = select(chain.c.position).scalar_subquery()
_BEHIND: Final = Prepared(
    select(func.count()).select_from(endpoints).where(endpoints.c.is_on, endpoints.c.position < _HEAD)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What no question asks for."""

    seeds: tuple[
        str, ...
    ]  # of the keys that sign, the newest first; without the house's own key they are worth nothing
    events: tuple[str, ...] = ()  # types that it wants; empty: all
    may_see_restricted: bool = False  # made for agreements that not everybody may see


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRow:
    """One endpoint. *position* is the event up to which deliveries were made."""

    name: str
    url: str
    position: int
    is_on: bool
    known: Known
    failing_since_at: datetime | None = None

    def with_seeds(self, *seeds: str) -> EndpointRow:
        """The same with other keys."""
        return replace(self, known=replace(self.known, seeds=seeds))


class Endpoints:
    """All endpoints, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def all(self) -> list[EndpointRow]:
        """By name."""
        return [_read(row) for row in self._session.execute(select(endpoints).order_by(endpoints.c.name))]

    def find(self, name: str) -> EndpointRow | None:
        """The endpoint of this name, if there is one."""
        row = self._session.execute(select(endpoints).where(endpoints.c.name == name)).one_or_none()
        return None if row is None else _read(row)

    def get(self, name: str) -> EndpointRow:
        """The endpoint of this name. Raises NotFound."""
        found = self.find(name)
        if found is None:
            raise NotFound("webhook", name, remedy="List them.", command="longstop webhook list")
        return found

    def save(self, row: EndpointRow) -> None:
        """Keep it, new or changed."""
        values: dict[str, Any] = {
            "url": row.url,
            "position": row.position,
            "is_on": row.is_on,
            "failing_since_at": row.failing_since_at,
            "doc": dumps(row.known),
        }
        if not self._session.execute(update(endpoints).where(endpoints.c.name == row.name).values(values)).rowcount:
            self._session.execute(insert(endpoints), [{"name": row.name, **values}])

    def remove(self, name: str) -> None:
        """It is told nothing any more."""
        self._session.execute(delete(endpoints).where(endpoints.c.name == name))

    def is_behind(self) -> bool:
        """Whether something has happened of which one that is on was not told."""
        return bool(self._session.find(_BEHIND).scalar())


def _read(row: Row[Any]) -> EndpointRow:
    return EndpointRow(
        name=row.name,
        url=row.url,
        position=row.position,
        is_on=row.is_on,
        failing_since_at=row.failing_since_at,
        known=loads(row.doc, Known),
    )
