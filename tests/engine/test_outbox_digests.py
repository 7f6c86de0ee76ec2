"""Digests on their way out: what becomes of their members when a digest cannot leave."""

from tests.support.sending import Sending

OLGA = "olga@example.com"
DIGEST = """
{playbook: plain, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -30d, urgency: digest, steps: [{ask: owner}]}, {at: -10d, steps: [{ask: owner}]}]}
"""


def test_a_dead_digest_gives_its_members_back_and_each_goes_its_own_way():
    out = Sending(ladder=DIGEST)
    out.mail.dead.add(OLGA)
    assert out.one.state == "held"
    out.go_on(days=8)
    assert out.states() == ["olga failed", "ben accepted"]
    kinds = {one.kind: one.state for one in out.deliveries()}
    assert kinds["digest"] == "failed"
    assert out.told() == ["ben"]


def test_a_digest_to_a_bare_address_is_sent():
    out = Sending(ladder=DIGEST.replace("owner", "'address:email:audits@example.com'", 1))
    out.go_on(days=8)
    assert out.told() == ["audits"]


def test_a_digest_of_somebody_who_left_goes_to_the_next():
    out = Sending(ladder=DIGEST)
    out.leave("olga")
    out.go_on(days=8)
    assert out.states() == ["olga failed", "ben accepted"]


def test_a_digest_of_a_channel_that_is_gone_goes_to_the_next_channel():
    out = Sending(olga=("slack", "email"), ladder=DIGEST)
    del out.monitor.notifiers["slack"]
    out.go_on(days=8)
    assert out.states() == ["olga failed", "olga accepted"]
