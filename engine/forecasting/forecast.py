"""Every message that will be sent until a day, if nobody answers, or if everybody acknowledges (INTERFACE.md C14).

The engine itself runs on paper (``engine.forecasting``): the same passage, the same raising, the same digests, with
rows in memory and without composing anything. So a forecast says what a rehearsal sends, many times faster. It presumes
that channels take what they are given, and that facts, people, playbooks and calendars stay as they are.
"""

from __future__ import annotations

import math
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from engine import absences, passage, raising, silences
from engine.bulk import uncollected
from engine.delivery import digest, weekly
from engine.delivery.gate import frozen_at_last, may_leave
from engine.delivery.settling import Claimed
from engine.forecasting.desk import laid_out
from engine.forecasting.telling import asks, item_of
from engine.operations.quieting import acknowledge
from engine.zones import midnight, zone
from lifecycle.delivery import DeliveryState
from lifecycle.errors import LifecycleError
from store.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date, datetime

    from engine.forecasting.desk import Desk
    from engine.forecasting.items import Item
    from engine.monitor import Work
    from lifecycle.delivery import Delivery
    from lifecycle.events import StepRaised

Assume = Literal["silence", "acknowledged"]
#: What is done before messages leave, and when it is due; as in ``jobs.catalogue``.
_BEFORE: Final = (
    (silences.end_over, silences.due_at),
    (passage.advance, passage.due_at),
    (raising.raise_due, raising.due_at),
    (absences.welcome_back, absences.due_at),
    (digest.bundle, digest.due_at),
)
AT_ONCE: Final = 2_000  # planned steps: what is foretold of them takes some seconds


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A step that will be raised and reaches nobody. *milestone_id* is None while the milestone is no row yet."""

    milestone_id: str | None
    reference: str
    stage: str
    step: int
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Messages in the order in which they leave; *totals* of messages, by channel and by kind."""

    until_on: date
    assume: Assume
    items: tuple[Item, ...]
    totals: Mapping[str, int]
    unresolved: tuple[Unresolved, ...]

    @property
    def references(self) -> AbstractSet[str]:
        """The agreements that it speaks of."""
        told = [item.reference for item in self.items]
        told += [one.reference for item in self.items for one in item.about]
        told += [one.reference for one in self.unresolved]
        return {one for one in told if one is not None}

    def among(self, references: AbstractSet[str]) -> Forecast:
        """What of it concerns only agreements with these *references*; of a digest what it says of them."""
        items = tuple(one for each in self.items if (one := _among(each, references)) is not None)
        unresolved = tuple(one for one in self.unresolved if one.reference in references)
        return replace(self, items=items, totals=_totals(items), unresolved=unresolved)


def reach(work: Work, until_on: date, *, most: int = AT_ONCE) -> date:
    """How far a forecast of everything can look while somebody waits for it: *until_on*, or a day before that.

    Until its end at most *most* steps, and as many passages, stand planned; today is always inside.
    """
    planned = (one.next_due_at(behind=most) for one in (work.milestones, work.agreements))
    first_at = min((at for at in planned if at is not None), default=None)
    if first_at is None:
        return until_on
    home = zone(work.house.time_zone)
    last_on = first_at.astimezone(home).date() - timedelta(days=1)
    return max(work.now.astimezone(home).date(), min(until_on, last_on))


def forecast(
    work: Work,
    until_on: date,
    *,
    reference: str | None = None,
    recipient: str | None = None,
    assume: Assume = "silence",
) -> Forecast:
    """See the module. *reference* and *recipient* (an address, ignoring case) show only what concerns them.

    *until_on* is inside, in the organisation's zone. Raises NotFound for a reference that nobody knows.
    """
    until = midnight(until_on + timedelta(days=1), work.house.time_zone)
    told, unresolved = _foretold(work, until, _known(work, reference), assume=assume)
    wanted = recipient and recipient.casefold()
    items = tuple(one for one in told if wanted in {None, one.recipient.address.casefold()})
    return Forecast(until_on, assume, items, _totals(items), tuple(unresolved))


def forecast_if(work: Work, until_on: date, agreement_id: str | None, supposed: Callable[[Work], object]) -> Forecast:
    """What would be sent, about one agreement or all, if *supposed* were done now: it is, on paper.

    Raises what it raises.
    """
    until = midnight(until_on + timedelta(days=1), work.house.time_zone)
    told, unresolved = _foretold(work, until, agreement_id, supposed=supposed)
    return Forecast(until_on, "silence", tuple(told), _totals(told), tuple(unresolved))


@uncollected()
def _foretold(
    work: Work,
    until: datetime,
    agreement_id: str | None,
    *,
    assume: Assume = "silence",
    supposed: Callable[[Work], object] | None = None,
) -> tuple[list[Item], list[Unresolved]]:
    """All of it. The desk is gone as this ends, before anybody looks for cycles again."""
    desk = laid_out(work, until, agreement_id)
    if supposed is not None:
        with desk.work(work.actor) as paper:
            supposed(paper)
    return _Run(desk, assume, is_whole=agreement_id is None).go()


def _totals(items: Iterable[Item]) -> Mapping[str, int]:
    return dict(Counter(name for one in items for name in ("messages", one.channel, one.message.value)))


def _among(item: Item, references: AbstractSet[str]) -> Item | None:
    if item.reference is not None and item.reference not in references:
        return None
    about = tuple(one for one in item.about if one.reference in references)
    if len(about) == len(item.about):
        return item
    return replace(item, about=about, subject="Digest") if about else None  # its subject may name what is hidden


def _known(work: Work, reference: str | None) -> str | None:
    if reference is None:
        return None
    found = work.agreements.find(reference)
    if found is None:
        raise NotFound("agreement", reference, remedy="List them.", command="longstop agreement list")
    return found.id


class _Run:
    """From one due instant to the next."""

    def __init__(self, desk: Desk, assume: Assume, *, is_whole: bool) -> None:
        self._desk, self._work, self._assume, self._is_whole = desk, desk.paper, assume, is_whole
        self.items: list[Item] = []
        self.unresolved: list[Unresolved] = []

    def go(self) -> tuple[list[Item], list[Unresolved]]:
        """As the jobs do, in their order."""
        while (at := self._next_at()) is not None and at < self._desk.until:
            self._desk.hands.travel_to(max(at, self._desk.hands.now()))
            for job, _ in _BEFORE:
                job(self._desk)
            self._leave()
            if self._is_whole:
                weekly.say(self._desk)
            self._note_unresolved()
        return self.items, self.unresolved

    def _next_at(self) -> datetime | None:
        planned = [*(ask(self._desk) for _, ask in _BEFORE), self._work.outbox.next_at([DeliveryState.PENDING])]
        if self._is_whole:
            planned.append(weekly.due_at(self._desk))
        return min((at for at in planned if at is not None), default=None)

    def _leave(self) -> None:
        """What is pending leaves; those whom it reaches acknowledge, if that is assumed."""
        now, heard = self._desk.clock.now(), set[str]()
        sent: list[Item] = []
        for row in self._work.outbox.due(now):
            claimed = Claimed(row, "", math.inf)
            if not may_leave(self._work, claimed):
                continue
            frozen_at_last(self._work, row)
            self._work.outbox.accept(row, now)
            sent.append(self._item(row, now))
            heard |= self._work.outbox.milestones_in(row)
        self.items += sorted(sent, key=lambda one: (one.recipient.address, one.channel, one.subject))
        if self._assume == "acknowledged":
            self._acknowledge(sorted(heard))

    def _item(self, row: Delivery, now: datetime) -> Item:
        facts, unborn = self._desk.facts(row), self._work.rows.unborn
        return item_of(self._work, row, facts, at=now, subject=self._desk.subject(row, facts), unborn=unborn)

    def _acknowledge(self, milestone_ids: list[str]) -> None:
        for one in milestone_ids:
            with suppress(LifecycleError), self._desk.work() as work:  # a marker, or over since
                acknowledge(work, one)

    def _note_unresolved(self) -> None:
        for event in self._work.taken_raised():
            if not event.deliveries and event.milestone_id not in self._work.outbox.repeated:
                self.unresolved.append(self._unresolved(event))

    def _unresolved(self, event: StepRaised) -> Unresolved:
        row = self._work.rows.get(event.milestone_id)
        book = self._work.playbook(row.playbook, row.playbook_version)
        return Unresolved(
            milestone_id=None if row.id in self._work.rows.unborn else row.id,
            reference=self._work.agreements.get(row.key.holder).reference,
            stage=event.stage,
            step=event.step,
            audience=asks(book, event.stage, event.step),
        )
