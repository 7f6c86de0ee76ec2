"""What the engine is made of, handed in once by the bootstrap, and the transaction that it works in.

``Monitor.work`` opens one unit of work in which every event is answered by ``engine.reactions`` before it ends.
After a commit that made work due now the scheduler is woken.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

from engine import reactions
from lifecycle.delivery import Timings
from lifecycle.events import CLOCK
from store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

    from engine.clock import Clock
    from lifecycle.agreement import Agreement
    from lifecycle.calendars import BusinessCalendar
    from lifecycle.events import Actor
    from lifecycle.playbook import Playbook
    from notifiers.base import Notifier
    from store.database import Database

_ID_ALPHABET: Final = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that is easily misread
_ID_LENGTH: Final = 12


class Laws(Protocol):
    """How people write governing law, as calendar and rule set."""

    def __call__(self, text: str) -> tuple[str, str] | None:
        """(calendar code, rule set name); None when it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Choices of the organisation, as values."""

    organisation: str = ""
    time_zone: str = "UTC"
    calendar: str = "SAT_SUN"
    send_at: time = time(8, 30)
    digest_weekday: int = 0  # Monday
    digest_at: time = time(8, 30)
    horizon_months: int = 60
    base_url: str = ""
    shadow_mode: bool = False
    external_mail: str = "draft"  # draft, send
    mail_in_doubt: str = "resend"  # resend, hold
    channels: tuple[str, ...] = ("email",)  # in the order in which people are tried
    senders: int = 4
    timings: Timings = field(default_factory=Timings)


@dataclass(frozen=True, kw_only=True)
class Monitor:
    """The engine's collaborators. The same seed in *random* gives the same ids and so the same bytes."""

    database: Database
    clock: Clock
    random: Random
    calendars: Callable[[str], BusinessCalendar]
    playbook_from: Callable[[str], Playbook]  # canonical JSON to value
    notifiers: Mapping[str, Notifier]
    house: House = field(default_factory=House)
    wake: Callable[[], None] = lambda: None

    @contextmanager
    def work(self, actor: Actor = CLOCK) -> Iterator[Work]:
        """One transaction; kept at its end, nothing kept if anything fails.

        Raises DatabaseFull, DatabaseBusy and what the work itself raises.
        """
        with self.database.writing() as connection:
            work = Work(connection, now=self.clock.now(), actor=actor, monitor=self)
            yield work
            work.finish()
        if work.made_due:
            self.wake()

    @contextmanager
    def look(self) -> Iterator[Work]:
        """One consistent view of the rows; what it records is never kept."""
        with self.database.reading() as connection:
            yield Work(connection, now=self.clock.now(), actor=CLOCK, monitor=self)

    def new_id(self) -> str:
        """An opaque id, from the source of chance that was handed in."""
        return "".join(self.random.choices(_ID_ALPHABET, k=_ID_LENGTH))


class Work(UnitOfWork):
    """A unit of work that knows the engine's collaborators."""

    def __init__(self, connection, *, now: datetime, actor: Actor, monitor: Monitor) -> None:  # noqa: ANN001
        """See ``Monitor.work``."""
        super().__init__(connection, now=now, actor=actor)
        self.monitor = monitor
        self.house = monitor.house
        self.made_due = False  # something is due now: wake the scheduler after the commit
        self.to_replan: dict[str, str] = {}  # agreement id -> because

    def react(self, event) -> None:  # noqa: ANN001, D102 - as in UnitOfWork
        reactions.react(event, self)

    def settle(self) -> None:
        """Answer every event, then derive anew what they touched; once per agreement, however many events."""
        super().settle()
        while self.to_replan:
            reactions.replan_touched(self)
            super().settle()

    def new_id(self) -> str:
        """An opaque id."""
        return self.monitor.new_id()

    def calendar(self, code: str) -> BusinessCalendar:
        """The business days of a calendar code."""
        return self.monitor.calendars(code)

    def today(self, agreement: Agreement) -> date:
        """The day in the agreement's own zone."""
        return self.now.astimezone(zone(agreement.time_zone)).date()

    @cached_property
    def playbooks(self) -> Mapping[tuple[str, int], Playbook]:
        """The newest version of each playbook, by name and version."""
        return {
            (one.playbook, one.version): self.monitor.playbook_from(one.doc) for one in self.keeping.playbooks()
        }

    def playbook(self, name: str, version: int) -> Playbook:
        """The version of a playbook that a milestone names."""
        if (name, version) in self.playbooks:
            return self.playbooks[name, version]
        return self.monitor.playbook_from(self.keeping.playbook(name, version).doc)


def zone(name: str) -> ZoneInfo:
    """The time zone of a name; the standard library keeps it."""
    return ZoneInfo(name)
