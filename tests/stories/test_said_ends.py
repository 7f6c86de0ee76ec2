"""How terms end and begin because somebody said so: what cannot be is refused, the last word holds."""

from datetime import date

import pytest

from engine import operations as ops
from engine.operations.notices import EndsSooner
from lifecycle.errors import TermsError
from tests.support.agreements import NEVER


def last_days(world):
    return [(one.number, one.last_on) for one in world.get().provisions.extensions]


def test_a_renewal_that_is_said_again_replaces_what_was_said(world):
    world.agreement()
    world.do(ops.renew, until=date(2028, 6, 30))
    world.do(ops.renew, until=date(2028, 7, 31))
    assert last_days(world) == [(1, date(2028, 7, 31))]
    world.amend(note="the terms can still be kept")


def test_a_renewal_until_a_day_before_it_begins_is_refused_and_changes_nothing(world):
    world.agreement()
    with pytest.raises(TermsError, match="30 Jun 2020, is before the first, 1 Feb 2027"):
        world.do(ops.renew, until=date(2020, 6, 30))
    assert last_days(world) == []


def test_what_ends_by_itself_is_not_terminated_for_a_later_day(world):
    world.agreement(renewal=NEVER)
    with pytest.raises(EndsSooner, match="ends by itself on 31 Jan 2027"):
        world.do(ops.terminate, last_on=date(2062, 1, 31), because="a slip of the pen")
    world.do(ops.terminate, last_on=date(2026, 1, 31), because="insolvency")
    assert world.get().status == "under_notice"
    world.live_until("2026-02-01T00:00")
    assert world.get().status == "ended"


def test_nothing_is_terminated_for_a_day_before_its_first(world):
    world.agreement()
    with pytest.raises(TermsError, match="31 Jan 1926, is before the first, 1 Feb 2024"):
        world.do(ops.terminate, last_on=date(1926, 1, 31), because="a slip of the pen")
    assert world.get().status == "in_force"
