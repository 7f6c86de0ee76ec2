"""What a message meets on its way: a server that says later, one that says nothing, a house that was asleep."""

from engine import operations as ops
from lifecycle.delivery import NotSent
from tests.support.channels import LOST, UNSENT

OLGA = "olga@example.com"
URGENT = "2026-03-09"  # the last safe day is 8 January, so that the first step leaves at once


def test_a_server_that_says_later_is_asked_again_later(world):
    world.mail.will(OLGA, NotSent("451 greylisted", 300.0))
    world.agreement(end=URGENT, backup=None)
    world.live_until("2026-01-05T14:00")
    world.expect("2026-01-05 09:05 olga: ACME-7 notice -7d.0")


def test_a_mail_of_which_nobody_knows_is_sent_again_with_the_same_bytes(world):
    world.mail.will(OLGA, LOST)
    world.agreement(end=URGENT, backup=None)
    world.live_until("2026-01-05T14:00")
    world.expect("2026-01-05 09:00 olga: ACME-7 notice -7d.0", "2026-01-05 10:00 olga: ACME-7 notice -7d.0")
    first, second = world.mail.taken
    assert first.frozen == second.frozen


def test_a_mail_that_never_arrived_arrives_within_the_hour(world):
    world.mail.will(OLGA, UNSENT)
    world.agreement(end=URGENT, backup=None)
    world.live_until("2026-01-05T14:00")
    world.expect("2026-01-05 10:00 olga: ACME-7 notice -7d.0")


def test_a_channel_with_a_history_is_asked_and_nothing_is_sent_twice(world):
    world.person("Tom", channels=("slack",))
    world.slack.will("tom@example.com", LOST)
    world.agreement(owner="tom", backup=None, end=URGENT)
    world.live_until("2026-01-05T14:00")
    world.expect("2026-01-05 09:00 tom@slack: ACME-7 notice -7d.0")
    assert [one.state for one in world.deliveries()] == ["accepted"]


def test_a_channel_with_a_history_that_has_nothing_gets_it_after_the_quarantine(world):
    world.person("Tom", channels=("slack",))
    world.slack.will("tom@example.com", UNSENT)
    world.agreement(owner="tom", backup=None, end=URGENT)
    world.live_until("2026-01-05T14:00")
    world.expect("2026-01-05 09:03 tom@slack: ACME-7 notice -7d.0")


def test_after_ten_days_asleep_each_deadline_is_told_once_and_says_that_it_is_late(world):
    world.agreement()
    world.agreement("BETA-2", end="2027-01-29")
    world.live_until("2026-10-29T09:00")
    world.expect(
        "2026-09-07 08:30 olga: Your deadlines ahead: BETA-2 notice, ACME-7 notice",
    )
    world.travel_to("2026-11-08T10:00")
    world.tick()
    world.expect(
        "2026-11-08 10:00 ben olga: ACME-7 notice -30d.1 late, 1 skipped",
        "2026-11-08 10:00 ben olga: BETA-2 notice -30d.1 late, 1 skipped",
    )
    world.live_until("2026-11-10T09:00")
    world.expect("2026-11-09 08:30 mia: BETA-2 notice -30d.2", "2026-11-10 08:30 mia: ACME-7 notice -30d.2")


def test_who_sleeps_past_the_last_safe_day_hears_that_it_was_missed(world):
    world.agreement()
    world.live_until("2026-11-28T09:00")
    world.expect(*world.unexpected)
    world.travel_to("2026-12-08T10:00")
    world.tick()
    world.expect("2026-12-08 10:00 ben mia olga: ACME-7 notice +1d.0.1 late, 1 skipped")
    assert len(world.events("MilestoneMissed")) == 1


def test_what_was_answered_while_nobody_knew_where_it_was_is_not_sent_again(world):
    world.person("Tom", channels=("slack",))
    world.slack.will("tom@example.com", UNSENT)
    world.agreement(owner="tom", backup=None, end=URGENT)
    world.tick()
    world.say(ops.acknowledge, "ACME-7 notice", by="tom")
    world.live_until("2026-01-05T14:00")
    world.expect()
    assert [(one.state, one.why) for one in world.deliveries()] == [("cancelled", "it was answered or changed")]
