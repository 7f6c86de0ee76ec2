"""What can wait leaves together: what is new in the register at once, what is far ahead on Monday morning."""

from engine import operations as ops
from tests.support.world import living


def test_a_quiet_start_is_one_message_for_each_who_is_concerned(world):
    for number in range(5):
        world.agreement(f"NEW-{number}", end="2026-03-31", owner="ben" if number == 4 else "olga", backup=None)
    world.tick()
    world.expect(
        "2026-01-05 09:00 ben: New in your register: NEW-4 notice",
        "2026-01-05 09:00 olga: New in your register: NEW-0 notice, NEW-1 notice, NEW-2 notice, NEW-3 notice",
    )


def test_an_import_may_ask_for_quiet_days_and_nobody_is_escalated_to_before_they_end(world):
    world.agreement(end="2026-03-31", quiet_until_on="2026-01-12")
    world.live_until("2026-01-12T08:00")
    world.expect()
    world.live_until("2026-01-20T12:00")
    world.expect(
        "2026-01-12 08:30 olga: New in your register: ACME-7 notice",
        "2026-01-15 08:30 ben: ACME-7 notice -30d.1",
        "2026-01-20 08:30 mia: ACME-7 notice -30d.2",
    )


def test_what_is_due_within_two_weeks_does_not_wait_for_quiet_days(world):
    world.agreement(end="2026-03-09", quiet_until_on="2026-01-12", backup=None)
    world.tick()
    world.expect("2026-01-05 09:00 olga: ACME-7 notice -7d.0")


def test_a_digest_leaves_on_monday_morning_in_the_zone_of_its_reader(world):
    world.person("Pia", time_zone="America/New_York")
    world.agreement(backup=None)
    world.agreement("PIA-1", owner="pia", backup=None)
    world.live_until("2026-09-08T09:00")
    world.expect(
        "2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice",
        "2026-09-07 14:30 pia: Your deadlines ahead: PIA-1 notice",
    )


def test_what_is_done_before_its_digest_is_left_out_and_an_empty_one_is_not_sent(world):
    world.agreement(backup=None)
    world.live_until("2026-09-04T12:00")
    world.say(ops.done, "ACME-7 notice", evidence="letter")
    world.live_until("2026-09-08T09:00")
    world.expect()


def test_shadow_mode_composes_everything_and_sends_nothing():
    with living(shadow_mode=True) as world:
        world.staff()
        world.agreement(end="2026-03-09")
        world.agreement("FAR-1", end="2026-05-29")
        world.live_until("2026-03-16T09:00")
        world.expect()
        states = {one.state for one in world.deliveries()}
        assert {"expired", "bundled"} <= states <= {"expired", "bundled", "cancelled", "held"}
        assert world.mail.sheets
