"""Registers to measure on: agreements of all kinds, dated around one day, the same for the same number.

The engine is the real one, on a real file, with a notifier that composes nothing and sends nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from config.holiday_calendars import business_calendar
from config.playbooks import shipped
from engine.bulk import uncollected
from engine.clock import VirtualClock
from engine.monitor import House, Monitor
from engine.operations import people, registering
from lifecycle.agreements.agreement import Agreement, AgreementKind
from lifecycle.days.periods import Period
from lifecycle.delivery import Accepted
from lifecycle.obligations.duties import Obligation, ObligationKind
from lifecycle.obligations.occurrences import Recurrence
from lifecycle.people import Person
from lifecycle.playbooks.canonical import canonical, from_canonical, sha256
from lifecycle.terms.provisions import Provisions
from lifecycle.terms.terms import Anchor, Lasting, Notice, OpenEnded, Renewal, RenewalKind, Side, Survival
from notifiers.base import CannotTell, FindResult, Frozen, OneWay, Outgoing
from notifiers.sheet import FactSheet
from store.database import open_database, sqlite_url
from store.keeping import PlaybookVersion
from store.migrate import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from lifecycle.delivery import SendResult
    from store.database import Database

TODAY: Final = date(2026, 11, 23)
NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
OWNERS: Final = 40
_BATCH: Final = 200  # agreements per transaction, as an import has
_NOTHING: Final = Frozen("", b"", "text/plain")
CALENDARS: Final = ("DE-BE", "US-NY", "GB-ENG", "SAT_SUN")


@dataclass(frozen=True, slots=True)
class Silent(OneWay):
    """A notifier that composes nothing and takes everything."""

    name: str = "email"
    can_find: bool = False
    always: Frozen = _NOTHING

    def compose(self, facts: FactSheet) -> Frozen:  # noqa: ARG002 - it says nothing of them
        """Nothing."""
        return self.always

    def send(self, outgoing: Outgoing, still_ours: Callable[[], bool]) -> SendResult:  # noqa: ARG002 - as above
        """Taken."""
        return Accepted(outgoing.delivery_id)

    def find(self, outgoing: Outgoing, since_at: datetime) -> FindResult:  # noqa: ARG002 - as above
        """It keeps nothing."""
        return CannotTell("it keeps nothing")

    def close(self) -> None:
        """Nothing is open."""


def house_at(path: Path, *, now: datetime = NOW, horizon_months: int = 60) -> Monitor:
    """An engine over the database at *path*, which is made when it is not there yet."""
    is_new = not path.exists()
    monitor = house_on(open_database(sqlite_url(path)), path.name, now=now, horizon_months=horizon_months)
    if is_new:
        upgrade(monitor.database)
        _furnish(monitor)
    return monitor


def house_on(database: Database, seed: str, *, now: datetime = NOW, horizon_months: int = 60) -> Monitor:
    """An engine over a database that has its tables; what it leaves to chance follows from *seed*."""
    return Monitor(
        database=database,
        clock=VirtualClock(now),
        random=random.Random(seed),
        calendars=business_calendar,
        playbook_from=from_canonical,
        notifiers={"email": Silent()},
        house=House(horizon_months=horizon_months),
    )


def fill(monitor: Monitor, count: int) -> int:
    """Register *count* agreements as an import does; how many milestones that made."""
    made = 0
    with monitor.look() as work:
        owners = [person.id for person in work.people.all()]
    drafts = agreements(count, owners)
    while batch := tuple(islice(drafts, _BATCH)):
        with uncollected(), monitor.work() as work:
            work.counterparties.learn(draft.counterparty for draft in batch)
            for draft in batch:
                registering.register(work, draft, is_known_new=True)
        made += work.tally["new"]  # counted by the engine as the transaction ends
    return made


def milestones_in(monitor: Monitor) -> int:
    """How many milestones are live."""
    with monitor.look() as work:
        return sum(1 for _ in work.milestones.live())


def agreements(count: int, owners: Sequence[str]) -> Iterator[Agreement]:
    """Renewing contracts, fixed terms with survival, options, open-ended ones with duties; begun over six years."""
    chance = random.Random(20_000)
    for number in range(count):
        begun = TODAY - timedelta(days=chance.randrange(6 * 365))
        draft = _KINDS[number % len(_KINDS)](number, begun)
        yield replace(draft, owner_id=owners[number % len(owners)], calendar=CALENDARS[number // 7 % len(CALENDARS)])


def _renewing(number: int, begun: date) -> Agreement:
    notice = Notice(Period(days=(30, 60, 90)[number % 3]), Side.OURS)
    return _agreement(
        number,
        begun,
        AgreementKind.MSA,
        end=Lasting(Period(months=(12, 24, 36)[number % 3])),
        renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=12)),
        notices=(notice,),
    )


def _fixed(number: int, begun: date) -> Agreement:
    survival = Survival("confidentiality", Period(years=3), Anchor.EXPIRY)
    return _agreement(number, begun, AgreementKind.NDA, end=Lasting(Period(years=7)), survivals=(survival,))


def _optional(number: int, begun: date) -> Agreement:
    return _agreement(
        number,
        begun,
        AgreementKind.LICENCE,
        end=Lasting(Period(months=84)),
        renewal=Renewal(RenewalKind.BY_OPTION, Period(months=24), most=2),
        notices=(Notice(Period(days=90), Side.OURS),),
    )


def _audited(number: int, begun: date) -> Agreement:
    quarterly = Obligation(
        id="o1", kind=ObligationKind.AUDIT, name="Access review", due=Recurrence(Period(months=3), begun)
    )
    yearly = Obligation(
        id="o2", kind=ObligationKind.REVIEW, name="Annual review", due=Recurrence(Period(years=1), begun)
    )
    return replace(_agreement(number, begun, AgreementKind.DPA, end=OpenEnded()), obligations=(quarterly, yearly))


_KINDS: Final = (_renewing, _fixed, _renewing, _optional, _renewing, _audited)


def _agreement(number: int, begun: date, kind: AgreementKind, **provided: object) -> Agreement:
    return Agreement(
        id="",
        reference=f"B-{number:06}",
        kind=kind,
        counterparty_id="",
        counterparty=f"Counterparty {number % 977}",
        title=f"Agreement {number}",
        signed_on=begun,
        effective_on=begun,
        provisions=Provisions(**provided),  # type: ignore[arg-type]  # named by the callers above
        time_zone=("Europe/Berlin", "UTC", "America/New_York")[number % 3],
    )


def _furnish(monitor: Monitor) -> None:
    with monitor.work() as work:
        for playbook in shipped():
            work.keeping.add_playbook(
                PlaybookVersion(
                    playbook=playbook.name,
                    version=1,
                    sha256=sha256(playbook),
                    applied_at=work.now,
                    doc=canonical(playbook),
                )
            )
        for number in range(OWNERS):
            people.add_person(work, Person(id="", email=f"owner{number}@example.com"))
