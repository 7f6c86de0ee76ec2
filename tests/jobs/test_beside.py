"""Many processes on PostgreSQL: all raise and send, and nobody raises past an answer that is still to be applied."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from config.playbooks import shipped
from jobs.catalogue import DELIVER, JOBS, RAISE, Job, beside
from jobs.lease import Lease
from jobs.scheduler import Scheduler
from store.database import open_database
from store.listening import listening
from tests.support.databases import fresh_at, is_postgres
from tests.support.world import World

on_postgres = [pytest.mark.postgres, pytest.mark.skipif(not is_postgres(), reason="make test-postgres")]


class At:
    """A monitor of which nothing is asked but its clock."""

    def __init__(self):
        self.clock = self

    def now(self):
        return datetime(2026, 11, 22, tzinfo=UTC)


def due_in(**later):
    return Job("mine", lambda _: 1, lambda monitor: monitor.clock.now() + timedelta(**later))


def test_what_many_may_do_is_raising_and_sending():
    assert [job.name for job in JOBS if job.is_shared] == ["raise", "deliver"]


def test_nothing_is_raised_past_what_belongs_to_the_holder_and_is_due():
    assert beside(At(), (due_in(seconds=0), RAISE, DELIVER)) == ()
    assert beside(At(), (RAISE, due_in(seconds=0), DELIVER)) == (RAISE,)


def test_what_is_not_due_yet_stops_nobody():
    assert beside(At(), (due_in(seconds=1), RAISE, due_in(days=1), DELIVER)) == (RAISE, DELIVER)


@pytest.fixture
def place(tmp_path):
    place = fresh_at(tmp_path)
    database = open_database(place)
    yield place
    database.close()


def until(holds, seconds=15):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


class TestOnPostgres:
    pytestmark = on_postgres

    def test_a_process_without_the_lease_raises_and_sends(self, place):
        database = open_database(place)
        scheduler = Scheduler("second")
        world = World(database=database, wake=scheduler.wake)
        world.playbooks(*shipped())
        world.staff()
        assert Lease(world.monitor, "first").keep()
        world.agreement(end="2026-03-09")
        scheduler.start(world.monitor)
        try:
            assert until(lambda: len(world.mail.taken) == 2)
            assert not scheduler.is_holder
            assert [line.partition(" ")[2] for line in world.unexpected] == ["09:00 ben olga: ACME-7 notice -7d.0"]
        finally:
            assert scheduler.stop()
            database.close()

    def test_what_one_process_made_due_is_heard_by_the_others(self, place):
        here, there, heard = open_database(place), open_database(place), threading.Event()
        with listening(there, heard.set):
            assert heard.wait(10), "whoever begins to listen looks once"
            heard.clear()
            assert not heard.wait(0.7), "nobody said anything"
            with here.writing() as connection:
                here.tell(connection)
                assert not heard.wait(0.7), "what is not committed is not said"
            assert heard.wait(10)
        here.close()
        there.close()

    def test_a_listener_whose_connection_is_lost_listens_again(self, place):
        here, there, heard = open_database(place), open_database(place), threading.Event()
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        with listening(there, heard.set):
            assert heard.wait(10)
            heard.clear()
            with here.writing() as connection:
                connection.exec_driver_sql(end.replace("%", "%%"))
            assert heard.wait(10), "it looks again, since something may have been said meanwhile"
            heard.clear()
            with here.writing() as connection:
                here.tell(connection)
            assert heard.wait(10)
        here.close()
        there.close()


@pytest.mark.skipif(is_postgres(), reason="of SQLite's file alone")
def test_on_sqlite_nobody_listens_and_nobody_sends_beside_the_holder(place):
    database = open_database(place)
    before = threading.active_count()
    with listening(database, lambda: None):
        assert threading.active_count() == before
    scheduler = Scheduler("second")
    world = World(database=database, wake=scheduler.wake)
    world.playbooks(*shipped())
    world.staff()
    assert Lease(world.monitor, "first").keep()
    world.agreement(end="2026-03-09")
    scheduler.start(world.monitor)
    try:
        assert not until(lambda: world.mail.taken, seconds=0.7)
    finally:
        assert scheduler.stop()
        database.close()
