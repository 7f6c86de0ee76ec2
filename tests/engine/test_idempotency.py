"""What was answered to a key is answered again for seven days; a claim that nobody ends lapses sooner."""

from datetime import timedelta

import pytest

from engine.access.idempotency import Answer, Asked, StillRunning, begin, keep
from tests.support.world import staffed

SECOND = timedelta(seconds=1)


@pytest.fixture
def world():
    return staffed()


@pytest.fixture
def asked(world):
    return Asked(world.id_of("olga"), "k-1", "0" * 64)


def test_an_answer_is_kept_for_seven_days(world, asked):
    assert begin(world.monitor, asked) is None
    with world.monitor.work() as work:
        keep(work, asked, Answer(201, "{}"))
    world.clock.advance(timedelta(days=7) - SECOND)
    assert begin(world.monitor, asked) == Answer(201, "{}")
    world.clock.advance(SECOND)
    assert begin(world.monitor, asked) is None


def test_a_claim_that_nobody_ends_lapses(world, asked):
    assert begin(world.monitor, asked) is None
    with pytest.raises(StillRunning):
        begin(world.monitor, asked)
    world.clock.advance(timedelta(minutes=10))
    assert begin(world.monitor, asked) is None
