"""What has ended by facts goes on when they were wrong; what somebody has ended does not."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from tests.support.agreements import BY_AGREEMENT, NEVER, provided
from tests.support.world import checked, staffed


@pytest.fixture(scope="module")
def staff():
    return staffed()


@pytest.fixture
def house(staff):
    with checked(staff.twin()) as world:
        yield world


def deadlines(house):
    with house.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find("ACME-7").id)
        return [(row.key.kind.value, row.safe_on) for row in rows if row.is_live and row.is_deadline]


def test_a_year_that_was_mistyped_is_put_right(house):
    house.agreement(effective_on="2016-02-01", signed_on="2016-01-20", provisions=provided(renewal=BY_AGREEMENT))
    assert (house.get().status, deadlines(house)) == ("ended", [])
    house.amend(effective_on=date(2025, 2, 1), signed_on=date(2025, 1, 20))
    assert house.get().status == "in_force"
    assert deadlines(house) == [("renewal-agreement", date(2028, 1, 31))]
    house.amend(effective_on=date(2016, 2, 1))
    assert (house.get().status, deadlines(house)) == ("ended", [])


def test_what_was_abandoned_stays_ended_whatever_is_amended(house):
    house.agreement(effective_on=None, signed_on=None)
    house.do(ops.abandon, because="too dear")
    house.amend(title="Of old")
    assert house.get().status == "ended"


def test_what_was_terminated_stays_ended_though_its_term_becomes_longer(house):
    house.agreement(effective_on="2024-02-01", provisions=provided(renewal=NEVER))
    house.do(ops.terminate, last_on=date(2025, 6, 30), because="a breach")
    assert house.get().status == "ended"
    longer = provided(end="60 months", renewal=NEVER)
    house.amend(provisions=replace(longer, ended=house.get().provisions.ended))
    assert (house.get().status, deadlines(house)) == ("ended", [])
