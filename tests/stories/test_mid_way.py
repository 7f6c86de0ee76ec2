"""While a deadline is on its way its surroundings change: the playbook, the agreement, the zone, the answer itself."""

from datetime import date

from config.playbooks import parse_playbooks
from engine import operations as ops
from engine.operations.answering import Verdict
from engine.playbooks import versions as playbooks
from tests.support.agreements import NEVER, provided

DENSE = """
{playbook: dense, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -30d, steps: [{ask: owner}, {after: 3bd, ask: backup}]}, {at: -20d, steps: [{ask: [owner, backup]}]},
  {at: -7d, steps: [{ask: owner}]}, {at: +1d, steps: [{ask: owner}]}]}
"""


def apply(world, text):
    (new,) = parse_playbooks(text, "dense.yaml")
    with world.monitor.work() as work:
        return playbooks.apply(work, new)


# -- the playbook -----------------------------------------------------------------------------------------------------


def test_an_acknowledgement_ends_with_the_next_stage_of_the_playbook_that_holds_now(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    apply(told, DENSE)
    told.live_until("2026-11-12T12:00")
    told.expect("2026-11-12 08:30 ben olga: ACME-7 notice -20d.0")


def test_a_snooze_holds_until_its_day_whatever_playbook_holds(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 18))
    apply(told, DENSE)
    told.live_until("2026-11-18T12:00")
    told.expect("2026-11-18 08:30 ben olga: ACME-7 notice -20d.0 late, 1 skipped")


# -- the agreement ----------------------------------------------------------------------------------------------------


def test_a_snooze_does_not_hold_for_another_day(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 24))
    told.amend(provisions=provided(end="2027-02-07"))
    row = told.row("ACME-7 notice")
    assert (row.state, row.revision, row.snoozed_until_at) == ("open", 1, None)
    told.live_until("2026-11-12T12:00")
    told.expect(
        "2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2026-12-09",
        "2026-11-09 08:30 olga: ACME-7 notice -30d.0",
        "2026-11-12 08:30 ben: ACME-7 notice -30d.1",
    )


def test_what_is_no_longer_due_is_a_line_of_the_next_digest_and_not_spoken_of_again(told):
    told.amend(provisions=provided(renewal=NEVER))
    row = told.row("ACME-7 notice")
    assert (row.state, row.revision, row.next_step_at) == ("withdrawn", 1, None)
    told.live_until("2026-11-26T12:00")
    told.expect("2026-11-09 08:30 olga: No longer due: ACME-7: ")


def test_in_another_zone_the_same_hour_of_the_wall_is_another_instant(told):
    told.amend(time_zone="America/New_York")
    told.live_until("2026-11-05T14:29")
    told.expect()
    told.live_until("2026-11-05T14:31")
    told.expect("2026-11-05 14:30 ben: ACME-7 notice -30d.1")


def test_an_acknowledgement_ends_at_the_hour_of_the_zone_that_holds_now(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.amend(time_zone="Asia/Tokyo")
    told.live_until("2026-11-25T00:31")
    told.expect("2026-11-25 00:30 ben olga: ACME-7 notice -7d.0")


def test_by_other_business_days_a_step_stands_elsewhere_though_no_day_has_moved(told):
    """3 November is a holiday in Japan, and the three business days until the backup is asked have one less in them."""
    told.amend(calendar="JP")
    assert told.row("ACME-7 notice").revision == 0
    told.live_until("2026-11-06T09:00")
    told.expect("2026-11-06 08:30 ben: ACME-7 notice -30d.1")


# -- the answer -------------------------------------------------------------------------------------------------------


def test_a_snooze_that_is_taken_back_lets_the_ladder_go_on(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 24))
    told.say(ops.undo, "ACME-7 notice")
    told.live_until("2026-11-05T09:00")
    told.expect("2026-11-05 08:30 ben: ACME-7 notice -30d.1")


def test_who_has_it_may_snooze_it_and_the_next_stage_is_not_heard_meanwhile(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 26))
    told.live_until("2026-11-26T09:00")
    told.expect("2026-11-26 08:30 ben mia olga: ACME-7 notice -7d.0 late, 2 skipped")


def test_an_acknowledgement_ends_a_snooze_and_lasts_until_the_next_stage(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 30))
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-11-25T09:00")
    told.expect("2026-11-25 08:30 ben olga: ACME-7 notice -7d.0")


def test_after_the_day_a_decision_that_leaves_a_duty_quiets_nobody(told):
    told.live_until("2026-12-03T09:00")
    told.expect(*told.unexpected)
    assert told.say(ops.decide, "ACME-7 notice", choice="terminate").result is not Verdict.ALREADY
    told.live_until("2026-12-07T09:00")
    told.expect("2026-12-07 08:30 ben mia olga: ACME-7 notice +1d.0.1")
    assert told.row("ACME-7 notice").state == "open"


def test_what_was_taken_over_and_given_back_is_asked_of_one_alone(told):
    """Kim has it for a day and answers; when Olga has it again and answers, nobody is told a step twice."""
    told.person("Kim", manager="mia")
    told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("kim"))
    told.say(ops.acknowledge, "ACME-7 notice", by="kim")
    told.live_until("2026-11-03T09:00")
    told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("olga"), by="kim")
    told.say(ops.acknowledge, "ACME-7 notice", by="olga")
    told.live_until("2026-11-25T09:00")
    told.expect(
        "2026-11-02 09:00 kim: ACME-7 notice is yours",
        "2026-11-03 09:00 olga: ACME-7 notice is yours",
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
    )
