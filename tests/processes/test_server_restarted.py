"""A PostgreSQL server that begins again while messages leave, in good order or as after a crash: nothing is lost."""

import random
import time
from contextlib import ExitStack

import psycopg
import pytest

from store.errors import DatabaseBusy
from tests.support import postgres
from tests.support.processes import RealRegister
from tests.support.smtp_server import Slow, SmtpServer

pytestmark = pytest.mark.processes
WORKERS, RESTARTS, EACH = 2, 8, 30


@pytest.fixture
def postgresql():
    try:
        postgres.binaries()
    except postgres.NoPostgres as missing:
        pytest.skip(str(missing))
    with postgres.Server(durable=True) as running:
        yield running


@pytest.fixture
def server():
    with SmtpServer() as running:
        yield running


@pytest.fixture
def register(tmp_path, server, postgresql):
    made = RealRegister(tmp_path, server, DATABASE_URL=postgresql.make("restarted"))
    yield made
    made.close()


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
    held, doubts, rows = register.copies(), register.doubts(), register.rows()
    replaced = {one.fallback_of for one in rows if one.id in held}
    lost = [one.id for one in rows if one.fallback_of is None and one.id not in held and one.id not in replaced]
    copied = {name: copies for name, copies in held.items() if len(copies) > 1}
    record_property(
        "figures",
        f"{RESTARTS} restarts under {WORKERS} workers; {owed} mails, {len(lost)} lost, {leaving} taken while the "
        f"database was away, {len(copied)} more than once, each after a doubt; {sum(doubts.values())} doubts",
    )
    assert sum(one.fallback_of is None for one in rows) == owed
    assert lost == []
    assert all(len(set(copies)) == 1 for copies in held.values())
    assert all(len(copies) - 1 <= doubts[name] for name, copies in copied.items())
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
