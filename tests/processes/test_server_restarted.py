"""A PostgreSQL server that begins again while messages leave, in good order or as after a crash: nothing is lost."""

import random
import time
from contextlib import ExitStack

import psycopg
import pytest

from store.errors import DatabaseBusy
from tests.support.arrived import arrived
from tests.support.smtp_server import Slow

pytestmark = pytest.mark.processes
WORKERS, RESTARTS, EACH = 2, 8, 30


@pytest.fixture
def database(on_postgres):
    return on_postgres


def test_two_workers_outlive_every_restart_and_lose_nothing(register, server, postgresql, record_property):
    chance = random.Random(1)
    server.script("content", Slow(0.1))
    server.script("accepted", Slow(0.1))
    leaving = 0
    with ExitStack() as stack:
        workers = [stack.enter_context(register.serve("worker")) for _ in range(WORKERS)]
        workers[0].hear("Longstop works")
        for number in range(RESTARTS):
            register.owe(EACH, prefix=f"r{number:02}x")
            before = len(server.accepted)
            register.wait_until(lambda seen=before: len(server.accepted) > seen, why="the first mail")
            time.sleep(chance.uniform(0, 1.0))
            before = len(server.accepted)
            postgresql.restart(at_once=bool(number % 2))
            leaving += len(server.accepted) - before  # accepted while the database could not be told
            assert all(worker.is_alive for worker in workers), "\n".join(line for one in workers for line in one.lines)
            _wait_for(register)
        server.behave()
        owed = RESTARTS * EACH
        register.wait_until(lambda: register.is_quiet(owed), seconds=120, why="the end of all messages")
        assert [worker.terminate() for worker in workers] == [0] * WORKERS
    found = arrived(register)
    away = f"{leaving} mails taken while the database was away"
    record_property("figures", f"{RESTARTS} restarts under {WORKERS} workers, {away}; {found.told()}")
    assert (found.owed, found.lost, found.unlike, found.unexplained) == (owed, [], [], [])
    with register.monitor.look() as work:
        work.log.verify()


def _wait_for(register):
    """Until this process too has connections again: those that it kept were cut off."""
    for _ in range(20):
        try:
            register.rows()
        except (psycopg.Error, DatabaseBusy):
            time.sleep(0.2)
        else:
            return
