"""Real processes that are killed without warning: no mail is lost, and a copy is the same mail."""

import random
import time

import pytest

from tests.support.arrived import arrived
from tests.support.smtp_server import Slow

pytestmark = pytest.mark.processes
MANY, KILLS = 200, 20


@pytest.mark.parametrize("seed", [1])
def test_every_mail_arrives_whatever_is_killed_and_copies_are_the_same_mail(register, server, record_property, seed):
    chance = random.Random(seed)
    register.owe(MANY)
    server.script("content", Slow(0.12))
    server.script("accepted", Slow(0.12))
    sending = 0
    for kill in range(KILLS):
        with register.serve() as process:
            before = len(server.accepted)
            if kill % 5:  # while mails leave; the others whenever it is
                _wait(lambda seen=before: len(server.accepted) > seen or register.is_quiet(MANY), seconds=30)
            time.sleep(chance.uniform(0, 1.0))
            sending += len(server.accepted) > before and register.states()["sending"] > 0
            assert process.is_alive
            process.kill()
    server.behave()
    with register.serve() as process:
        assert process.port()  # it is up: all may have left before
        register.wait_until(lambda: register.is_quiet(MANY), seconds=90, why="the end of all messages")
        assert process.terminate() == 0
    found = arrived(register)
    record_property("figures", f"{KILLS} kills, {sending} of them while mails left; {found.told()}")
    assert (found.owed, found.lost, found.unlike, found.unexplained) == (MANY, [], [], [])
    assert max(found.copied.values(), default=0) <= 2
    assert sending >= KILLS // 2
    with register.monitor.look() as work:
        work.log.verify()


def _wait(answers, *, seconds):
    """Wait for something that need not come."""
    until = time.monotonic() + seconds
    while not answers() and time.monotonic() < until:
        time.sleep(0.02)
