"""What goes wrong again and again is told once, and now and then while it lasts."""

from dataclasses import replace
from datetime import timedelta

from structlog.testing import capture_logs

from jobs.catalogue import RAISE
from jobs.lease import Lease
from jobs.watching import Watched
from store.database import open_database
from tests.support.world import World

MINUTE = timedelta(minutes=1)


def asked(world, job, *, times):
    for _ in range(times):
        world.clock.advance(MINUTE)
        job.due_at(world.monitor)


def test_a_job_that_goes_on_failing_is_told_once_and_anew_after_it_was_well():
    world, troubles = World(), [OSError("one")]

    def due_at(_):
        if troubles:
            raise troubles[0]

    job = Watched(world.monitor)(replace(RAISE, due_at=due_at))
    with capture_logs() as logs:
        asked(world, job, times=50)
        assert [one["error"] for one in logs] == ["OSError"]
        troubles[0] = ValueError("another")
        asked(world, job, times=50)
        assert [one["error"] for one in logs] == ["OSError", "ValueError"]
        asked(world, job, times=60)
        assert [one["error"] for one in logs] == ["OSError", "ValueError", "ValueError"]
        trouble = troubles.pop()
        asked(world, job, times=1)
        troubles.append(trouble)
        asked(world, job, times=2)
    assert len(logs) == 4


def test_a_database_that_is_away_for_long_fills_no_log():
    world = World()
    away = replace(world.monitor, database=open_database("sqlite:////nowhere/at/all.db"))
    lease, watched = Lease(away, "one"), Watched(away)
    with capture_logs() as logs:
        for _ in range(50):
            world.clock.advance(MINUTE)
            assert lease.keep() is False
            watched.keep()
    assert [one["event"] for one in logs] == ["the lease could not be asked for", "job runs could not be kept"]
