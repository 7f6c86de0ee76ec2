"""Where the clocks of this machine and of the database disagree nothing is sent (DELIVERY.md T10)."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.clock import SystemClock
from jobs.catalogue import look
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
    """Messages are due since long ago."""
    world = World()
    world.staff()
    world.agreement()
    yield world
    world.monitor.database.close()


def looked(world, seconds):
    look(replace(world.monitor, clock=Shifted(seconds)))
    return {one.state for one in world.deliveries()}


@pytest.mark.parametrize("seconds", [3, -3])
def test_nothing_leaves_until_both_clocks_agree(house, seconds):
    if not is_postgres():
        assert looked(house, seconds) == {"accepted"}  # one machine has one clock
        return
    assert looked(house, seconds) == {"pending"}
    assert house.incidents() == ["clock_skew"]
    time.sleep(max(0, seconds - 1))  # what was due by the wrong clock is due by the right one
    assert "accepted" in looked(house, 1)
    assert house.incidents() == []
