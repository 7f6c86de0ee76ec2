"""What is late: a deadline born after its day, a house that slept through an acknowledgement, a night that is shorter;
and who is gone: the one to whom a deadline was handed over.
"""

from datetime import timedelta

import pytest

from engine import operations as ops
from engine.operations import leaving
from lifecycle.delivery import NotSent
from tests.support.agreements import once

DAY = 86_400.0  # seconds


# -- late -------------------------------------------------------------------------------------------------------------


def test_what_is_reopened_long_after_its_day_is_said_to_remind_nobody(world):
    world.agreement(obligations=(once("evidence", "SOC 2", "2026-01-20"),))
    world.say(ops.done, "ACME-7 evidence", evidence="the report of 2025")
    world.travel_to("2026-02-19T09:00")
    assert world.say(ops.reopen, "ACME-7 evidence", because="of the wrong year").said == "Open again."
    world.say(ops.done, "ACME-7 evidence", evidence="the report of 2025")
    world.travel_to("2026-02-20T09:00")
    said = world.say(ops.reopen, "ACME-7 evidence", because="of the wrong year").said
    silent = (
        "It stands among what is overdue. "
        "Nobody is reminded: it came, or was opened again, more than 30 days after its day."
    )
    assert said == f"Open again. {silent}"
    world.live_until("2026-05-05T09:00")
    world.expect()


def test_what_is_overdue_when_it_is_registered_is_missed_once_and_only_asked_for_what_is_left(world):
    """The last safe day was 22 December, two weeks ago."""
    world.agreement(end="2026-02-20")
    world.live_until("2026-01-09T09:00")
    assert len(world.events("MilestoneMissed")) == 1
    world.expect(
        "2026-01-05 09:00 ben mia olga: ACME-7 notice +1d.0",
        "2026-01-07 08:30 ben mia olga: ACME-7 notice +1d.0.1",
        "2026-01-09 08:30 ben mia olga: ACME-7 notice +1d.0.2",
    )


def test_what_has_been_overdue_for_more_than_thirty_days_is_not_asked_for_any_more(world):
    """The last safe day was 23 November; the term goes on until 22 January."""
    world.agreement(end="2026-01-22")
    world.live_until("2026-01-22T12:00")
    world.expect()
    assert len(world.events("MilestoneMissed")) == 1


def test_what_was_missed_is_not_missed_again_when_its_term_is_over(world):
    world.agreement(end="2026-01-22")
    world.live_until("2026-01-24T12:00")
    world.expect(*world.unexpected)
    assert [one["type"] for one in world.events("MilestoneMissed", "MilestoneMooted")] == [
        "MilestoneMissed",
        "MilestoneMooted",
    ]


def test_a_playbook_that_says_nothing_of_the_days_after_asks_all_three_after_the_day(world):
    world.playbooks("{playbook: short, priority: 9, match: {kind: [NDA]}, ladder: [{at: -7d, steps: [{ask: owner}]}]}")
    world.agreement(end="2026-03-16")  # the last safe day is 15 January
    world.live_until("2026-01-23T12:00")
    world.expect(
        "2026-01-08 08:30 olga: ACME-7 notice -7d.0",
        "2026-01-16 08:30 ben mia olga: ACME-7 notice +1d.0",
        "2026-01-23 08:30 ben mia olga: ACME-7 notice +1d.0.1",
    )


def test_ten_days_asleep_end_an_acknowledgement_with_one_message_to_all_who_were_to_be_asked(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-11-24T10:00")
    told.travel_to("2026-12-04T10:00")
    told.tick()
    told.expect("2026-12-04 10:00 ben leo mia olga: ACME-7 notice +1d.0 late, 4 skipped")
    assert (told.row("ACME-7 notice").state, len(told.events("MilestoneMissed"))) == ("open", 1)


def test_a_night_that_is_an_hour_shorter_is_quiet_until_the_same_hour_of_the_wall(world):
    """The clocks of Berlin are put forward in the night to Sunday, 29 March 2026."""
    world.playbooks("""{playbook: calm, priority: 9, match: {kind: [NDA]}, quiet: {hours: "18:00-08:00"}, ladder: [
      {at: -30d, steps: [{ask: owner}]}, {at: +1d, steps: [{ask: owner}]}]}""")
    world.agreement(end="2026-06-26", backup=None)
    world.travel_to("2026-03-28T22:15")
    world.live_until("2026-03-29T09:00")
    world.expect("2026-03-29 08:00 olga: ACME-7 notice -30d.0 late, 0 skipped")
    assert world.mail.taken[0].at.isoformat() == "2026-03-29T06:00:00+00:00"


def test_a_digest_that_would_say_the_same_again_is_not_sent(world):
    world.playbooks("""{playbook: weekly, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -60d, urgency: digest, steps: [{ask: owner, repeat: {every: 5bd, times: 4}}]},
      {at: -14d, steps: [{ask: owner}]}, {at: +1d, steps: [{ask: owner}]}]}""")
    world.agreement(end="2026-05-15", backup=None)  # the last safe day is 16 March
    world.live_until("2026-02-13T09:00")
    world.expect("2026-01-19 08:30 olga: Your deadlines ahead: ACME-7 notice")
    assert {one.why for one in world.deliveries("cancelled")} == {"the same was told already"}


# -- gone -------------------------------------------------------------------------------------------------------------


def test_where_who_took_a_deadline_over_has_left_the_owner_of_the_agreement_is_asked_again(told):
    told.person("Kim", manager="mia")
    told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("kim"))
    told.say(ops.acknowledge, "ACME-7 notice", by="kim")
    told.live_until("2026-11-03T09:00")
    told.expect("2026-11-02 09:00 kim: ACME-7 notice is yours")
    told.leave("kim")
    told.live_until("2026-11-25T09:00")
    told.expect("2026-11-25 08:30 ben mia olga: ACME-7 notice -7d.0")


def test_whoever_becomes_the_owner_hears_what_others_had_been_told_in_one_message(told):
    told.person("Kim", manager="mia")
    told.agreement("BETA-1", signed_on="2024-01-20", effective_on="2024-02-01")
    told.live_until("2026-11-03T09:00")
    told.expect(*told.unexpected)
    with told.monitor.work() as work:
        olga, kim = (work.people.by_email(f"{one}@example.com") for one in ("olga", "kim"))
        leaving.hand_over(work, leaving.standing_with(work, olga, lambda _: True), to=kim)
    told.live_until("2026-11-04T09:00")
    told.expect("2026-11-03 09:10 kim: Yours now: ACME-7 notice, BETA-1 notice")


@pytest.mark.parametrize("between", ["2026-11-03T09:00", "2026-11-03T09:08"])
def test_what_others_had_been_told_and_what_they_had_not_is_handed_over_in_one_message(told, between):
    """Of ACME-7 Olga was told already; the day of BETA-1 is a year ahead. Either may be handed over first."""
    told.person("Kim", manager="mia")
    told.agreement("BETA-1", end="2027-12-31", owner="ben", backup=None)
    told.live_until("2026-11-03T09:00")
    told.expect(*told.unexpected)
    told.amend("ACME-7", owner_id=told.id_of("kim"))
    told.live_until(between)
    told.amend("BETA-1", owner_id=told.id_of("kim"))
    told.live_until("2026-11-04T12:00")
    told.expect("2026-11-03 09:10 kim: Yours now: ACME-7 notice, BETA-1 notice")


def test_what_waits_for_the_next_morning_is_told_with_what_is_handed_over_late_at_night(told):
    told.person("Kim", manager="mia")
    told.agreement("BETA-1", end="2027-12-31", owner="ben", backup=None)
    told.live_until("2026-11-03T21:00")
    told.expect(*told.unexpected)
    told.amend("BETA-1", owner_id=told.id_of("kim"))
    told.live_until("2026-11-03T22:00")
    told.amend("ACME-7", owner_id=told.id_of("kim"))
    told.live_until("2026-11-04T12:00")
    told.expect("2026-11-03 22:10 kim: Yours now: ACME-7 notice, BETA-1 notice")


def test_whoever_becomes_the_owner_in_the_last_days_is_told_at_once(told):
    told.person("Kim", manager="mia")
    told.live_until("2026-11-26T09:00")
    told.expect(*told.unexpected)
    told.amend(owner_id=told.id_of("kim"))
    told.live_until("2026-11-26T09:05")
    told.expect("2026-11-26 09:00 kim: ACME-7 notice is yours")


@pytest.fixture
def handed(world):
    """Three agreements of which nobody was told yet; Kim becomes the owner of two of them."""
    world.person("Kim", manager="mia")
    for reference in ("ACME-7", "BETA-1", "COLT-2"):
        world.agreement(reference)
    for reference in ("ACME-7", "BETA-1"):
        world.amend(reference, owner_id=world.id_of("kim"))
    return world


def test_whoever_becomes_the_owner_of_what_nobody_was_told_of_hears_of_the_next_days_in_one_message(handed):
    handed.live_until("2026-01-05T15:00")
    handed.amend("COLT-2", owner_id=handed.id_of("kim"))
    handed.live_until("2026-09-08T09:00")
    handed.expect(
        "2026-01-06 08:30 kim: Yours now: ACME-7 notice, BETA-1 notice, COLT-2 notice",
        "2026-09-07 08:30 kim: Your deadlines ahead: ACME-7 notice, BETA-1 notice, COLT-2 notice",
    )


def test_what_is_handed_on_before_it_was_told_is_told_to_the_last_alone(handed):
    handed.amend("ACME-7", owner_id=handed.id_of("leo"))
    handed.live_until("2026-01-07T09:00")
    handed.expect("2026-01-06 08:30 kim: Yours now: BETA-1 notice", "2026-01-06 08:30 leo: Yours now: ACME-7 notice")


def test_what_is_handed_over_on_a_saturday_night_and_can_wait_is_told_on_monday_morning(handed):
    handed.live_until("2026-01-10T21:00")
    handed.expect(*handed.unexpected)
    handed.amend("COLT-2", owner_id=handed.id_of("kim"))
    handed.live_until("2026-01-13T09:00")
    handed.expect("2026-01-12 08:30 kim: Yours now: COLT-2 notice")


def test_who_wants_no_digests_hears_of_what_nobody_was_told_of_at_its_time(world):
    world.person("Kim", manager="mia", digests=False)
    world.agreement()
    world.amend(owner_id=world.id_of("kim"))
    world.live_until("2026-03-07T09:00")
    world.expect()


# -- too late ---------------------------------------------------------------------------------------------------------


def test_a_digest_that_cannot_leave_before_the_next_one_gives_back_what_it_holds(world):
    world.agreement(backup=None)
    world.mail.will("olga@example.com", NotSent("451 greylisted", 8 * DAY))
    world.live_until("2026-09-15T09:00")
    assert [one.expires_at - one.created_at for one in world.deliveries("expired")] == [timedelta(days=7)]
    world.expect("2026-09-14 08:30 olga: ACME-7 notice -90d.0")


def test_what_speaks_of_a_missed_day_is_of_use_for_ten_days(told):
    told.live_until("2026-12-02T12:00")
    told.expect(*told.unexpected)
    told.mail.will("mia@example.com", NotSent("451 greylisted", 11 * DAY))
    told.live_until("2026-12-13T08:31")
    (over,) = told.deliveries("expired")
    assert (over.recipient_name, over.expires_at) == ("Mia", told.instant("2026-12-13T08:30"))
    assert told.unexpected[-1] == "2026-12-13 08:30 ada: ACME-7 notice +1d.0 instead"
    told.expect(*told.unexpected)
