"""For rehearsals: a copy of the register, and channels that lay out as the real ones do and keep instead of sending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecycle.delivery import Accepted
from notifiers.base import CannotTell, OneWay
from store.copying import copy_register

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from engine.clock import Clock
    from engine.monitor import Monitor
    from lifecycle.delivery import SendResult
    from notifiers.base import FindResult, Frozen, Notifier, Outgoing
    from notifiers.sheet import FactSheet
    from store.database import Database


def copy_of_register(monitor: Monitor, database: Database) -> None:
    """Every row as it is; *database* has the tables and nothing in them."""
    copy_register(monitor.database, database)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that would have left at *at*, and the facts it was composed of."""

    at: datetime
    channel: str
    delivery_id: str
    frozen: Frozen
    facts: FactSheet | None  # None for a message that was composed before the rehearsal


class RecordingChannel(OneWay):
    """A ``Notifier`` in the place of *real*. Nothing of *real* but its layout is ever used."""

    def __init__(self, real: Notifier, clock: Clock) -> None:
        self._real, self._clock = real, clock
        self._sheets: dict[str, FactSheet] = {}
        self._kept: list[Kept] = []

    @property
    def name(self) -> str:
        return self._real.name

    @property
    def can_find(self) -> bool:
        return False

    @property
    def has_rooms(self) -> bool:
        return self._real.has_rooms

    def compose(self, facts: FactSheet) -> Frozen:
        self._sheets[facts.delivery_id] = facts
        return self._real.compose(facts)

    def send(self, outgoing: Outgoing, still_ours: Callable[[], bool]) -> SendResult:
        """Keep it."""
        del still_ours  # nobody else is there
        sheet = self._sheets.pop(outgoing.delivery_id, None)
        self._kept.append(Kept(self._clock.now(), self.name, outgoing.delivery_id, outgoing.frozen, sheet))
        return Accepted(f"rehearsed-{outgoing.delivery_id}")

    def find(self, outgoing: Outgoing, since_at: datetime) -> FindResult:  # noqa: ARG002 - the protocol's shape
        """Nothing can be in doubt here but what already was."""
        return CannotTell("a rehearsal asks nobody")

    def take(self) -> list[Kept]:
        """What was kept since the last time."""
        kept, self._kept = self._kept, []
        return kept

    def close(self) -> None:
        """The real channel belongs to whoever made it."""
