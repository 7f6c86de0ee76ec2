"""Many processes on PostgreSQL: one keeps time, all raise and send, and each hears when another made something due."""

import socket
import threading
import time
from contextlib import closing, contextmanager

import pytest
from structlog.testing import capture_logs

from config.playbooks import shipped
from engine import passage, raising
from engine.points import Point
from jobs.lease import Lease
from jobs.scheduler import Scheduler
from store.database import open_database
from store.listening import _connected, listening
from tests.support.databases import fresh_at, is_postgres
from tests.support.world import World

LOST, BACK = "other processes cannot be heard for a while", "other processes are heard again"
on_postgres = [pytest.mark.postgres, pytest.mark.skipif(not is_postgres(), reason="make test-postgres")]


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


@contextmanager
def second(place):
    """A world, and the scheduler of a process beside the one that holds the lease."""
    database = open_database(place)
    scheduler = Scheduler("second")
    world = World(database=database, wake=scheduler.wake)
    world.playbooks(*shipped())
    world.staff()
    assert Lease(world.monitor, "first").keep()
    try:
        yield world, scheduler
    finally:
        assert scheduler.stop()
        database.close()


class TestOnPostgres:
    pytestmark = on_postgres

    def test_a_process_without_the_lease_raises_and_sends(self, place):
        with second(place) as (world, scheduler):
            world.agreement(end="2026-03-09")
            scheduler.start(world.monitor)
            assert until(lambda: len(world.mail.taken) == 2)
            assert not scheduler.is_holder
            assert [line.partition(" ")[2] for line in world.unexpected] == ["09:00 ben olga: ACME-7 notice -7d.0"]

    def test_nobody_helps_to_raise_while_something_is_due_that_comes_before(self, place):
        with second(place) as (world, scheduler):
            world.agreement(end="2026-03-09")
            raising.raise_due(world.monitor)
            world.agreement("BETA-1", end="2026-03-09")
            world.clock.travel_to(world.instant("2026-03-11T08:00"))
            assert Lease(world.monitor, "first").keep()
            assert passage.due_at(world.monitor) <= world.clock.now(), "the day of the notice is over"
            scheduler.start(world.monitor)
            assert not until(lambda: world.row("BETA-1 notice").cursor is not None, seconds=0.7)
            assert not scheduler.is_holder

    def test_two_who_raise_at_once_gather_one_after_the_other(self, place):
        with second(place) as (world, _):
            first, other = world.monitor.work(point=Point.RAISED), world.monitor.work(point=Point.RAISED)
            came = threading.Event()

            def come():
                with other as work:
                    work.deliveries.wait_for_turn()
                    came.set()

            with first as work:
                work.deliveries.wait_for_turn()
                thread = threading.Thread(target=come)
                thread.start()
                assert not came.wait(0.3)
            assert came.wait(5)
            thread.join()

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
        with capture_logs() as logs, listening(there, heard.set):
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
        assert [entry["event"] for entry in logs if entry["event"].startswith("other")] == [LOST, BACK]

    def test_a_listener_gives_up_a_server_that_is_gone_as_every_connection_does(self, place):
        with closing(open_database(place)) as there, _connected(there) as connection:
            assert connection.info.get_parameters()["tcp_user_timeout"] == "60000"
        with closing(open_database(f"{place}&tcp_user_timeout=7")) as there, _connected(there) as connection:
            assert connection.info.get_parameters()["tcp_user_timeout"] == "7"


def test_that_nobody_can_be_heard_is_told_once_however_often_it_is_tried():
    with socket.create_server(("127.0.0.1", 0)) as refusing, capture_logs() as logs:
        away = open_database(f"postgresql://nobody@127.0.0.1:{refusing.getsockname()[1]}/none?sslmode=disable")
        with closing(away), listening(away, lambda: None):
            for _ in range(2):
                refusing.accept()[0].close()
    assert [entry["event"] for entry in logs] == [LOST]


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
