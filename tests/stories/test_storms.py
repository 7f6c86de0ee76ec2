"""Nobody gets a storm of messages; and a week in which nothing was to be said is no silence."""

from datetime import date

from engine import operations as ops
from engine import raising
from engine.delivery import digest
from tests.support.agreements import once
from tests.support.world import living

WESTWARD = (
    "Europe/Berlin", "Europe/London", "Atlantic/Azores", "Atlantic/South_Georgia", "America/Sao_Paulo",
    "America/Halifax", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu",
)  # fmt: skip


def test_four_messages_at_once_become_one(world):
    for number in range(4):
        world.agreement(f"ACME-{number}", backup=None)
    world.agreement("BETA-1", owner="ben", backup=None)
    world.live_until("2026-11-02T09:00")
    world.expect(
        "2026-09-07 08:30 ben: Your deadlines ahead: BETA-1 notice",
        "2026-09-07 08:30 olga: Your deadlines ahead: ACME-0 notice, ACME-1 notice, ACME-2 notice, ACME-3 notice",
        "2026-11-02 08:30 ben: BETA-1 notice -30d.0",
        "2026-11-02 08:30 olga: Several deadlines need you: ACME-0 notice, ACME-1 notice, ACME-2 notice, ACME-3 notice",
    )


def test_three_messages_at_once_stay_three(world):
    for number in range(3):
        world.agreement(f"ACME-{number}", backup=None)
    world.live_until("2026-11-02T09:00")
    assert [one.split(": ", 1)[1] for one in world.unexpected[1:]] == [
        f"ACME-{number} notice -30d.0" for number in range(3)
    ]
    world.expect(*world.unexpected)


def test_what_is_critical_stands_alone_however_many_there_are(world):
    for number in range(5):
        world.agreement(f"ACME-{number}", backup=None, end="2026-03-09")
    world.tick()
    world.expect(*(f"2026-01-05 09:00 olga: ACME-{number} notice -7d.0" for number in range(5)))


def test_what_is_over_ten_a_day_waits_for_the_digest(world):
    """Olga owns an agreement in each of twelve zones: every hour another one speaks of its notice."""
    world.playbooks("""{playbook: plain, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -30d, steps: [{ask: owner}]}, {at: +1d, steps: [{ask: owner}]}]}""")
    for number, name in enumerate(WESTWARD):
        world.agreement(f"ACME-{number:02}", backup=None, time_zone=name)
    world.live_until("2026-11-03T09:00")
    world.expect(*(f"2026-11-02 {8 + number:02}:30 olga: ACME-{number:02} notice -30d.0" for number in range(10)))
    world.live_until("2026-11-09T09:00")
    world.expect("2026-11-09 08:30 olga: Your deadlines ahead: ACME-10 notice, ACME-11 notice")


def test_at_the_end_of_a_long_night_each_reader_gets_one_message(world):
    for number in range(6):
        world.agreement(f"ACME-{number}")
    world.live_until("2026-10-30T09:00")
    world.expect(*world.unexpected)
    world.travel_to("2026-11-07T10:00")
    world.tick()
    every = ", ".join(f"ACME-{number} notice" for number in range(6))
    world.expect(f"2026-11-07 10:00 ben olga: Several deadlines need you: {every}")


def written(world):
    """Olga's bundle of 2 November is in the outbox, and not offered yet."""
    for number in range(4):
        world.agreement(f"ACME-{number}", backup=None)
    world.live_until("2026-10-30T09:00")
    world.expect(*world.unexpected)
    world.travel_to("2026-11-02T08:30")
    raising.raise_due(world.monitor)
    digest.bundle(world.monitor)


def test_what_was_answered_before_a_bundle_is_offered_is_left_out(world):
    written(world)
    world.say(ops.done, "ACME-2 notice", evidence="letter")
    world.live_until("2026-11-02T09:00")
    world.expect("2026-11-02 08:30 olga: Several deadlines need you: ACME-0 notice, ACME-1 notice, ACME-3 notice")


def test_a_bundle_of_which_all_was_answered_is_not_sent(world):
    written(world)
    for number in range(4):
        world.say(ops.done, f"ACME-{number} notice", evidence="letter")
    world.live_until("2026-11-02T09:00")
    world.expect()
    assert "all of it is over" in {one.why for one in world.deliveries("cancelled")}


def test_after_a_week_without_a_message_the_operators_hear_that_all_is_quiet():
    with living(says_all_quiet=True) as world:
        world.staff()
        world.agreement(backup=None)
        world.live_until("2026-01-20T09:00")
        world.expect("2026-01-12 08:30 ada: All quiet: ", "2026-01-19 08:30 ada: All quiet: ")
        sheet = world.mail.sheets[world.mail.taken[-1].delivery_id]
        assert (sheet.ahead, sheet.overdue) == ((5, date(2026, 12, 2)), 0)


def test_a_quiet_week_counts_only_what_its_reader_may_see_but_all_that_reminds_nobody():
    with living(says_all_quiet=True) as world:
        world.staff()
        world.agreement(backup=None)
        late = (once("return", "Return the samples", "2025-11-03"),)
        world.agreement("SECRET-1", backup=None, obligations=late, restricted_to=("team:none",))
        world.live_until("2026-01-13T09:00")
        world.expect("2026-01-12 08:30 ada: All quiet: ")
        sheet = world.mail.sheets[world.mail.taken[-1].delivery_id]
        assert (sheet.ahead, sheet.overdue, sheet.silent) == ((5, date(2026, 12, 2)), 1, 1)


def test_a_quiet_week_says_what_is_overdue_though_nobody_is_reminded_any_more():
    with living(says_all_quiet=True) as world:
        world.staff()
        world.agreement(backup=None, obligations=(once("return", "Return the samples", "2025-11-03"),))
        world.live_until("2026-01-13T09:00")
        world.expect("2026-01-12 08:30 ada: All quiet: ")
        sheet = world.mail.sheets[world.mail.taken[-1].delivery_id]
        assert (sheet.ahead, sheet.overdue, sheet.silent) == ((5, date(2026, 12, 2)), 1, 1)


def test_a_week_in_which_something_was_told_hides_nothing_of_which_nobody_is_reminded():
    with living(says_all_quiet=True) as world:
        world.staff()
        late = (once("return", "Return the samples", "2025-11-03"),)
        world.agreement(backup=None, end="2026-03-09", obligations=late)
        world.live_until("2026-01-13T09:00")
        told = [line for line in world.unexpected if " ada: " in line]
        assert told == ["2026-01-12 08:30 ada: 1 overdue deadline reminds nobody: "]
        sheet = next(one for one in world.mail.sheets.values() if "nobody" in one.heading)
        assert sheet.text == (
            "It came, or was opened again, more than 30 days after its day. "
            "Gaps names what you may see; it ends when somebody says done, decides or waives."
        )
        world.say(ops.done, "ACME-7 return", evidence="Receipt")
        world.live_until("2026-01-19T09:00")
        assert [line for line in world.unexpected if " ada: " in line] == told
        world.expect(*world.unexpected)


def test_in_a_week_in_which_something_was_told_nobody_says_that_all_is_quiet():
    with living(says_all_quiet=True) as world:
        world.staff()
        world.agreement(backup=None, end="2026-03-09")
        world.live_until("2026-01-12T09:00")
        world.expect(*world.unexpected)
        assert not any(sheet.heading == "All quiet" for sheet in world.mail.sheets.values())
