"""What the engine is made of, handed in once by the bootstrap, and the transaction that it works in.

``Monitor.work`` opens one unit of work in which every event is answered by ``engine.reactions`` before it ends.
After a commit that made work due now the scheduler is woken.
"""

from __future__ import annotations

import traceback
from collections import Counter, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from engine import reactions
from engine.access.passwords import Hashing
from engine.delivery import inviting
from engine.incidents import open_incident
from engine.planning import Planner
from engine.points import SIDE_BY_SIDE, Moment, Point, Reached, go_on
from engine.zones import day_at
from lifecycle.delivery import Timings
from lifecycle.events import CLOCK
from lifecycle.milestones.reconciling import Cause
from notifiers.base import MAIL
from store.errors import DatabaseBusy, DatabaseFull, StoreError
from store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from random import Random

    from sqlalchemy import Connection

    from engine.clock import Clock
    from engine.delivery.settling import Claimed
    from engine.incoming.links import Links
    from engine.intake.context import Law
    from engine.shelf import Shelf
    from engine.uploading.apart import Apart
    from engine.watcher.watching import Watching
    from lifecycle.agreements.agreement import Agreement
    from lifecycle.days.calendars import BusinessCalendar
    from lifecycle.delivery import SendResult
    from lifecycle.events import Actor, Event
    from lifecycle.milestones.glance import Glance
    from lifecycle.playbooks.playbook import Playbook
    from notifiers.base import Notifier
    from store.database import Database

log = structlog.get_logger(__name__)
_ID_ALPHABET: Final = "23456789abcdefghjkmnpqrstvwxyz"  # nothing that is easily misread
_ID_PAIRS: Final = tuple(map("".join, product(_ID_ALPHABET, repeat=2)))  # drawn in pairs: half the draws
_ID_LENGTH: Final = 12


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
    copy_in_doubt: str = "resend"  # resend, hold: where a second copy is known as the first's
    post_in_doubt: str = "fallback"  # fallback, hold: where it would stand below the first
    channels: tuple[str, ...] = (MAIL,)  # in the order in which people are tried
    senders: int = 8  # messages on the wire at once, of all channels together
    room: tuple[str, str] | None = None  # channel and address; hears what reached nobody
    playbook_approval_over: int = 0  # agreements that one person may put under another playbook; 0: any number
    says_all_quiet: bool = True  # to the operators, after a week in which nothing else left
    mail_calendar: str = "off"  # off, publish, request
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
    laws: Callable[[str], Law | None] = lambda _: None  # how people write governing law
    shelf: Shelf | None = None  # where files are kept; without it only links are
    links: Links | None = None  # signs the links in messages; without it there are none
    is_real: bool = True  # False in a rehearsal or a forecast: its incidents are nobody's business
    watching: Watching | None = None  # what a process watches the house with
    hashing: Hashing = field(default_factory=Hashing)  # of passwords
    apart: Apart | None = None  # takes large files in by a process of its own; without it they are taken in here
    reached: Reached = go_on  # told of every point of ``engine.points``
    books: dict[tuple[str, int], Playbook] = field(default_factory=dict)  # versions, which never change, as kept
    unwritten: deque[tuple[Claimed, SendResult]] = field(default_factory=deque)  # answers that the database owes

    @contextmanager
    def work(self, actor: Actor = CLOCK, *, point: Point = Point.ACTED) -> Iterator[Work]:
        """One transaction; kept at its end, nothing kept if anything fails. *point* names what it is.

        Raises DatabaseFull, DatabaseBusy and what the work itself raises.
        """
        with self.database.writing(side_by_side=point in SIDE_BY_SIDE) as connection:
            work = Work(connection, now=self.clock.now(), actor=actor, monitor=self)
            yield work
            work.finish()
            if work.made_due:
                self.database.tell(connection)
            self.reached(point, Moment.BEFORE)
        self.reached(point, Moment.AFTER)
        if work.made_due:
            self.wake()

    @contextmanager
    def look(self) -> Iterator[Work]:
        """One consistent view of the rows; what it records is never kept."""
        with self.database.reading() as connection:
            yield Work(connection, now=self.clock.now(), actor=CLOCK, monitor=self)

    def new_id(self) -> str:
        """An opaque id, from the source of chance that was handed in."""
        return "".join(self.random.choices(_ID_PAIRS, k=_ID_LENGTH // 2))


class Work(UnitOfWork):
    """A unit of work that knows the engine's collaborators."""

    adds_playbooks = False  # a version that is added may still be undone, and is nothing to remember

    def __init__(self, connection: Connection, *, now: datetime, actor: Actor, monitor: Monitor) -> None:
        """See ``Monitor.work``."""
        super().__init__(connection, now=now, actor=actor)
        self.monitor = monitor
        self.house = monitor.house
        self.is_tried = False  # rolled back at its end: what it finds wrong is nobody's business
        self.made_due = False  # something is due now: wake the scheduler after the commit
        self.to_replan: dict[str, tuple[str, Cause]] = {}  # agreement id -> because, cause
        self.to_invite: dict[str, bool] = {}  # milestone id -> whether a stage was raised
        self.tally: Counter[str] = Counter()  # what deriving anew has done: new, moved, withdrawn, past, today
        self.only_counts = False  # a trial that asks for no more of new agreements than ``tally``
        self.new_agreements: set[str] = set()  # registered in this transaction: they have no rows yet

    def react(self, event: Event) -> None:
        """One decision for every event: ``engine.reactions``."""
        reactions.react(event, self)

    def settle(self) -> None:
        """Answer every event, then derive anew what they touched; once per agreement, however many events."""
        super().settle()
        while self.to_replan:
            reactions.replan_touched(self)
            super().settle()
        if self.to_invite:
            inviting.invite_touched(self)

    def _forget_seen(self) -> None:
        super()._forget_seen()
        self.to_replan.clear()
        self.to_invite.clear()

    def new_id(self) -> str:
        """An opaque id."""
        return self.monitor.new_id()

    def calendar(self, code: str) -> BusinessCalendar:
        """The business days of a calendar code."""
        return self.monitor.calendars(code)

    def today(self, agreement: Agreement | Glance) -> date:
        """The day in the agreement's own zone."""
        return day_at(self.now, agreement.time_zone)

    def alone(self, agreement_id: str) -> AbstractContextManager[list[bool]]:
        """A part of bulk work that stands or falls alone; the list that it yields is empty afterwards if it fell.

        What went wrong with one is told to the operator and stops no other. A full or busy database stops all.
        """
        return self._alone(agreement_id)

    @contextmanager
    def _alone(self, agreement_id: str) -> Iterator[list[bool]]:
        self.settle()  # what was said before: if that falls, it is not this one's fault
        stood = [True]
        try:
            with self.savepoint():
                yield stood
        except StoreError as error:
            if isinstance(error, DatabaseFull | DatabaseBusy):
                raise
            stood.clear()
            self.set_aside(agreement_id, error.sentence)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on and the operator hears of it
            stood.clear()
            self.set_aside(agreement_id, f"{type(error).__name__} in {place_of(error)}")

    def set_aside(self, agreement_id: str, why: str) -> None:
        """Tell the operator that an agreement makes trouble; its caller looks at it again later."""
        log.error("agreement set aside", agreement_id=agreement_id, why=why)
        text = f"Agreement {agreement_id} could not be worked on and is tried again in an hour: {why}"
        open_incident(self, kind="set_aside", subject=agreement_id, agreement_id=agreement_id, text=text)

    @cached_property
    def planner(self) -> Planner:
        """Which playbook, which frame, by what."""
        return Planner(self, self.playbooks)

    @cached_property
    def playbooks(self) -> Mapping[tuple[str, int], Playbook]:
        """The newest version of each playbook, by name and version."""
        return {(one.playbook, one.version): self.monitor.playbook_from(one.doc) for one in self.keeping.playbooks()}

    def playbooks_changed(self) -> None:
        """A version was added in this transaction: choose anew."""
        self.adds_playbooks = True
        for name in ("playbooks", "planner"):
            self.__dict__.pop(name, None)

    def playbook(self, name: str, version: int) -> Playbook:
        """The version of a playbook that a milestone names. What is kept never changes, and is read once."""
        known = {} if "playbooks" in self.__dict__ else self.monitor.books
        return known.get((name, version)) or self._read_playbook(name, version)

    def _read_playbook(self, name: str, version: int) -> Playbook:
        found = self.playbooks.get((name, version))
        if found is None:
            found = self.monitor.playbook_from(self.keeping.playbook(name, version).doc)
        if not self.adds_playbooks:
            self.monitor.books[name, version] = found
        return found


def place_of(error: Exception) -> str:
    """Where it was raised, without its text: that may hold what no log shall hold."""
    innermost = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(innermost.filename).name}:{innermost.lineno}"
