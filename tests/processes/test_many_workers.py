"""Several workers on one PostgreSQL, one killed every two seconds: no mail is lost, and a copy is the same mail."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.request import urlopen

import pytest

from tests.support.arrived import arrived
from tests.support.processes import get
from tests.support.smtp_server import Slow

pytestmark = pytest.mark.processes
WORKERS, KILLS, EACH, FIRST = 3, 25, 24, 100


@pytest.fixture
def database(on_postgres):
    return on_postgres


def test_workers_share_the_work_and_what_is_killed_is_neither_lost_nor_told_twice(register, server, record_property):
    chance = random.Random(1)
    register.owe(FIRST)
    owed = FIRST
    server.script("content", Slow(0.3))
    server.script("accepted", Slow(0.3))
    sending = 0
    with ExitStack() as stack:
        workers = [stack.enter_context(register.serve("worker")) for _ in range(WORKERS)]
        for number in range(KILLS):
            register.owe(EACH, prefix=f"k{number:02}x")  # made due while they work: heard by all of them
            owed += EACH
            time.sleep(chance.uniform(1, 3))
            victim = chance.randrange(WORKERS)
            sending += register.states()["sending"] > 0
            assert workers[victim].is_alive, "\n".join(workers[victim].lines)
            workers[victim].kill()
            workers[victim] = stack.enter_context(register.serve("worker"))
        server.behave()
        register.wait_until(lambda: register.is_quiet(owed), seconds=120, why="the end of all messages")
        for worker in workers:
            worker.hear("Longstop works")
        assert [worker.terminate() for worker in workers] == [0] * WORKERS
    found = arrived(register)
    figures = f"{KILLS} kills of {WORKERS} workers, {sending} of them while mails left; {found.told()}"
    record_property("figures", figures)
    assert (found.owed, found.lost, found.unlike, found.unexplained) == (owed, [], [], [])
    assert sending >= KILLS // 2
    with register.monitor.look() as work:
        work.log.verify()


def test_all_workers_send_while_only_one_schedules(register, server):
    server.script("content", Slow(0.2))
    with ExitStack() as stack:
        first = stack.enter_context(register.serve("worker"))
        first.hear("Longstop works")
        second = stack.enter_context(register.serve("worker"))
        second.hear("This one sends beside it")
        before = len(server.accepted)
        register.owe(60, prefix="both")
        register.wait_until(lambda: len(server.accepted) - before >= 60, why="sixty mails")
        assert [one.terminate() for one in (first, second)] == [0, 0]
    with register.monitor.look() as work:
        tokens = {row.token for one in register.rows() for row in work.deliveries.attempts_of(one.id)}
    assert len(tokens) > 1
    assert all(len(copies) == 1 for copies in register.copies().values())


def test_pages_and_jobs_in_processes_of_their_own(register, server):
    with register.serve("web", "--port", "0") as web:
        web.port()
        register.owe(3, prefix="apart")
        time.sleep(1.5)
        assert server.accepted == [], "a process without jobs sends nothing"
        with register.serve("worker") as worker:
            register.wait_until(lambda: len(server.accepted) == 3, why="three mails")
            assert worker.terminate() == 0
        assert web.terminate() == 0


def test_a_server_that_keeps_silent_is_told_in_time_and_nothing_is_lost_or_told_twice(register, server, postgresql):
    server.script("content", Slow(0.1))
    with register.serve() as house, ThreadPoolExecutor(50) as people:
        port = house.port()
        before = len(server.accepted)
        register.owe(60, prefix="silent")
        register.wait_until(lambda: len(server.accepted) - before >= 5, why="the first mails")
        with postgresql.silent():
            waiting = [people.submit(opened, port, "/login") for _ in range(50)]  # more than pages have threads
            time.sleep(1)
            began = time.monotonic()
            status, answer = get(port, "/readyz")
            assert (status, [check["check"] for check in answer["checks"]]) == (503, ["database"])
            assert answer["checks"][0]["detail"].startswith("has not answered for ")
            assert get(port, "/healthz") == (200, {"status": "alive"})
            assert time.monotonic() - began < 8
        assert {one.result() for one in waiting} == {200}
        register.wait_until(lambda: register.is_quiet(60), why="the end of all messages")
        register.wait_until(lambda: get(port, "/readyz")[0] == 200, why="that it is ready again")
        assert house.terminate() == 0
    assert len(register.rows()) == 60
    assert {len(copies) for copies in register.copies().values()} == {1}


def opened(port, path):
    """The status of a page, however long it takes."""
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.status
