"""Shadow mode: all is composed and logged, nothing leaves, and nothing is held for ever."""

from datetime import timedelta

from engine import operations as ops
from tests.support.channels import LOST
from tests.support.sending import Sending


def shadow(**said):
    return Sending(shadow_mode=True, **said)


def test_nothing_leaves():
    out = shadow()
    out.go_on(days=60)
    assert (out.told(), out.mail.answered) == ([], [])
    assert {one.state for one in out.deliveries()} <= {"held", "expired", "bundled"}


def test_what_would_have_left_is_composed_and_held():
    out = shadow()
    row = out.send()
    assert (row.state, row.why, row.attempts) == ("held", "shadow mode", 1)
    assert b"ACME-7" in out.body()
    assert out.tries() == []


def test_it_leaves_within_a_day_once_shadow_mode_is_over():
    out = shadow()
    out.go_on(days=3)
    out.choose(shadow_mode=False)
    out.go_on(days=1)
    assert (out.one.state, out.told()) == ("accepted", ["olga"])


def test_what_was_answered_in_shadow_mode_never_leaves():
    out = shadow()
    out.send()
    out.say(ops.done, "ACME-7 notice", evidence="DHL 4711")
    out.choose(shadow_mode=False)
    out.go_on(days=2)
    assert (out.one.state, out.told()) == ("cancelled", [])


def test_what_expires_in_shadow_mode_is_logged_and_nobody_is_told_instead():
    out = shadow()
    out.send()
    out.clock.travel_to(out.one.expires_at)
    out.tick()
    assert out.states()[0] == "olga expired"
    assert len(out.events("DeliveryExpired")) == 1
    assert out.deliveries()[-1].fallback_of is None
    assert [one for one in out.deliveries() if one.fallback_of == out.id] == []


def test_a_doubt_from_before_stays_a_doubt_and_is_looked_up_when_shadow_mode_is_over():
    """Released as certain, it would be sent a second time."""
    out = Sending()
    out.mail.will("olga@example.com", LOST)
    out.send()
    out.choose(shadow_mode=True)
    out.go_on(days=2)
    assert out.one.state == "in_doubt"
    out.choose(shadow_mode=False)
    out.mail.can_find = True
    out.go_on(days=1)
    assert (out.one.state, out.told()) == ("accepted", ["olga"])


def test_a_message_of_a_channel_that_is_gone_is_held_like_any_other():
    out = shadow(olga=("slack", "email"))
    del out.monitor.notifiers["slack"]
    assert out.send().state == "held"


def test_a_shadow_of_a_day_looks_at_each_message_once_a_day():
    out = shadow()
    out.go_on(days=4)
    assert out.one.attempts == 5
    assert out.one.next_attempt_at - out.clock.now() <= timedelta(days=1)


def test_digests_are_bundled_in_shadow_mode_and_do_not_leave():
    digest = """
    {playbook: plain, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -30d, urgency: digest, steps: [{ask: owner}]}, {at: -10d, steps: [{ask: owner}]}]}
    """
    out = shadow(ladder=digest)
    out.go_on(days=8)
    states = {one.kind: one.state for one in out.deliveries()}
    assert (states["digest"], states["step"]) == ("held", "bundled")
    assert out.told() == []
