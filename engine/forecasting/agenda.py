"""Who is due when, on paper. Many are due at one instant, so instants are kept in order, and who is due at each."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime


class Agenda:
    """Each is planned for one instant at most. What comes after *until* is not kept."""

    def __init__(self, until: datetime) -> None:
        self._until = until
        self._at: dict[str, datetime] = {}
        self._names: dict[datetime, set[str]] = {}
        self._instants: list[datetime] = []  # a heap; of some of them nobody may be due any more

    def plan(self, name: str, at: datetime | None) -> None:
        """Plan anew; None: it is due no more."""
        before = self._at.pop(name, None)
        if before is not None:
            self._names[before].discard(name)
        if at is None or at >= self._until:
            return
        self._at[name] = at
        if at not in self._names:
            self._names[at] = set()
            heappush(self._instants, at)
        self._names[at].add(name)

    @property
    def planned(self) -> AbstractSet[str]:
        """Who is due at all."""
        return self._at.keys()

    @property
    def next_at(self) -> datetime | None:
        """When somebody is due next."""
        instants, names = self._instants, self._names
        while instants and not names[instants[0]]:
            del names[heappop(instants)]
        return instants[0] if instants else None

    def due(self, now: datetime) -> list[str]:
        """Those whose instant has come, the longest due first; they stay planned until they are planned anew."""
        found: list[str] = []
        come: list[datetime] = []
        while (at := self.next_at) is not None and at <= now:
            come.append(heappop(self._instants))
            found += sorted(self._names[at])
        for at in come:
            heappush(self._instants, at)
        return found
