"""What is asked right before the network: whether the message is still wanted, and may leave now."""

from datetime import timedelta

import pytest

from engine import operations as ops
from engine.delivery.gate import gate
from lifecycle.delivery import InDoubt
from notifiers.console import ConsoleNotifier
from tests.support.agreements import provided
from tests.support.channels import UNSENT
from tests.support.sending import Sending


@pytest.fixture
def out():
    return Sending()


def test_what_is_wanted_passes_and_is_marked_as_offered(out):
    claimed = out.claim()
    assert gate(out.monitor, claimed).frozen.body == out.body()
    assert out.one.offered_at == out.clock.now()


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda out: out.say(ops.acknowledge, "ACME-7 notice"), "it was answered or changed"),
        (lambda out: out.say(ops.done, "ACME-7 notice", evidence="DHL 4711"), "the deadline is done"),
        (lambda out: out.do(ops.archive, because="entered twice"), "the deadline is withdrawn"),
        (lambda out: out.amend(provisions=provided(notice_days=70)), "the day has moved"),
        (lambda out: out.say(ops.assign, "ACME-7 notice", owner_id=out.id_of("ben")), "it was answered or changed"),
    ],
    ids=["acknowledged", "done", "archived", "moved", "assigned"],
)
def test_what_people_have_answered_between_claim_and_gate_does_not_leave(out, act, why):
    claimed = out.claim()
    act(out)
    row = out.carry(claimed)
    assert (row.state, row.why) == ("cancelled", why)
    assert out.told() == []


def test_what_passed_its_gate_before_the_answer_is_on_its_way(out):
    """It cannot be called back; its row says the truth, and nobody is told instead of somebody who has answered."""
    out.mail.dead.add("olga@example.com")
    out.mail.on_send = lambda: out.say(ops.acknowledge, "ACME-7 notice")
    assert out.send().state == "failed"
    assert out.states() == ["olga failed"]
    assert out.incidents() == []


def test_what_is_in_doubt_is_cancelled_only_after_it_was_looked_up(out):
    out.mail.can_find = True
    out.mail.will("olga@example.com", UNSENT)
    out.send()
    out.say(ops.acknowledge, "ACME-7 notice")
    assert out.one.state == "in_doubt"
    out.until_due()
    assert out.send().state == "cancelled"
    assert [name for name, _ in out.mail.asked] == [out.id]


def test_what_expired_does_not_leave_and_the_next_one_is_told(out):
    out.choose(shadow_mode=False)
    out.clock.travel_to(out.one.expires_at)
    row = out.send()
    assert (row.state, out.told()) == ("expired", [])
    assert out.states() == ["olga expired", "ben pending"]
    assert [one["type"] for one in out.events("DeliveryExpired")] == ["DeliveryExpired"]


def test_a_moment_before_it_expires_a_message_leaves(out):
    out.clock.travel_to(out.one.expires_at - timedelta(microseconds=1))
    assert out.send().state == "accepted"


def test_a_channel_that_is_not_set_up_any_more_leads_to_the_next():
    out = Sending(olga=("slack", "email"))
    assert out.one.channel == "slack"
    del out.monitor.notifiers["slack"]
    row = out.send()
    assert (row.state, row.why) == ("failed", "channel slack is not set up")
    assert out.incidents() == ["channel_refused"]
    out.go_on(minutes=1)
    assert out.told() == ["olga", "ada"]


def test_somebody_who_left_after_the_message_was_written_is_not_told(out):
    claimed = out.claim()
    out.leave("olga")
    row = out.carry(claimed)
    assert (row.state, row.why) == ("failed", "the recipient has left")
    assert out.states() == ["olga failed", "ben pending"]


def test_the_bytes_are_the_same_at_every_attempt_whatever_has_changed(out):
    out.choose(copy_in_doubt="resend")
    out.mail.will("olga@example.com", InDoubt("?"), InDoubt("?"))
    composed = out.body()
    out.send()
    out.choose(organisation="Another name")
    out.mail._layout = ConsoleNotifier(None)
    out.go_on(hours=3)
    assert out.one.state == "accepted"
    assert [one.frozen.body for one in out.mail.taken] == [composed]
    assert out.tries().count("send in_doubt") == 2
