"""Several processes on one register, and an orderly end."""

import time

import pytest

from tests.support.processes import get
from tests.support.smtp_server import Slow

pytestmark = pytest.mark.processes


def test_of_two_processes_one_schedules_and_the_other_says_so_and_takes_over(register, server, record_property):
    register.owe(10)
    with register.serve() as first:
        first_port = first.port()
        register.wait_until(lambda: register.states() == {"accepted": 10}, why="the first ten mails")
        with register.serve() as second:
            second.hear("Another process schedules on this register")
            second_port = second.port()
            assert get(first_port, "/healthz")[0] == get(second_port, "/healthz")[0] == 200
            assert get(second_port, "/readyz")[0] == 200
            register.owe(10, prefix="s")
            register.wait_until(lambda: register.states() == {"accepted": 20}, why="the next ten mails")
            first.kill()
            killed = time.monotonic()
            register.owe(10, prefix="t")
            register.wait_until(lambda: register.states() == {"accepted": 30}, why="the last ten mails")
            record_property("figures", f"the second process had sent ten mails {time.monotonic() - killed:.1f} s after")
            assert get(second_port, "/healthz") == (200, {"status": "alive"})
            assert second.terminate() == 0
    assert len(register.copies()) == len(server.accepted) == 30


def test_the_one_that_ends_in_order_hands_over_at_once(register, server):
    with register.serve() as first:
        first.port()
        with register.serve() as second:
            second.hear("Another process schedules on this register")
            assert first.terminate() == 0
            ended = time.monotonic()
            register.owe(1)
            register.wait_until(lambda: server.accepted, why="the mail")
            assert time.monotonic() - ended < 3


def test_a_term_signal_ends_what_is_in_flight_and_leaves_the_rest_for_the_next_start(register, server, record_property):
    register.owe(60)
    server.script("content", Slow(0.5))
    with register.serve() as process:
        register.wait_until(lambda: len(server.accepted) >= 4, why="the first mails")
        began = time.monotonic()
        assert process.terminate() == 0
        took = time.monotonic() - began
    states = register.states()
    record_property("figures", f"ended {took:.1f} s after the signal; {dict(states)}")
    assert set(states) == {"accepted", "pending"}
    assert states["accepted"] == len(server.accepted) == len(server.answered) < 60
    assert took < 5
    server.behave()
    with register.serve() as process:
        register.wait_until(lambda: register.states() == {"accepted": 60}, why="the rest")
        assert process.terminate() == 0
    assert sorted(mail.recipient for mail in server.accepted) == [f"r{n:03}@example.com" for n in range(60)]


def test_a_term_signal_while_nothing_is_due_ends_at_once(register):
    with register.serve() as process:
        process.port()
        assert process.terminate() == 0
