"""A monitor whose transactions are on paper, and channels that keep the facts of a message instead of composing it."""

from __future__ import annotations

from collections import Counter, deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import proxy

from engine.clock import VirtualClock
from engine.forecasting.agenda import Agenda
from engine.forecasting.exceptions import PaperAbsences, PaperFindings, PaperSilences
from engine.forecasting.paper import PaperAgreements, PaperKeeping, PaperMilestones
from engine.forecasting.paper_outbox import PaperDeliveries
from engine.monitor import Monitor, Work
from engine.planning import Planner
from engine.points import Point
from lifecycle.delivery import Accepted, DeliveryState
from lifecycle.events import CLOCK, StepRaised
from notifiers.base import CannotTell, Frozen, OneWay
from notifiers.wording import mail_subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from lifecycle.agreements.agreement import Agreement
    from lifecycle.delivery import Delivery, SendResult
    from lifecycle.events import Actor, Event
    from lifecycle.milestones.milestone import Cursor, Derived, Milestone
    from lifecycle.playbooks.ladder import PlannedStep
    from lifecycle.playbooks.playbook import Playbook
    from notifiers.base import FindResult, Notifier, Outgoing
    from notifiers.sheet import FactSheet

    Sheets = dict[str, Callable[[], FactSheet]]  # by the message's id; what never leaves is never asked for

_WAITING = (DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.IN_DOUBT)
_ALL = 1 << 30
_NOTHING = Frozen("", b"", "")
T = TypeVar("T")


class FactsOnly(OneWay):
    """A ``Notifier`` that keeps the facts and composes nothing."""

    can_find = False

    def __init__(self, real: Notifier, sheets: Sheets) -> None:
        self._real, self._sheets = real, sheets

    @property
    def name(self) -> str:
        return self._real.name

    @property
    def has_rooms(self) -> bool:
        return self._real.has_rooms

    def compose(self, facts: FactSheet) -> Frozen:
        return self.compose_from(facts.delivery_id, lambda: facts)

    def compose_from(self, delivery_id: str, facts: Callable[[], FactSheet]) -> Frozen:
        self._sheets[delivery_id] = facts
        return _NOTHING

    def send(self, outgoing: Outgoing, still_ours: Callable[[], bool]) -> SendResult:  # noqa: ARG002 - the protocol's shape
        return Accepted()

    def find(self, outgoing: Outgoing, since_at: datetime) -> FindResult:  # noqa: ARG002 - the protocol's shape
        return CannotTell("nothing is sent on paper")

    def close(self) -> None:
        """Nothing is open."""


class _BriefPlanner(Planner):
    """Derivations, and what comes next, are told in letters; no letter is written."""

    def explained(self, agreement: Agreement, milestone: Milestone) -> Derived | None:  # noqa: ARG002 - as in Planner
        return None

    def ahead(self, agreement: Agreement, milestone: Milestone, after: Cursor | None) -> Iterator[PlannedStep]:
        del agreement, milestone, after
        return iter(())


class _Settling(AbstractContextManager[T]):
    """What lasts until the work is settled. Jobs ask so often that a generator would take twice as long."""

    __slots__ = ("_given", "_work")

    def __init__(self, work: PaperWork, given: T) -> None:
        self._work, self._given = work, given

    def __enter__(self) -> T:
        return self._given

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is None:
            self._work.settle()


class PaperWork(Work):
    """A unit of work without a database: all of a forecast is one."""

    def __init__(self, real: Work, monitor: Monitor, until: datetime) -> None:  # the parent's would open a session
        self.now, self.actor, self.monitor, self.house = real.now, CLOCK, monitor, monitor.house
        self.session = real.session  # who may see what stands in the register
        passages, steps = Agenda(until), Agenda(until)
        self.facts = PaperAgreements(real.agreements, passages)
        self.rows = PaperMilestones(real.milestones, steps, self.facts)
        self.outbox = PaperDeliveries(real.deliveries, self.rows, until)
        self.agreements = cast("Any", self.facts)
        self.milestones, self.deliveries = cast("Any", self.rows), cast("Any", self.outbox)
        self.people, self.counterparties = real.people, real.counterparties
        self.absences = cast("Any", PaperAbsences(real.absences))
        self.silences = cast("Any", PaperSilences(real.silences))
        self.contact_points, self.assets, self.contacts = real.contact_points, real.assets, real.contacts
        self.evidence = real.evidence
        self.keeping, self.findings = cast("Any", PaperKeeping(real.keeping)), cast("Any", PaperFindings())
        self.made_due = self.only_counts = False
        self.to_replan, self.tally, self.new_agreements, self.to_invite = {}, Counter(), set(), {}
        self._recorded, self._unanswered = [], deque()
        self._raised: list[StepRaised] = []

    @cached_property
    def planner(self) -> Planner:
        return _BriefPlanner(self, self.playbooks)

    def playbook(self, name: str, version: int) -> Playbook:
        return self.playbooks.get((name, version)) or super().playbook(name, version)

    def settle(self) -> None:
        if self._unanswered or self.to_replan or self.to_invite:  # else nothing follows: it is asked again and again
            super().settle()

    def record(self, event: Event) -> None:
        self._unanswered.append(event)
        if isinstance(event, StepRaised):
            self._raised.append(event)

    def taken_raised(self) -> list[StepRaised]:
        """The steps that were raised since the last time."""
        raised, self._raised = self._raised, []
        return raised

    def savepoint(self) -> AbstractContextManager[None]:  # type: ignore[override] # of a generator is asked no more
        """Nothing on paper falls: what goes wrong ends the forecast."""
        return _Settling(self, None)

    def alone(self, agreement_id: str) -> AbstractContextManager[list[bool]]:
        del agreement_id
        return _Settling(self, [True])


@dataclass(frozen=True, kw_only=True)
class Desk(Monitor):
    """The engine's collaborators, on paper."""

    real: Work
    hands: VirtualClock  # the clock, to be moved
    until: datetime
    sheets: Sheets = field(default_factory=dict)
    ids: Iterator[int] = field(default_factory=count)

    @cached_property
    def paper(self) -> PaperWork:
        """The only unit of work. It holds its desk by a proxy, so that all that lies there is gone with the desk."""
        return PaperWork(self.real, proxy(self), self.until)

    def new_id(self) -> str:
        """Nobody guesses what is on paper only: a number."""
        return f"{next(self.ids):012}"

    def work(self, actor: Actor = CLOCK, *, point: Point = Point.ACTED) -> AbstractContextManager[Work]:  # type: ignore[override]
        del point  # nobody stops a forecast
        self.paper.now, self.paper.actor = self.clock.now(), actor
        return _Settling(self.paper, self.paper)

    def look(self) -> AbstractContextManager[Work]:  # type: ignore[override]
        self.paper.now = self.clock.now()
        return nullcontext(self.paper)

    def facts(self, row: Delivery) -> FactSheet | None:
        """What a message that leaves says; None of one that was composed before anybody looked."""
        told = self.sheets.pop(row.id, None)
        return told() if told else None

    def subject(self, row: Delivery, facts: FactSheet | None) -> str:
        """What stands over a message: of an older one, what was composed then."""
        if facts is not None:
            return mail_subject(facts)
        kept = self.real.deliveries.body(row.id)
        return kept.subject if kept else ""


def laid_out(real: Work, until: datetime, agreement_id: str | None) -> Desk:
    """A desk with everything on it that is due before *until*; of one agreement only, where one is named."""
    sheets: Sheets = {}
    monitor = real.monitor
    hands = VirtualClock(real.now)
    desk = Desk(
        database=monitor.database,
        clock=hands,
        hands=hands,
        random=Random(0),  # noqa: S311 - ids on paper
        calendars=monitor.calendars,
        playbook_from=monitor.playbook_from,
        notifiers={name: FactsOnly(one, sheets) for name, one in monitor.notifiers.items()},
        house=monitor.house,
        is_real=False,
        real=real,
        until=until,
        sheets=sheets,
    )
    _lay_out(desk.paper, real, until, agreement_id)
    return desk


def _lay_out(work: PaperWork, real: Work, until: datetime, agreement_id: str | None) -> None:
    """What the register has is read here, in one question for all of a kind, and not one by one as time passes."""
    passages = {one: at for one, at in real.agreements.passages(until).items() if agreement_id in {None, one}}
    for one, at in passages.items():
        work.facts.schedule(one, at)
    due = real.milestones.due_unread(until, _ALL) if agreement_id is None else []
    parties = work.facts.read([*passages, *(one.holder for one in due)])
    real.people.read(parties.people)
    real.contacts.read(parties.counterparties)
    work.rows.take_all(passages if agreement_id is None else [agreement_id])
    work.rows.take(one.read() for one in due if one.holder not in passages)
    work.rows.fetch_raised(work.rows.followed)
    work.outbox.read_of(work.rows.followed)
    waiting = real.deliveries.listed(list(_WAITING), limit=_ALL)
    work.outbox.take(one for one in waiting if agreement_id in {None, one.agreement_id})
