"""Whom a step asks and through what: people by team and by role, one healthy channel, several, or all; a room."""

from dataclasses import replace
from datetime import date, time

import pytest

from lifecycle.days.dates import Period
from lifecycle.delivery import NotSent
from lifecycle.terms.terms import DeliveryMethod
from tests.support.agreements import provided
from tests.support.world import checked, staffed

BOOK = """{{playbook: mine, priority: 9, match: {{kind: [NDA]}}, ladder: [
  {{at: -30d, steps: [{{ask: {ask}, via: {via}}}]}}, {{at: +1d, steps: [{{ask: manager}}]}}]}}"""


@pytest.fixture
def house():
    """Tess and Tom are in procurement, Tom reads Slack first and then mail; so does Otto, who owns BOTH-1."""
    with checked(staffed()) as world:
        world.person("Tess", teams=("procurement",))
        world.person("Tom", teams=("procurement",), channels=("slack", "email"))
        world.person("Otto", manager="mia", channels=("slack", "email"))
        yield world


def ask(world, whom, via="best", **said):
    world.playbooks(BOOK.format(ask=whom, via=via))
    world.agreement("BOTH-1", owner="otto", backup=None, **said)
    world.live_until("2026-11-02T09:00")


def test_a_team_is_asked_one_by_one_each_through_the_first_channel_of_their_own(house):
    ask(house, '[owner, "team:procurement"]')
    house.expect(
        "2026-11-02 08:30 otto@slack tess tom@slack: BOTH-1 notice -30d.0",
    )


def test_who_is_asked_in_two_ways_is_told_once(house):
    house.person("Una", role="legal", teams=("procurement",))
    ask(house, '["role:legal", "team:procurement"]')
    house.expect("2026-11-02 08:30 leo tess tom@slack una: BOTH-1 notice -30d.0")


def test_all_channels_are_all_that_somebody_has(house):
    ask(house, '[owner, "team:procurement"]', "all")
    house.expect("2026-11-02 08:30 otto otto@slack tess tom tom@slack: BOTH-1 notice -30d.0")


def test_a_list_of_channels_says_through_which_and_no_other(house):
    ask(house, '[owner, "team:procurement"]', "[email]")
    house.expect("2026-11-02 08:30 otto tess tom: BOTH-1 notice -30d.0")


def test_of_several_channels_the_first_whose_address_is_not_dead_is_the_best(house):
    house.unclean = {"dead_contact"}
    house.slack.dead.add("otto@example.com")
    house.playbooks(
        """{playbook: mine, priority: 9, match: {kind: [NDA]}, ladder: [{at: -30d, steps: [{ask: owner,
          repeat: {every: 2bd, times: 3}}]}, {at: +1d, steps: [{ask: manager}]}]}"""
    )
    house.agreement("BOTH-1", owner="otto", backup=None)
    house.live_until("2026-11-06T09:00")
    house.expect(
        "2026-11-02 08:30 otto: BOTH-1 notice -30d.0 instead",
        "2026-11-04 08:30 otto: BOTH-1 notice -30d.0.1 instead",
        "2026-11-06 08:30 otto: BOTH-1 notice -30d.0.2",  # dead from its second refusal on: not tried any more
    )


def test_a_room_is_told_in_its_channel_and_never_of_what_is_restricted(house):
    house.playbooks(BOOK.format(ask='[owner, "address:slack:#audits"]', via="best"))
    house.agreement("BOTH-1", owner="otto", backup=None)
    house.agreement("SECRET-1", owner="otto", backup=None, restricted_to=("team:procurement",))
    house.live_until("2026-11-02T09:00")
    house.expect(
        "2026-11-02 08:30 #audits@slack otto@slack: BOTH-1 notice -30d.0",
        "2026-11-02 08:30 otto@slack: SECRET-1 notice -30d.0",
    )


def test_what_waits_for_a_room_goes_to_people_once_the_agreement_is_restricted(house):
    """A step, and the news of another day; of what was posted before, the room hears no more."""
    house.playbooks("""{playbook: mine, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -30d, steps: [{ask: "address:slack:#audits"}, {after: 3bd, ask: "address:slack:#audits"}]},
      {at: +1d, steps: [{ask: manager}]}]}""")
    house.agreement("BOTH-1", owner="otto", backup="ben")
    house.live_until("2026-11-02T09:00")
    house.expect("2026-11-02 08:30 #audits@slack: BOTH-1 notice -30d.0")
    house.slack.will("#audits", NotSent("no line"))
    house.live_until("2026-11-05T08:30")
    house.amend("BOTH-1", restricted_to=("team:procurement",))
    house.live_until("2026-11-05T12:00")
    house.expect("2026-11-05 08:30 ben: BOTH-1 notice -30d.1 instead")
    house.amend("BOTH-1", provisions=provided(end="2027-03-31"))
    house.live_until("2026-11-06T12:00")
    house.expect("2026-11-05 12:00 ben: BOTH-1 notice moved from 2026-12-02 to 2027-01-29")


def test_what_is_held_for_the_digest_of_a_room_goes_to_people_once_the_agreement_is_restricted(house):
    house.playbooks("""{playbook: mine, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -60d, urgency: digest, steps: [{ask: "address:slack:#audits"}]},
      {at: -30d, steps: [{ask: owner}]}, {at: +1d, steps: [{ask: manager}]}]}""")
    house.agreement("BOTH-1", owner="otto", backup="ben", end="2027-01-31")
    house.agreement("BOTH-2", owner="otto", backup="ben", end="2027-02-01")
    house.live_until("2026-10-02T12:00")
    assert [one.state for one in house.deliveries()] == ["held", "held"]
    house.amend("BOTH-1", restricted_to=("team:procurement",))
    house.live_until("2026-10-10T12:00")
    house.expect(
        "2026-10-05 08:30 #audits@slack: Your deadlines ahead: BOTH-2 notice",
        "2026-10-05 08:30 ben: BOTH-1 notice -60d.0 instead",
    )


def test_whoever_is_told_instead_of_a_room_reads_at_which_stage_it_is(house):
    house.slack.dead.add("#audits")
    house.playbooks("""{playbook: mine, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -30d, steps: [{ask: owner}, {after: 3bd, ask: "address:slack:#audits"}]},
      {at: +1d, steps: [{ask: manager}]}]}""")
    house.agreement("BOTH-1", owner="otto", backup="ben")
    house.live_until("2026-11-05T09:00")
    house.expect(
        "2026-11-02 08:30 otto@slack: BOTH-1 notice -30d.0", "2026-11-05 08:30 ben: BOTH-1 notice -30d.1 instead"
    )
    told = house.mail.sheets[house.mail.taken[-1].delivery_id]
    assert (told.stage, told.stage_number, told.stage_count) == ("-30d", 1, 2)
    assert (told.is_escalation, told.silent_since_on) == (True, date(2026, 11, 2))


def test_an_address_of_a_channel_that_is_not_set_up_is_mended_by_setting_it_up(world):
    world.playbooks("""{playbook: mine, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -30d, steps: [{ask: owner}, {after: 3bd, ask: "address:webhook:erp"}]}]}""")
    world.agreement("BOTH-1", owner="olga", backup="ben")
    world.live_until("2026-11-05T09:00")
    world.expect("2026-11-02 08:30 olga: BOTH-1 notice -30d.0", "2026-11-05 08:30 ada: BOTH-1: no recipient")
    with world.monitor.look() as work:
        (found,) = [one for one in work.keeping.incidents() if one.kind == "no_recipient"]
    assert found.text.endswith(
        "address:webhook:erp resolves to nobody. Set up webhook, or let the playbook mine ask people."
    )


def test_since_when_nobody_answers_is_a_day_of_the_agreements_place(house):
    """Half past eight in Auckland is the evening before in Greenwich."""
    house.slack.dead.add("#audits")
    house.playbooks("""{playbook: mine, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: -30d, steps: [{ask: owner}, {after: 3bd, ask: "address:slack:#audits"}]}]}""")
    house.agreement("BOTH-1", owner="otto", backup="ben", time_zone="Pacific/Auckland")
    house.live_until("2026-11-05T09:00")
    house.expect(*house.unexpected)
    told = house.mail.sheets[house.mail.taken[-1].delivery_id]
    assert (told.stage, told.silent_since_on) == ("-30d", date(2026, 11, 2))


def test_a_message_that_cannot_leave_before_its_hour_is_over_is_told_the_next_who_can_be_reached(house):
    """What is sent by courier counts until five o'clock of the last day."""
    courier = DeliveryMethod("courier", Period(), cutoff=time(17))
    (notice,) = provided().notices
    house.playbooks("""{playbook: mine, priority: 9, match: {kind: [NDA]}, ladder: [
      {at: 0d, steps: [{ask: owner}]}, {at: +1d, steps: [{ask: manager}]}]}""")
    house.agreement(provisions=replace(provided(), notices=(replace(notice, method=courier),)))
    assert house.row("ACME-7 notice").safe_on == date(2026, 12, 2)
    house.mail.will("olga@example.com", NotSent("451 greylisted", 36_000.0))
    house.live_until("2026-12-02T20:00")
    house.expect("2026-12-02 17:00 ben: ACME-7 notice 0d.0 instead")
