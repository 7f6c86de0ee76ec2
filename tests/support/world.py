"""A whole Longstop in memory with a clock that moves when told.

``tick`` runs the real catalogue of jobs, so a story proves the wiring. Every message that reaches anybody must be
expected: ``expect`` takes what came since the last time, and what nobody expected fails the test at its end. A message
is one line: when (local time), to whom, about what.

    2026-11-25 08:30 ben olga: ACME-7 notice -7d.0
"""

import random
from collections import defaultdict, deque
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from config.holiday_calendars import business_calendar
from config.playbooks import parse_playbooks, shipped
from engine import operations as ops
from engine.access.passwords import Hashing
from engine.clock import VirtualClock
from engine.monitor import House, Monitor
from engine.watcher.audit import examined
from jobs.catalogue import look
from lifecycle.days.calendars import SAT_SUN
from lifecycle.delivery import DeliveryKind
from lifecycle.errors import UnknownCalendar
from lifecycle.events import Actor
from lifecycle.playbooks.canonical import canonical, from_canonical, sha256
from notifiers.console import ConsoleNotifier
from notifiers.email import EmailNotifier, MailSettings
from store.keeping import PlaybookVersion
from tests.support.agreements import agreement
from tests.support.channels import FakeChannel
from tests.support.databases import copied, fresh, let_go
from tests.support.people import person, short

HOME = "Europe/Berlin"
QUICK = Hashing(passes=1, memory=8, lanes=1)  # the least that there is
MAIL = MailSettings(host="mail.invalid", mail_from="Longstop <longstop@example.com>", domain="example.com")


@cache
def calendar(code):
    return SAT_SUN if code == "SAT_SUN" else business_calendar(code)


class World:
    """``World("2026-01-05T09:00")``; local times are those of *zone*."""

    def __init__(self, at="2026-01-05T09:00", *, zone=HOME, database=None, wake=lambda: None, seed=1, **house):
        self.zone = ZoneInfo(zone)
        self.clock = VirtualClock(self.instant(at))
        self.mail = FakeChannel("email", EmailNotifier(MAIL), self.clock)
        self.slack = FakeChannel("slack", ConsoleNotifier(None), self.clock, can_find=True)
        begun = None if database else _begun(self.clock.now(), seed)
        self.monitor = Monitor(
            database=database or copied(begun.database),
            clock=self.clock,
            random=copy(begun.random) if begun else random.Random(seed),
            calendars=self._calendar,
            playbook_from=from_canonical,
            notifiers={"email": self.mail, "slack": self.slack},
            house=House(**{"time_zone": zone, "senders": 1, "channels": ("email",), "says_all_quiet": False} | house),
            wake=wake,
            hashing=QUICK,
        )
        self._expected = {"email": 0, "slack": 0}
        self.lost_calendars = set()  # codes that are no longer known
        self.unclean = set()  # rules of the self-audit that this story breaks
        self._looked_at = None  # at all jobs, last

    def twin(self):
        """Another world that stands where this one does; what happens in one of them is nothing to the other."""
        twin = World(self.clock.now(), zone=self.zone.key, database=copied(self.monitor.database))
        twin.mail, twin.slack = self.mail.twin(twin.clock), self.slack.twin(twin.clock)
        twin.monitor = replace(
            self.monitor,
            database=twin.monitor.database,
            clock=twin.clock,
            random=copy(self.monitor.random),
            calendars=twin._calendar,
            notifiers={"email": twin.mail, "slack": twin.slack},
            unwritten=deque(),
        )
        twin._expected, twin._looked_at = dict(self._expected), self._looked_at
        return twin

    def _calendar(self, code):
        if code in self.lost_calendars:
            raise UnknownCalendar(code)
        return calendar(code)

    # -- what there is -----------------------------------------------------------------------------------------------

    def playbooks(self, *books):
        """Put versions in force; YAML or values."""
        with self.monitor.work() as work:
            newest = {one.playbook: one.version for one in work.keeping.playbooks()}
            for book in books:
                for one in parse_playbooks(book, "trial.yaml") if isinstance(book, str) else [book]:
                    work.keeping.add_playbook(
                        PlaybookVersion(
                            playbook=one.name,
                            version=newest.get(one.name, 0) + 1,
                            sha256=sha256(one),
                            applied_at=work.now,
                            doc=canonical(one),
                        )
                    )

    def person(self, name, *, manager=None, **said):
        with self.monitor.work() as work:
            managed_by = work.people.by_email(f"{manager}@example.com").id if manager else None
            return ops.add_person(work, person(name, manager_id=managed_by, **said))

    def staff(self):
        """Olga owns, Ben stands in, Mia manages Olga, Leo is legal, Ada runs the house."""
        self.person("Mia")
        self.person("Olga", manager="mia")
        self.person("Ben")
        self.person("Leo", role="legal")
        self.person("Ada", role="admin")

    def agreement(self, reference="ACME-7", *, owner="olga", backup="ben", **said):
        """Register one; its facts as in ``tests.support.agreements``."""
        with self.monitor.work(_actor(owner or "ada")) as work:
            people = {f"{key}_id": work.people.by_email(f"{name}@example.com").id for key, name in
                      (("owner", owner), ("backup", backup)) if name}  # fmt: skip
            return ops.register(work, agreement(reference, **people | said))

    # -- what people do ----------------------------------------------------------------------------------------------

    def say(self, operation, about, *, by="olga", **said):
        """Answer a deadline: ``world.say(ops.acknowledge, "ACME-7 notice")``."""
        with self.monitor.work(_actor(by)) as work:
            return operation(work, self._row(work, about).id, **said)

    def do(self, operation, reference="ACME-7", *args, by="olga", **said):
        """Do something to an agreement as it is known now."""
        with self.monitor.work(_actor(by)) as work:
            return operation(work, work.agreements.find(reference), *args, **said)

    def amend(self, reference="ACME-7", *, because="a signed addendum", **changes):
        with self.monitor.work(_actor("olga")) as work:
            return ops.amend(work, replace(work.agreements.find(reference), **changes), because=because)

    def leave(self, name):
        """Somebody leaves the house."""
        with self.monitor.work(_actor("ada")) as work:
            ops.disable_person(work, work.people.by_email(f"{name}@example.com"))

    def id_of(self, name):
        with self.monitor.look() as work:
            return work.people.by_email(f"{name}@example.com").id

    # -- time --------------------------------------------------------------------------------------------------------

    def instant(self, at):
        """An instant from ``2026-10-02T09:00``, local time."""
        given = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        return given if given.tzinfo else given.replace(tzinfo=self.zone).astimezone(UTC)

    def travel_to(self, at):
        """Be at an instant; the house slept meanwhile."""
        self.clock.travel_to(self.instant(at))

    def tick(self):
        """Look once at all jobs; the next due instant."""
        self._looked_at = self.clock.now()
        return look(self.monitor)

    def live_until(self, at):
        """Look at every due instant up to *at*, as the scheduler does."""
        end = self.instant(at)
        for _ in range(100_000):
            following = self.tick()
            if following is None or following > end:
                self.clock.travel_to(max(end, self.clock.now()))
                self.tick()
                return
            assert following > self.clock.now(), "a job is due and does nothing"
            self.clock.travel_to(following)
        raise AssertionError("time does not pass")

    # -- what is to be seen ------------------------------------------------------------------------------------------

    def row(self, about):
        """The earliest live milestone of ``ACME-7 notice``, else the last; ``ACME-7 notice 2`` is that cycle."""
        with self.monitor.look() as work:
            return self._row(work, about)

    def get(self, reference="ACME-7"):
        with self.monitor.look() as work:
            return work.agreements.find(reference)

    def events(self, *types):
        """``TermRenewed 2026-11-22``-like lines of the log; of some types only."""
        with self.monitor.look() as work:
            return [one for one in work.log.all() if not types or one["type"] in types]

    def incidents(self):
        with self.monitor.look() as work:
            return [one.kind for one in work.keeping.incidents()]

    def deliveries(self, *states):
        with self.monitor.look() as work:
            return work.deliveries.listed(list(states), limit=10_000)

    @property
    def unexpected(self):
        """What came since the last ``expect``, in the order of time; who was told the same stands in one line."""
        told = defaultdict(list)
        with self.monitor.look() as work:
            for channel in (self.mail, self.slack):
                for one in channel.taken[self._expected[channel.name] :]:
                    at, who, about = self._told(work, one, channel)
                    told[at, about].append(who)
        return sorted(f"{at} {' '.join(sorted(who))}: {about}" for (at, about), who in told.items())

    def expect(self, *lines):
        """Exactly these came since the last time."""
        came = self.unexpected
        self._expected = {channel.name: len(channel.taken) for channel in (self.mail, self.slack)}
        assert came == sorted(lines), "\n".join(["these came:", *came])

    def check(self):
        """Nothing came that nobody expected, and the house is in order."""
        assert self.unexpected == [], "nobody expected these messages"
        with self.monitor.look() as work:
            work.log.verify()
            for one in work.milestones.live():
                assert one.next_step_at is not None or not one.is_deadline
        assert self.audited() == self.unclean, self.audited()

    def audited(self):
        """The rules that the self-audit finds broken, as of the last look."""
        if self._looked_at is None:
            return set()
        then = replace(self.monitor, clock=VirtualClock(self._looked_at))
        with then.look() as work:
            return {one.check for one in examined(work).findings}

    # ----------------------------------------------------------------------------------------------------------------

    def _row(self, work, about):
        reference, kind, *cycle = about.split()
        found = [
            row
            for row in work.milestones.of(work.agreements.find(reference).id)
            if row.key.kind == kind and (not cycle or row.key.cycle == cycle[0])
        ]
        return next((row for row in found if row.is_live), found[-1] if found else None)

    def _told(self, work, one, channel):
        who = short(one.address) + ("" if channel is self.mail else f"@{channel.name}")
        about = _about(work.deliveries.get(one.delivery_id), channel.sheets[one.delivery_id])
        return f"{one.at.astimezone(self.zone):%Y-%m-%d %H:%M}", who, about


def _about(delivery, facts):
    names = ", ".join(f"{one.reference} {one.kind}" for one in facts.deadlines)
    match delivery.kind:
        case DeliveryKind.STEP:
            place = delivery.place.removesuffix(".0")
            late = f" late, {facts.skipped} skipped" if facts.is_late else ""
            return f"{names} {place}{late}{' instead' if delivery.fallback_of else ''}"
        case DeliveryKind.DIGEST:
            return f"{facts.heading}: {names}"
        case DeliveryKind.CHANGED if facts.moved_from_on:
            return f"{names} moved from {facts.moved_from_on} to {facts.deadlines[0].safe_on}"
        case DeliveryKind.CHANGED:
            said = "was put off until now" if facts.is_resumed else "is due again" if facts.is_restored else "is yours"
            return f"{names} {said}"
        case _:
            return facts.heading


def _actor(name):
    return Actor(f"{name}@example.com", "test")


def living(*args, **said):
    """A world that is checked at its end."""
    return checked(World(*args, **said))


@contextmanager
def checked(world):
    """*world*, which nobody needs any more afterwards; what came to it has to be what was expected."""
    try:
        yield world
        world.check()
    finally:
        let_go(world.monitor.database)


@cache
def _begun(at, seed):
    """A house at that instant in which the shipped playbooks are in force, and nobody is."""
    made = World(at, database=fresh(), seed=seed)
    made.playbooks(*shipped())
    return made.monitor


@pytest.fixture
def world():
    """The house on Monday, 5 January 2026, with its staff."""
    with checked(staffed()) as made:
        yield made


def staffed():
    """A world on Monday, 5 January 2026, with its staff."""
    return _staffed().twin()


@cache
def _staffed():
    made = World()
    made.staff()
    return made
