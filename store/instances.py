"""The processes that serve the register, each as long as it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, select, update

from store.prepared import Prepared
from store.schema import instances

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row

    from store.session import Session

_OLDEST: Final = Prepared(select(func.min(instances.c.seen_at)))


class Instances:
    """All processes that are known to run, inside one transaction."""

    def __init__(self, session: Session) -> None:
        """Speak on *session*."""
        self._session = session

    def appear(self, name: str, *, does: str, now: datetime) -> bool:
        """A process is seen; whether it was not known before."""
        seen = update(instances).where(instances.c.id == name).values(does=does, seen_at=now)
        if self._session.execute(seen).rowcount:
            return False
        self._session.execute(insert(instances), [{"id": name, "does": does, "started_at": now, "seen_at": now}])
        return True

    def leave(self, name: str) -> None:
        """A process ended in order, or nobody waits for it any more."""
        self._session.execute(delete(instances).where(instances.c.id == name))

    def all(self) -> list[Row[Any]]:
        """Every process, the one first that was not seen for longest."""
        return list(self._session.execute(select(instances).order_by(instances.c.seen_at, instances.c.id)))

    def oldest_seen_at(self) -> datetime | None:
        """When the one was seen that was not seen for longest."""
        return self._session.find(_OLDEST).scalar()
