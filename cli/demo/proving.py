"""What is looked into and proved in the demo's house, and what is left: audits, reports of the other side, exits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.checklists import load_checklists
from engine import operations
from lifecycle.days.dates import Period
from lifecycle.obligations.audits import AuditRight, Severity
from lifecycle.obligations.checklist import At, Checklist, Counted, Template
from lifecycle.obligations.duties import Direction, ObligationKind
from lifecycle.obligations.evidence import EvidenceKind

if TYPE_CHECKING:
    from cli.demo.sample import Shelf
    from engine.monitor import Work
    from lifecycle.agreements.agreement import Agreement

_HOSTING, _COURIERS, _NIMBUS = "MSA-031", "SVC-009", "Nimbus Cloud Ltd"


def prove(work: Work, shelf: Shelf) -> None:
    """A supplier that is audited and that we could leave, and one that we are leaving."""
    hosting, couriers = work.agreements.find(_HOSTING), work.agreements.find(_COURIERS)
    if hosting is None or couriers is None:
        return
    operations.name_contact(work, _NIMBUS, name="compliance", email="assurance@nimbus.example", person="Rhys Owen")
    _audited(work, hosting, shelf)
    _asked(work, shelf)
    exits = next(one for one in load_checklists() if one.name == "exit-bpo")
    operations.plan_exit(work, _now(work, _HOSTING), exits)
    work.settle()
    operations.plan_test(work, _now(work, _HOSTING), due_on=shelf.ahead(days=47))
    work.settle()
    operations.plan_exit(work, couriers, _COURIER_EXIT)
    work.settle()
    operations.start_exit(work, _now(work, _COURIERS), because="notice was given")
    work.settle()


def _audited(work: Work, hosting: Agreement, shelf: Shelf) -> None:
    """A right, and a certificate that was accepted; what it says has to be remedied."""
    right = AuditRight(
        id="", every=Period(years=1), due_on=shelf.ahead(days=75), notice=Period(days=30), scope="Security and backups"
    )
    operations.add_audit_right(work, hosting, right)
    work.settle()
    link = operations.Given(name="iso-27001.pdf", link="https://trust.nimbus.example/iso-27001.pdf")
    sent = operations.Sent(given=link, covers_from=shelf.ago(months=10), covers_until=shelf.ahead(months=2))
    taken = operations.receive_evidence(work, _now(work, _HOSTING), sent, kind=EvidenceKind.ISO_27001)
    work.settle()
    found = operations.Found(
        text="Restores are not tried",
        severity=Severity.HIGH,
        remedy_by_on=shelf.ahead(days=40),
        retest_by_on=shelf.ahead(days=61),
        request_id=taken.request.id,
    )
    operations.record_finding(work, _now(work, _HOSTING), found)
    work.settle()


def _asked(work: Work, shelf: Shelf) -> None:
    """A report that they owe us."""
    hosting = _now(work, _HOSTING)
    wanted = operations.Wanted(
        kind=EvidenceKind.SOC2_TYPE_2,
        contact=operations.contact_named(work, hosting, "compliance"),
        due_on=shelf.ahead(days=33),
        covers_from=shelf.ago(months=14),
        covers_until=shelf.ago(months=2),
    )
    operations.request_evidence(work, hosting, wanted)
    work.settle()


def _now(work: Work, reference: str) -> Agreement:
    """An agreement as the last operation has left it."""
    (known,) = work.agreements.by_references([reference]).values()
    return known


def _step(key: str, name: str, weeks: int, *needs: str) -> Template:
    """Due so many weeks before the exit day; 0: on it."""
    timing = At(Period(weeks=weeks), Direction.BEFORE, Counted.EXIT)
    return Template(key=key, name=name, kind=ObligationKind.EXIT_STEP, timing=timing, needs=needs)


_COURIER_EXIT: Final = Checklist(
    "courier-exit",
    (
        _step("successor", "Sign with the next courier", 8),
        _step("rates", "Enter the new rates in the shipping system", 5, "successor"),
        _step("passes", "Collect passes and keys", 1),
        _step("switch", "Hand over to the next courier", 0, "rates"),
    ),
    about="A small exit",
)
