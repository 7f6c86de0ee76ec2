"""Real processes that are killed without warning: no mail is lost, and a copy is the same mail."""

import random
import time

import pytest

from tests.support.processes import RealRegister
from tests.support.smtp_server import Slow, SmtpServer

pytestmark = pytest.mark.processes
MANY, KILLS = 200, 20


@pytest.fixture
def server():
    with SmtpServer() as running:
        yield running


@pytest.fixture
def register(tmp_path, server):
    made = RealRegister(tmp_path, server)
    yield made
    made.close()


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
    held, doubts, rows = register.copies(), register.doubts(), register.rows()
    replaced = {one.fallback_of for one in rows if one.id in held}
    lost = [one.id for one in rows if one.fallback_of is None and one.id not in held and one.id not in replaced]
    copied = {name: copies for name, copies in held.items() if len(copies) > 1}
    record_property(
        "figures",
        f"{KILLS} kills, {sending} of them while mails left; {MANY} mails, {len(lost)} lost, {len(copied)} more "
        f"than once ({sum(map(len, copied.values())) - len(copied)} copies), {sum(doubts.values())} doubts, "
        f"{len(replaced)} told to somebody else as well",
    )
    assert sum(one.fallback_of is None for one in rows) == MANY
    assert lost == []
    assert all(len(set(copies)) == 1 for copies in held.values())
    assert all(len(copies) - 1 <= doubts[name] for name, copies in copied.items())
    assert all(len(copies) <= 3 for copies in held.values())
    assert sending >= KILLS // 2
    with register.monitor.look() as work:
        work.log.verify()


def _wait(answers, *, seconds):
    """Wait for something that need not come."""
    until = time.monotonic() + seconds
    while not answers() and time.monotonic() < until:
        time.sleep(0.02)
