"""What is written together: one transaction, its rows and its events.

``record`` keeps an event and queues it for the reactions; ``settle`` lets them answer until nothing follows any more;
the log is written by the last statements before commit. Nothing leaves the process from in here.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from store import disk
from store.absences import Absences
from store.agreements import Agreements, Counterparties
from store.assets import Assets
from store.buckets import Buckets
from store.contact_points import ContactPoints
from store.contacts import Contacts
from store.deliveries import Deliveries
from store.documents import Documents
from store.endpoints import Endpoints
from store.entering import Entering
from store.events import EventLog, Recorded
from store.evidence import Evidence
from store.feeds import Feeds
from store.findings import Findings
from store.inbox import Inbox
from store.instances import Instances
from store.keeping import Keeping
from store.kept import Kept
from store.milestones import Milestones
from store.outages import Outages
from store.people import People
from store.posted import PostedMessages
from store.session import Session
from store.silences import Silences
from store.troubles import told_clearly
from store.whereabouts import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from lifecycle.events import Actor, Event

P = TypeVar("P")


class _Part(Generic[P]):
    """What is asked and changed in some tables; made when it is needed, for most transactions need few."""

    def __init__(self, make: Callable[[UnitOfWork], P]) -> None:
        self._make = make

    @classmethod
    def of(cls, kind: Callable[[Session], P]) -> _Part[P]:
        """What needs nothing but the connection."""
        return cls(lambda work: kind(work.session))

    def __set_name__(self, owner: type[UnitOfWork], name: str) -> None:
        self._name = name

    def __get__(self, work: UnitOfWork, owner: type[UnitOfWork]) -> P:
        made = self._make(work)
        work.__dict__[self._name] = made  # found there by itself from now on
        return made


class UnitOfWork:
    """One transaction. *now* is its instant, the same for everything in it."""

    session: Session
    now: datetime
    agreements = _Part(lambda work: Agreements(work.session, work.now))
    counterparties = _Part.of(Counterparties)
    milestones = _Part.of(Milestones)
    deliveries = _Part.of(Deliveries)
    outages = _Part.of(Outages)
    people = _Part.of(People)
    absences = _Part.of(Absences)
    contact_points = _Part.of(ContactPoints)
    silences = _Part.of(Silences)
    keeping = _Part.of(Keeping)
    inbox = _Part.of(Inbox)
    instances = _Part.of(Instances)
    documents = _Part.of(Documents)
    evidence = _Part.of(Evidence)
    endpoints = _Part.of(Endpoints)
    posted = _Part.of(PostedMessages)
    assets = _Part.of(Assets)
    contacts = _Part.of(Contacts)
    buckets = _Part.of(Buckets)
    whereabouts = _Part.of(Whereabouts)
    feeds = _Part.of(Feeds)
    findings = _Part.of(Findings)
    entering = _Part.of(Entering)
    kept = _Part.of(Kept)

    def __init__(self, connection: Connection, *, now: datetime, actor: Actor) -> None:
        """Work on *connection*, as *actor*."""
        self.connection = connection
        self.now = now
        self.actor = actor
        self.session = Session(connection)
        self.log = EventLog(connection)
        self._recorded: list[Recorded] = []
        self._unanswered: deque[Event] = deque()

    def record(self, event: Event) -> None:
        """Something has happened; reactions follow before the transaction ends."""
        self._recorded.append(Recorded(event, self.now, self.actor))
        self._unanswered.append(event)

    def react(self, event: Event) -> None:
        """What follows from an event; the engine says."""

    def settle(self) -> None:
        """Let the reactions answer every event, and those that follow from them."""
        while self._unanswered:
            self.react(self._unanswered.popleft())

    @property
    def recorded(self) -> tuple[Event, ...]:
        """What has happened so far in this transaction."""
        return tuple(one.event for one in self._recorded)

    def finish(self) -> None:
        """The last statements before commit: reactions, then the log."""
        self.settle()
        if self._recorded:
            disk.end_at_once(self.connection)
        self.session.flush()
        self.log.append(self._recorded)
        self._recorded = []

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that stands or falls alone: rows and events of it are kept together or not at all."""
        self.settle()
        kept = len(self._recorded)
        try:
            with told_clearly(), self.session.savepoint():
                yield
                self.settle()
        except BaseException:
            del self._recorded[kept:]
            self._unanswered.clear()
            self._forget_seen()
            raise

    def _forget_seen(self) -> None:
        self.agreements.forget_seen()
        self.counterparties.forget_seen()
        self.people.forget_seen()
        self.contacts.forget_seen()
        self.keeping.forget_seen()
        self.evidence.forget_seen()
