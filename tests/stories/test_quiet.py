"""Messages leave at their reader's hour: quiet hours, weekends, holidays; what is urgent knows none of them."""

from datetime import date, time

import pytest

from engine import operations as ops
from tests.support.agreements import provided

NIGHT = """
playbook: calm
priority: 9
match: {kind: [NDA]}
quiet: {hours: "18:00-08:00", weekends: true, holidays: true}
ladder:
  - {at: -30d, steps: [{ask: owner}, {after: 3bd, ask: backup}]}
  - {at: -7d, steps: [{ask: [owner, backup]}]}
  - {at: +1d, steps: [{ask: owner}]}
"""
URGENT = NIGHT.replace("-30d,", "-30d, urgency: critical,")


@pytest.fixture
def calm(world):
    world.playbooks(NIGHT)
    return world


def test_a_reader_elsewhere_is_told_at_their_own_hour_of_the_day(world):
    world.person("Pia", time_zone="America/New_York")
    world.person("Kai", time_zone="Asia/Tokyo")
    world.agreement("PIA-1", owner="pia", backup="kai")
    world.live_until("2026-11-06T09:00")
    world.expect(
        "2026-09-07 14:30 pia: Your deadlines ahead: PIA-1 notice",
        "2026-11-02 14:30 pia: PIA-1 notice -30d.0",
        "2026-11-05 08:30 kai: PIA-1 notice -30d.1",  # half past four in Tokyo: their hour is over
    )


def test_what_comes_due_at_night_waits_for_the_morning(calm):
    calm.agreement()
    calm.travel_to("2026-11-02T22:15")  # the house slept since noon
    calm.live_until("2026-11-03T09:00")
    calm.expect("2026-11-03 08:00 olga: ACME-7 notice -30d.0 late, 0 skipped")


def test_what_comes_due_at_a_weekend_waits_for_monday_morning(calm):
    calm.agreement()
    calm.live_until("2026-10-31T10:00")
    calm.travel_to("2026-11-07T10:00")  # a Saturday
    calm.live_until("2026-11-09T09:00")
    calm.expect("2026-11-09 08:30 ben olga: ACME-7 notice -30d.1 late, 1 skipped")


def test_a_holiday_of_the_reader_holds_and_not_one_of_the_agreement(calm):
    """6 January is a holiday in Bavaria, where Bea is, and not in Berlin."""
    calm.person("Bea", calendar="DE-BY")
    calm.agreement("BEA-1", owner="bea", backup=None, end="2026-04-07")  # the last safe day is 5 February
    calm.live_until("2026-01-08T09:00")
    calm.expect("2026-01-07 08:30 bea: BEA-1 notice -30d.0")


def test_everybody_is_told_at_their_own_hour_of_the_day_but_of_what_is_critical(world):
    world.person("Ulla", send_at=time(11, 15))
    world.agreement(owner="ulla")
    world.live_until("2026-11-24T09:00")
    assert [one for one in world.unexpected if "ulla" in one][-1] == "2026-11-02 11:15 ulla: ACME-7 notice -30d.0"
    world.expect(*world.unexpected)
    world.live_until("2026-11-25T09:00")
    world.expect("2026-11-25 08:30 ben ulla: ACME-7 notice -7d.0")


def test_what_is_critical_leaves_at_night(world):
    world.playbooks(URGENT)
    world.agreement()
    world.travel_to("2026-11-02T22:15")
    world.tick()
    world.expect("2026-11-02 22:15 olga: ACME-7 notice -30d.0 late, 0 skipped")


def test_from_the_target_day_on_nothing_is_quiet(calm):
    """The target day is 25 November: what was asleep until its evening leaves then."""
    calm.agreement()
    calm.live_until("2026-11-24T09:00")
    calm.expect("2026-11-02 08:30 olga: ACME-7 notice -30d.0", "2026-11-05 08:30 ben: ACME-7 notice -30d.1")
    calm.travel_to("2026-11-25T22:00")
    calm.tick()
    calm.expect("2026-11-25 22:00 ben olga: ACME-7 notice -7d.0 late, 0 skipped")


def test_nothing_is_held_past_the_next_planned_step(world):
    """On her holiday Bea would be told on the next day at ten; Ben is asked before that, so she is told at once."""
    world.playbooks("""
playbook: calm
priority: 9
match: {kind: [NDA]}
quiet: {hours: "18:00-10:00", holidays: true}
ladder:
  - {at: -30d, steps: [{ask: owner}, {after: 1bd, ask: backup}]}
  - {at: +1d, steps: [{ask: owner}]}
""")
    world.person("Bea", calendar="DE-BY")
    world.agreement("BEA-1", owner="bea", end="2026-04-06")
    assert world.row("BEA-1 notice").safe_on == date(2026, 2, 5)
    world.live_until("2026-01-09T09:00")
    world.expect("2026-01-06 08:30 bea: BEA-1 notice -30d.0", "2026-01-07 10:00 ben: BEA-1 notice -30d.1")


def test_what_was_answered_at_night_does_not_leave_in_the_morning(calm):
    calm.agreement()
    calm.travel_to("2026-11-02T22:15")
    calm.tick()
    calm.say(ops.acknowledge, "ACME-7 notice", by="ben")
    calm.live_until("2026-11-04T09:00")
    calm.expect()


def test_a_day_that_moves_at_night_is_told_in_the_morning(calm):
    calm.agreement()
    calm.live_until("2026-11-02T23:00")
    calm.expect("2026-11-02 08:30 olga: ACME-7 notice -30d.0")
    calm.amend(provisions=provided(end="2027-03-31"))
    calm.live_until("2026-11-03T09:00")
    calm.expect("2026-11-03 08:00 olga: ACME-7 notice moved from 2026-12-02 to 2027-01-29")


def test_what_waits_speaks_of_the_day_on_which_it_leaves(calm):
    calm.agreement()
    calm.travel_to("2026-11-02T22:15")
    calm.live_until("2026-11-03T09:00")
    (sheet,) = calm.mail.sheets.values()
    assert sheet.today == date(2026, 11, 3)
    calm.expect("2026-11-03 08:00 olga: ACME-7 notice -30d.0 late, 0 skipped")


def test_a_term_that_ends_at_midnight_wakes_nobody(world):
    world.agreement(end="2026-02-28", backup=None, notice_days=30)
    world.live_until("2026-02-28T12:00")
    world.expect(*world.unexpected)
    world.live_until("2026-03-01T12:00")
    world.expect("2026-03-01 08:30 ada leo mia olga: ACME-7: renewed without decision")
