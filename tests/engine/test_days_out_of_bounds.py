"""A day of the year 9999, as many write for ever, is refused where it is said, and nothing is kept of it."""

from datetime import date

import pytest

from engine import operations as ops
from engine.operations.evidence import Wanted
from lifecycle.errors import DayOutOfRange
from lifecycle.obligations.evidence import Contact, EvidenceKind
from tests.support.world import staffed

FOR_EVER = date(9999, 12, 31)
WANTED = {"kind": EvidenceKind.SOC2_TYPE_2, "contact": Contact(email="ada@acme.example")}


@pytest.fixture
def world():
    made = staffed()
    made.agreement()
    return made


def test_nobody_is_asked_to_answer_at_the_end_of_time(world):
    with pytest.raises(DayOutOfRange), world.monitor.work() as work:
        ops.request_evidence(work, work.agreements.find("ACME-7"), Wanted(due_on=FOR_EVER, **WANTED))
    with world.monitor.look() as work:
        assert work.evidence.of(work.agreements.find("ACME-7").id) == []


def test_no_report_is_good_for_ever(world):
    with world.monitor.work() as work:
        request, _ = ops.request_evidence(work, work.agreements.find("ACME-7"), Wanted(**WANTED))
        ops.receive_evidence(
            work,
            work.agreements.find("ACME-7"),
            ops.Sent(given=ops.Given(name="r.pdf", link="https://x.example/r")),
            request_id=request.id,
        )
    with pytest.raises(DayOutOfRange), world.monitor.work() as work:
        ops.accept_evidence(work, request.id, until_on=FOR_EVER)
