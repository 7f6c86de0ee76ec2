"""Where the clocks of this machine and of the database disagree nothing is sent (DELIVERY.md T10)."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.clock import SystemClock
from engine.delivery.composing import frozen, plain_sheet
from engine.delivery.enqueueing import plain_delivery, put
from engine.delivery.told import Told
from jobs.catalogue import look
from lifecycle.delivery import DeliveryKind
from tests.support.databases import is_postgres
from tests.support.world import World


class Shifted(SystemClock):
    """A machine whose clock is wrong by so many seconds."""

    def __init__(self, seconds):
        self._by = timedelta(seconds=seconds)

    def now(self):
        return super().now() + self._by


@pytest.fixture
def house():
    """A message is due since long ago, and at whatever hour somebody looks."""
    world = World()
    world.staff()
    with world.monitor.work() as work:
        told = Told(work.people.by_email("olga@example.com"), "email", "olga@example.com")
        one = plain_delivery(work, DeliveryKind.INCIDENT, told, key="due", expires_at=datetime(9999, 1, 1, tzinfo=UTC))
        put(work, [(one, frozen(work, "email", plain_sheet(work, told, one, heading="Due", text="")))])
    yield world
    world.monitor.database.close()


def looked(world, seconds):
    look(replace(world.monitor, clock=Shifted(seconds)))
    return next(one.state for one in world.deliveries() if ":due:" in one.dedupe_key)


@pytest.mark.parametrize("seconds", [3, -3])
def test_nothing_leaves_until_both_clocks_agree(house, seconds):
    if not is_postgres():
        assert looked(house, seconds) == "accepted"  # one machine has one clock
        return
    assert looked(house, seconds) == "pending"
    assert house.incidents() == ["clock_skew"]
    time.sleep(max(0, seconds - 1))  # what was due by the wrong clock is due by the right one
    assert looked(house, 1) == "accepted"
    assert house.incidents() == []
