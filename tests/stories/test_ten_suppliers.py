"""Half a year with ten suppliers who answer late, in part, wrongly or not at all: nothing ends unseen.

What is still to come of each of them has a live deadline of somebody who is here, or stands among the gaps.
"""

from dataclasses import replace
from datetime import date

import pytest

from config.checklists import load_checklists
from engine import operations as ops
from engine.operations import Found, Given, Held, Retested, Sent, Wanted
from engine.operations.leaving import leave, standing_with
from engine.shelf import Shelf
from lifecycle.events import Actor
from lifecycle.obligations.audits import Severity
from lifecycle.obligations.evidence import Contact, EvidenceKind
from store.queries.audits import evidence_to_come, evidence_unfollowed
from store.queries.silent import silent
from tests.support.agreements import NEVER, once
from tests.support.world import checked, staffed

THERE = Contact("jane@supplier.example", "Jane Roe")
WANTED = Wanted(kind=EvidenceKind.SOC2_TYPE_2, contact=THERE, due_on=date(2026, 2, 27))


@pytest.fixture
def house(tmp_path):
    with checked(staffed()) as made:
        made.monitor = replace(made.monitor, shelf=Shelf(tmp_path))
        made.person("Kim", manager="mia")
        for number in range(10):
            made.agreement(f"SUP-{number}", counterparty=f"Supplier {number}", end="2030-12-31", renewal=NEVER)
        yield made


def sent(text):
    return Sent(given=Given(name=f"{text}.pdf", content=f"%PDF-1.7\n{text}\n".encode()))


def uploaded(house, asked, text):
    with house.monitor.work() as work:
        ops.take_upload(work, asked.url.rpartition("/")[2], sent(text))


def accepted(house, asked, **said):
    with house.monitor.work(Actor("olga@example.com", "test")) as work:
        ops.accept_evidence(work, asked.request.id, **said)


def checklist(name):
    return next(one for one in load_checklists() if one.name == name)


def test_nothing_of_ten_suppliers_ends_unseen(house):
    asked = {number: house.do(ops.request_evidence, f"SUP-{number}", WANTED) for number in (0, 1, 2, 3, 4, 5, 9)}
    with house.monitor.work(Actor("olga@example.com", "test")) as work:
        ops.lay_checklist(work, work.agreements.find("SUP-6"), checklist("nda-onboarding"), on=date(2026, 1, 5))
    house.amend("SUP-8", obligations=(once("fee", "Last invoice", "2026-09-01"),))
    house.do(ops.plan_exit, "SUP-7", checklist("exit-bpo"), exit_on=date(2026, 6, 30))
    house.do(ops.plan_test, "SUP-7", due_on=date(2026, 3, 16))

    house.live_until("2026-02-16T10:00")
    for number, text in ((0, "in time"), (2, "of another year"), (4, "with gaps"), (9, "by mail")):
        uploaded(house, asked[number], text)
    accepted(house, asked[0])
    uploaded(house, asked[2], "of this year")
    accepted(house, asked[2], covers_from=date(2025, 1, 1), covers_until=date(2025, 12, 31))
    found = Found(
        text="Two leavers had access", severity=Severity.HIGH, remedy_by_on=date(2026, 4, 30),
        retest_by_on=date(2026, 5, 29), request_id=asked[4].request.id,
    )  # fmt: skip
    house.do(ops.record_finding, "SUP-4", found)
    house.say(ops.done, "SUP-9 evidence", evidence="It came by mail")
    house.do(ops.record_finding, "SUP-8", replace(found, text="No restores", request_id=None, retest_by_on=None))

    house.live_until("2026-03-16T10:00")
    with pytest.raises(ops.UploadOver):
        uploaded(house, asked[1], "late")
    house.do(ops.receive_evidence, "SUP-1", sent("late"), request_id=asked[1].request.id)  # it came by mail
    accepted(house, asked[1])
    house.do(ops.record_test, "SUP-7", Held(
        on=date(2026, 3, 16), is_passed=False, result="No keys", remedy_by_on=date(2026, 4, 15),
    ))  # fmt: skip
    bridge = house.do(ops.receive_evidence, "SUP-5", sent("bridge"), kind=EvidenceKind.BRIDGE_LETTER)
    with house.monitor.work() as work:
        ops.accept_evidence(
            work, bridge.request.id, covers_from=date(2026, 1, 1), covers_until=date(2026, 3, 31)
        )  # fmt: skip
        olga = work.people.by_email("olga@example.com")
        leave(
            work, olga, standing=standing_with(work, olga, lambda _: True), to=work.people.by_email("kim@example.com")
        )

    house.live_until("2026-05-29T10:00")
    house.do(ops.retest, "SUP-4", "f1", Retested(
        on=date(2026, 5, 29), is_passed=False, result="One still has", remedy_by_on=date(2026, 7, 31),
        retest_by_on=date(2026, 8, 31),
    ), by="kim")  # fmt: skip
    house.do(ops.start_exit, "SUP-7", because="a better offer", by="kim")
    house.do(ops.terminate, "SUP-8", last_on=date(2026, 5, 29), because="they were bought", by="leo")

    house.live_until("2026-06-15T10:00")
    assert still_due(house) == {
        "SUP-0": ["evidence"],  # the next report
        "SUP-1": ["evidence"],
        "SUP-2": ["evidence"],
        "SUP-3": ["evidence"],  # never came
        "SUP-4": ["audit", "evidence", "finding"],
        "SUP-5": ["evidence", "evidence"],  # what the letter bridges, and what comes after it
        "SUP-6": ["duty", "evidence", "return", "review", "screening", "training"],
        "SUP-7": ["duty", "evidence", "exit-step", "fee", "finding", "return"],
        "SUP-8": ["fee", "finding"],
    }
    with house.monitor.look() as work:
        assert [one.agreement.reference for one in evidence_unfollowed(work, None)] == ["SUP-9"]
        assert len(evidence_to_come(work, None, limit=None)) == 4
        untold = work.milestones.many(silent(work, None, date(2026, 6, 15))).values()
        assert {row.key.holder for row in untold} == {work.agreements.find("SUP-6").id}  # counted from a day of 2024
        assert {row.key.kind.value for row in untold} == {"duty", "review", "screening", "training"}
    house.expect(*house.unexpected)


def still_due(house):
    """The kinds of what is live and owed; everything of it has an owner who is here."""
    kinds = {}
    with house.monitor.look() as work:
        gone = {one.id for one in work.people.all() if one.is_disabled}
        for number in range(10):
            agreement = work.agreements.find(f"SUP-{number}")
            rows = [row for row in work.milestones.of(agreement.id) if row.is_live and row.is_deadline]
            assert {row.owner_id or agreement.owner_id for row in rows}.isdisjoint(gone)
            found = [row.key.kind.value for row in rows]
            if found:
                kinds[agreement.reference] = sorted(found if number < 6 else set(found))
    return kinds
