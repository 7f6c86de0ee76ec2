"""A register in memory for tests of the store: a database, and values to put into it."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from lifecycle.agreements.agreement import Agreement, AgreementKind, Provisions
from lifecycle.days.dates import Period
from lifecycle.delivery import Delivery, DeliveryKind, DeliveryState
from lifecycle.events import CLOCK
from lifecycle.milestones.milestone import Milestone, MilestoneKey, MilestoneKind, MilestoneState
from lifecycle.people import Person, Role
from lifecycle.terms.terms import EndConvention, Lasting, Notice, Renewal, RenewalKind, Side
from store.unit_of_work import UnitOfWork
from tests.support.databases import fresh

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OLGA = Person(id="p-olga", email="olga@example.com", name="Olga", role=Role.LEGAL)
ACME = Agreement(
    id="a-acme",
    reference="ACME-7",
    kind=AgreementKind.NDA,
    counterparty_id="c-acme",
    counterparty="Acme Labs GmbH",
    owner_id=OLGA.id,
    effective_on=date(2024, 2, 1),
    provisions=Provisions(
        end=Lasting(Period(months=36)),
        convention=EndConvention.DAY_BEFORE,
        renewal=Renewal(RenewalKind.AUTOMATIC, Period(months=12)),
        notices=(Notice(Period(days=60), Side.EITHER),),
    ),
)


def milestone(**changed) -> Milestone:
    values = {
        "id": "m-1",
        "key": MilestoneKey(ACME.id, "n1", MilestoneKind.NOTICE, "0"),
        "is_deadline": True,
        "state": MilestoneState.OPEN,
        "safe_on": date(2026, 12, 1),
        "target_on": date(2026, 11, 24),
        "nominal_on": date(2026, 12, 2),
        "latest_on": date(2026, 12, 2),
        "revision": 0,
        "generation": 0,
        "armed_on": date(2026, 11, 1),
        "playbook": "default",
        "playbook_version": 1,
        "next_step_at": NOW,
        "cursor": None,
    }
    return Milestone(**(values | changed))


def delivery(**changed) -> Delivery:
    values = {
        "id": "d-1",
        "dedupe_key": "key-1",
        "kind": DeliveryKind.INCIDENT,
        "state": DeliveryState.PENDING,
        "channel": "email",
        "address": OLGA.email,
        "recipient_id": OLGA.id,
        "recipient_name": OLGA.name,
        "agreement_id": None,
        "milestone_id": None,
        "generation": 0,
        "safe_on": None,
        "place": "",
        "urgency": "interrupt",
        "priority": 2,
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=10),
        "next_attempt_at": NOW,
    }
    return Delivery(**(values | changed))


class Register:
    """A database that lives as long as the test."""

    def __init__(self) -> None:
        self.database = fresh()

    @contextmanager
    def work(self, now: datetime = NOW):
        with self.database.writing() as connection:
            work = UnitOfWork(connection, now=now, actor=CLOCK)
            yield work
            work.finish()

    def with_acme(self) -> "Register":
        with self.work() as work:
            work.people.add(OLGA)
            work.counterparties.add("c-acme", "Acme Labs GmbH")
            work.agreements.add(ACME)
        return self
