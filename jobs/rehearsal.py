"""The real engine and the real catalogue under a virtual clock, on a copy of the register. Nothing is sent.

1. Copy: a register is rehearsed as it stands; one that is rehearsed from the past enters agreement by agreement.
2. Go from one due instant to the next: who enters, what is answered, what the jobs do.
3. Write each message as it would have left, the log, and a summary.

Chance is seeded, so two runs of the same register give the same bytes.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from engine.clock import VirtualClock
from engine.incoming.links import Links
from engine.recording import RecordingChannel, copy_of_register
from engine.zones import midnight, zone
from jobs.catalogue import look
from jobs.rehearsal_answers import Answer, give
from jobs.rehearsal_files import Writer
from jobs.rehearsal_register import Entering, walked_through

if TYPE_CHECKING:
    from pathlib import Path

    from engine.monitor import Monitor
    from store.database import Database

_SEED: Final = 20_241_231


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What is rehearsed. Days are those of the organisation, both inside; *feeds* renders calendars as of a day."""

    from_on: date
    until_on: date
    out: Path
    answers: tuple[Answer, ...] = ()
    seed: int = _SEED
    feeds: Callable[[Monitor, date], Mapping[str, bytes]] | None = None
    progress: Callable[[date], None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What came of a rehearsal; the same as ``summary.json``."""

    from_on: date
    until_on: date
    is_walked_through: bool  # from the past, agreement by agreement
    agreements: int
    events: int
    counts: Mapping[str, int]
    incidents: Mapping[str, int]
    milestones: Mapping[str, int]
    answers: tuple[Mapping[str, str], ...]


def rehearse(monitor: Monitor, database: Database, plan: Rehearsal) -> Summary:
    """See the module. *monitor* is only read; *database* has the tables and nothing in them."""
    run = _Run(monitor, database, plan)
    try:
        run.go()
        return run.summary()
    finally:
        run.writer.close()


class _Run:
    """One rehearsal on its way."""

    def __init__(self, monitor: Monitor, database: Database, plan: Rehearsal) -> None:
        home, now = monitor.house.time_zone, monitor.clock.now()
        self._plan = plan
        self._from_at = midnight(plan.from_on, home)
        self._end_at = midnight(plan.until_on + timedelta(days=1), home)
        self._is_past = plan.from_on < now.astimezone(zone(home)).date()
        self._clock = VirtualClock(self._from_at if self._is_past else now)
        self._channels = [RecordingChannel(one, self._clock) for one in monitor.notifiers.values()]
        self._copy = self._copied(monitor, database)
        self._entering = Entering((), plan.from_on)
        if self._is_past:
            self._entering = walked_through(monitor, self._copy, plan.from_on)
        else:
            copy_of_register(monitor, database)
        self._answers, self._answered = deque(plan.answers), list[Mapping[str, str]]()
        self._feed_days = deque(_feed_days(plan) if plan.feeds else ())
        self._events_before = self._head()
        self.writer = Writer(self._copy, plan.out)

    def go(self) -> None:
        """From one instant to the next, until the end."""
        at: datetime | None = self._clock.now()
        while at is not None and at < self._end_at:
            self._step_to(max(at, self._clock.now()))
            self._entering.enter(self._copy)
            self._answer()
            due_at = look(self._copy)
            self._write()
            planned = (due_at, self._entering.next_at, self._next_answer_at(), self._next_feed_at())
            at = min((one for one in planned if one is not None), default=None)

    def summary(self) -> Summary:
        """Write what is written once, and say what came of it all."""
        plan = self._plan
        with self._copy.look() as work:
            work.log.verify()
            agreements = list(work.agreements.all())
            states = Counter(row.state.value for one in agreements for row in work.milestones.of(one.id))
            incidents = Counter(row.kind for row in work.keeping.incidents(only_open=False))
        found = Summary(
            from_on=plan.from_on,
            until_on=plan.until_on,
            is_walked_through=self._is_past,
            agreements=len(agreements),
            events=self.writer.events(self._events_before),
            counts=dict(self.writer.counts),
            incidents=dict(incidents),
            milestones=dict(states),
            answers=tuple(self._answered),
        )
        self.writer.summary(asdict(found))
        return found

    def _copied(self, monitor: Monitor, database: Database) -> Monitor:
        return replace(
            monitor,
            database=database,
            clock=self._clock,
            random=random.Random(self._plan.seed),  # noqa: S311 - the same bytes are wanted, not secrets
            notifiers={one.name: one for one in self._channels},
            house=replace(monitor.house, senders=1, shadow_mode=False),
            wake=_nobody,
            links=Links("of a rehearsal", monitor.house.base_url) if monitor.links else None,  # they open nothing
            is_real=False,
            unwritten=deque(),
        )

    def _step_to(self, at: datetime) -> None:
        if at.date().month != self._clock.now().date().month:
            self._plan.progress(at.date())
        self._clock.travel_to(at)

    def _answer(self) -> None:
        while self._answers and self._answers[0].at <= self._clock.now():
            self._answered.append(give(self._copy, self._answers.popleft()))

    def _write(self) -> None:
        """What was told before the first day, on the way there from today, is not part of the rehearsal."""
        kept = [one for channel in self._channels for one in channel.take()]
        self.writer.messages([one for one in kept if one.at >= self._from_at])
        while (at := self._next_feed_at()) is not None and at <= self._clock.now():
            day = self._feed_days.popleft()
            if self._plan.feeds is not None:
                self.writer.feeds(day.isoformat(), self._plan.feeds(self._copy, day).items())

    def _next_answer_at(self) -> datetime | None:
        return self._answers[0].at if self._answers else None

    def _next_feed_at(self) -> datetime | None:
        return midnight(self._feed_days[0], self._copy.house.time_zone) if self._feed_days else None

    def _head(self) -> int:
        with self._copy.look() as work:
            return work.log.head()[0]


def _feed_days(plan: Rehearsal) -> list[date]:
    """The first day, each new year, the last day."""
    years = [date(year, 1, 1) for year in range(plan.from_on.year + 1, plan.until_on.year + 1)]
    return list(dict.fromkeys((plan.from_on, *years, plan.until_on)))


def _nobody() -> None:
    """A rehearsal goes to the next due instant by itself: there is nobody to wake."""
