"""A channel that answers nobody is probed by one message at a time, and what waits leaves when it answers again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.delivery import outages, outbox
from engine.delivery.gate import gate
from lifecycle.delivery import NotSent, Refused, Scope
from tests.support.channels import LOST, UNSENT
from tests.support.sending import Sending, queue

OLGA = "olga@example.com"
AWAY = NotSent("connection refused", is_unreachable=True)
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def out():
    return Sending(olga=("email", "slack"))


def take_down(out, answer=AWAY, *, messages=0):
    """Five tries fail within a few minutes; *messages* to others are written then."""
    out.mail.will(OLGA, *[answer] * 5)
    while len(out.tries()) < 5 and not out.incidents():
        out.until_due()
        out.tick()
    write(out, messages)


def write(out, messages):
    """Messages to others."""
    queue(out, *[(f"d-{n}", {"channel": "email", "address": f"p{n}@example.com"}) for n in range(messages)])


def all_say(out, answer):
    """From now on the channel answers everybody so; None: as it should."""
    out.mail.to_everybody = answer


def test_four_failures_are_no_outage(out):
    out.mail.will(OLGA, *[AWAY] * 4)
    out.go_on(hours=1)
    assert (out.one.state, out.incidents(), out.events("IncidentOpened")) == ("accepted", [], [])


@pytest.mark.parametrize("answer", [AWAY, UNSENT])
def test_five_failures_in_a_row_are_told_to_the_operator_through_another_channel(out, answer):
    with out.monitor.work() as work:
        ada = work.people.by_email("ada@example.com")
        work.people.save(replace(ada, channels=("email", "slack")))
    all_say(out, answer)
    write(out, 4)
    out.go_on(minutes=2)
    assert out.incidents() == ["channel_down"]
    assert next(one.address for one in out.slack.taken) == "ada@example.com"
    assert out.told() == []


def test_while_it_is_down_one_message_tries_each_half_minute_and_the_others_wait(out):
    take_down(out, messages=6)
    all_say(out, AWAY)
    before, began_at = len(out.mail.answered), out.clock.now()
    out.go_on(minutes=3)
    assert out.incidents() == ["channel_down"]
    assert len(out.mail.answered) - before <= (out.clock.now() - began_at) / HALF_MINUTE + 1
    assert {one.why for one in out.waiting() if one.id.startswith("d-") and not one.failures} == {outages.WAITS}
    assert all(one.attempts == 0 for one in out.waiting() if one.id.startswith("d-") and not one.failures)


def test_the_first_answer_ends_it_and_what_waited_leaves_at_once(out):
    take_down(out, messages=6)
    all_say(out, AWAY)
    out.go_on(minutes=2)
    all_say(out, None)
    out.go_on(seconds=40)
    assert (out.incidents(), out.waiting()) == ([], [])
    assert sorted(out.told()) == sorted(["ada", "olga", *[f"p{n}" for n in range(6)]])


def test_a_refusal_of_one_address_is_an_answer_too(out):
    take_down(out)
    out.mail.will(OLGA, Refused("550 no such mailbox", Scope.ADDRESS))
    out.go_on(minutes=2)
    assert out.incidents() == []


def test_what_is_critical_goes_another_way_at_once(out):
    take_down(out)
    all_say(out, AWAY)
    with out.monitor.work() as work:
        work.deliveries.change([out.id], ["pending"], urgency="critical", next_attempt_at=work.now)
    out.tick()
    assert (out.one.state, out.told(out.slack)) == ("failed", ["olga"])


def test_after_an_hour_every_step_goes_another_way_and_the_failure_names_the_outage(out):
    take_down(out)
    all_say(out, AWAY)
    out.go_on(minutes=50)
    assert out.one.state == "pending"
    out.go_on(minutes=11)
    assert (out.one.state, out.told(out.slack)[-1]) == ("failed", "olga")
    assert out.one.why.startswith("email has not answered since 2026-11-02 ")
    assert out.incidents() == ["channel_down"]


def test_what_may_have_arrived_is_not_told_elsewhere_because_the_channel_is_down(out):
    all_say(out, UNSENT)
    out.choose(copy_in_doubt="resend")
    out.go_on(minutes=50)
    assert out.one.in_doubt_since is not None
    assert [one for one in out.deliveries() if one.fallback_of] == []


def test_a_failure_of_another_channel_counts_for_that_one_alone(out):
    out.slack.will("p@example.com", *[AWAY] * 3)
    out.mail.will(OLGA, *[AWAY] * 3)
    queue(out, ("s-1", {"channel": "slack", "address": "p@example.com"}))
    out.go_on(hours=1)
    assert out.events("IncidentOpened") == []


def test_senders_that_were_killed_say_nothing_of_the_channel(out):
    write(out, 5)
    claimed = outbox.claim(out.monitor)
    for one in claimed:
        gate(out.monitor, one)
    out.later(minutes=2)
    assert outbox.sweep(out.monitor) == len(claimed) == outages.IN_A_ROW - 1
    out.mail.will("p9@example.com", UNSENT)
    queue(out, ("d-9", {"channel": "email", "address": "p9@example.com"}))
    out.tick()
    assert (out.get_delivery("d-9").state, out.incidents()) == ("in_doubt", [])


def test_a_channel_that_says_what_it_has_is_not_down(out):
    """Its answers to what was sent are lost on the way; it is there, and says so when it is asked."""
    for number in range(outages.IN_A_ROW + 1):
        out.slack.will("p@example.com", LOST)
        queue(out, (f"s-{number}", {"channel": "slack", "address": "p@example.com"}))
        out.go_on(minutes=10)
        assert out.tries(f"s-{number}") == ["send in_doubt", "find found"]
    assert (out.events("IncidentOpened"), out.waiting()) == ([], [])
