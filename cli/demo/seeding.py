"""Taking the demo's house into an empty register, by the operations that people use; twice is once.

The house is taken in some days ago, under a virtual clock, and the days since then pass as they would have: the real
catalogue of jobs raises and sends, people answer. So there are reminders, escalations and answers when the demo begins.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol

from cli.demo.people import BY_MAIL, LEFT, PASSWORD, first_name, newcomers
from cli.demo.proving import prove
from cli.demo.sample import Shelf
from cli.demo.shelf_rights import rights
from cli.demo.shelf_secrets import secrets
from cli.demo.shelf_services import services
from engine import operations
from engine.clock import Clock
from engine.watcher import findings_watch
from engine.zones import zone
from jobs.catalogue import look
from lifecycle.events import Actor
from lifecycle.milestones.milestone import MilestoneKind
from lifecycle.obligations.duties import Obligation, ObligationKind, Once
from lifecycle.people import Absence, AbsenceMode
from lifecycle.playbooks.quiet import Silence, SilenceMode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from cli.demo.sample import Sample
    from engine.monitor import Monitor, Work

SEEDED: Final = "demo_seeded_on"
LIFE: Final = timedelta(days=5)  # how long ago the register was filled
ANSWERED: Final = timedelta(days=1)
_SILENT: Final = timedelta(days=26)
_DEMO: Final = Actor("demo", "demo")


class Movable(Clock, Protocol):
    """A clock that goes where it is told, and stands there."""

    def travel_to(self, at: datetime) -> None:
        """Stand at *at*."""


def is_seeded(monitor: Monitor) -> bool:
    """Whether the house has moved in."""
    with monitor.look() as work:
        return work.keeping.fact(SEEDED) is not None


def seed(monitor: Monitor, past: Movable) -> bool:
    """Fill the register and let the days up to now pass, for which *past* is moved back; False when it was done."""
    if is_seeded(monitor):
        return False
    now = monitor.clock.now()
    today = now.astimezone(zone(monitor.house.time_zone)).date()
    past.travel_to(now - LIFE)
    then = replace(monitor, clock=past, wake=lambda: None)
    with then.work(_DEMO) as work:
        shelf = Shelf(today, _people(work))
        for sample in samples(shelf):
            _register(work, sample)
        _restricted_duty(work, shelf)
        prove(work, shelf)
        _away(work, shelf)
    for at, answers in ((now - ANSWERED, _answers), (now, _last_answers)):
        _pass(then, past, at)
        with then.work(_DEMO) as work:
            answers(work, shelf)
    findings_watch.look(then)
    _pass(then, past, now)
    with then.work(_DEMO) as work:
        work.keeping.set_fact(SEEDED, today.isoformat())
    return True


def _pass(monitor: Monitor, clock: Movable, until: datetime) -> None:
    """Let time pass: at each instant at which something is due the catalogue runs."""
    while (at := look(monitor)) is not None and at <= until:
        clock.travel_to(max(at, clock.now()))
    clock.travel_to(until)


def samples(shelf: Shelf) -> Iterator[Sample]:
    """Everything on the shelves."""
    return chain(secrets(shelf), services(shelf), rights(shelf))


def _people(work: Work) -> dict[str, str]:
    ids: dict[str, str] = {}
    password = work.monitor.hashing.hashed(PASSWORD)
    for person, manager in newcomers():
        channels = ("email",) if first_name(person) in BY_MAIL else ()
        known = operations.add_person(work, replace(person, manager_id=ids.get(manager), channels=channels))
        work.entering.set_password(known.id, password, work.now)
        ids[first_name(person)] = known.id
    return ids


def _restricted_duty(work: Work, shelf: Shelf) -> None:
    """Something is due of what only few may see: nobody else finds it in any list or number."""
    known = work.agreements.find("NDA-017")
    if known is not None:
        review = Obligation(
            id="",
            kind=ObligationKind.REVIEW,
            name="Who still has access to the data room",
            due=Once(shelf.ahead(days=17)),
        )
        operations.add_obligation(work, known, review)
        work.settle()


def _away(work: Work, shelf: Shelf) -> None:
    """One has left, one is away next week, and of one thing nobody wants to hear for a while."""
    operations.disable_person(work, work.people.get(shelf.people[LEFT]))
    operations.set_absence(
        work,
        Absence(
            id="",
            person_id=shelf.people["Dana"],
            delegate_id=shelf.people["Priya"],
            mode=AbsenceMode.ALSO,
            from_on=shelf.ahead(days=3),
            until_on=shelf.ahead(days=17),
        ),
    )
    operations.silence(
        work,
        Silence(
            id="",
            mode=SilenceMode.HOLD,
            starts_at=work.now,
            ends_at=work.now + _SILENT,
            search="tag:patent",
            author_id=shelf.people["Mei"],
            reason="the patents are being transferred; counsel watches them meanwhile",
        ),
    )


def _register(work: Work, sample: Sample) -> None:
    known = operations.register(work, sample.agreement)
    work.settle()
    for then in sample.then:
        then(work, work.agreements.get(known.id))
        work.settle()


def _answers(work: Work, shelf: Shelf) -> None:
    """What people have said yesterday: acknowledged, done, waived, verified, decided with a duty left."""
    operations.acknowledge(work, _nearest(work, "LIC-041", MilestoneKind.OPTION))
    operations.acknowledge(work, _nearest(work, "SVC-013", MilestoneKind.NOTICE))
    operations.verify(work, _nearest(work, "NDA-014", MilestoneKind.NOTICE))
    operations.decide(work, _nearest(work, "SVC-012", MilestoneKind.NOTICE), choice="renegotiate", note="new prices")
    operations.done(
        work, _nearest(work, "SLA-004", MilestoneKind.REVIEW), evidence="availability-october.pdf", on=shelf.ago(days=1)
    )


def _last_answers(work: Work, shelf: Shelf) -> None:
    """What they have said this morning."""
    operations.snooze(work, _nearest(work, "LIC-044", MilestoneKind.NOTICE), until=shelf.ahead(days=5))


def _nearest(work: Work, reference: str, kind: MilestoneKind) -> str:
    agreement = work.agreements.find(reference)
    rows = work.milestones.of(agreement.id) if agreement else []
    return next(row.id for row in rows if row.is_live and row.is_deadline and row.key.kind is kind)
