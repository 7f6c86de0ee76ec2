"""Processes that are told to end while PostgreSQL keeps silent: they end in time, and nothing is lost."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.processes import Process
from tests.support.smtp_server import Slow

pytestmark = pytest.mark.processes


@pytest.fixture
def database(on_postgres):
    return on_postgres


def test_a_process_that_is_to_end_does_so_within_the_patience_of_who_started_it(register, server, postgresql):
    server.script("content", Slow(0.3))
    with register.serve() as house, register.serve("worker") as worker:
        house.port()
        worker.hear("Longstop works")
        register.owe(30)
        register.wait_until(lambda: len(server.accepted) >= 4, why="the first mails")
        with postgresql.silent():
            time.sleep(1)
            with ThreadPoolExecutor(2) as both:  # ``terminate`` waits for 30 seconds, as systemd and Docker do
                assert list(both.map(Process.terminate, (house, worker))) == [0, 0]
    server.behave()
    with register.serve("worker") as worker:
        register.wait_until(lambda: register.is_quiet(30), why="the end of all messages")
        assert worker.terminate() == 0
    assert register.states() == {"accepted": 30}
    assert all(len(set(copies)) == 1 for copies in register.copies().values())
    assert len(register.copies()) == 30
