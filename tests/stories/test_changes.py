"""A day moves, a notice is given or taken back: those who had been told are told once, and the ladder begins anew."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.delivery import holding
from engine.operations.notice_effect import NoticeFacts
from tests.support.agreements import provided
from tests.support.channels import UNSENT

SERVED = NoticeFacts(sent_on=date(2026, 11, 2), by="us", method="post")


@pytest.fixture
def told(world):
    """Olga was told on Monday, 2 November; the last safe day is 2 December."""
    world.agreement()
    world.live_until("2026-11-02T09:00")
    world.expect(
        "2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice", "2026-11-02 08:30 olga: ACME-7 notice -30d.0"
    )
    return world


def test_whoever_was_told_hears_of_another_day_once(told):
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-12-29T09:00")
    told.expect(
        "2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2027-01-29",
    )
    told.live_until("2026-12-30T09:00")
    told.expect("2026-12-30 08:30 olga: ACME-7 notice -30d.0")


def test_whoever_has_another_address_by_now_hears_of_another_day_there(told):
    with told.monitor.work() as work:
        ops.change_person(work, replace(work.people.by_email("olga@example.com"), email="olga.neu@example.com"))
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-11-02T09:01")
    told.expect("2026-11-02 09:00 olga.neu: ACME-7 notice moved from 2026-12-02 to 2027-01-29")


def test_who_was_told_by_a_digest_alone_hears_of_another_day(world):
    world.agreement()
    world.live_until("2026-09-08T09:00")
    world.expect("2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice")
    world.amend(provisions=provided(end="2027-03-31"))
    world.live_until("2026-09-08T09:01")
    world.expect("2026-09-08 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2027-01-29")


def test_a_day_that_nobody_was_told_of_moves_in_silence(world):
    world.agreement()
    world.amend(provisions=provided(end="2027-03-31"))
    world.live_until("2026-09-01T09:00")
    world.expect()


def test_a_day_that_moves_back_tells_no_step_twice(told):
    before = told.get().provisions
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-11-02T09:01")
    told.amend(provisions=before)
    told.live_until("2026-11-25T09:00")
    told.expect(
        "2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2027-01-29",
        "2026-11-02 09:01 olga: ACME-7 notice moved from 2027-01-29 to 2026-12-02",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
    )


def test_a_day_that_is_corrected_before_anybody_heard_of_it_is_told_to_nobody(told):
    before = told.get().provisions
    told.amend(provisions=provided(end="2027-03-31"))
    told.amend(provisions=before)
    told.live_until("2026-11-02T10:00")
    told.expect()


def test_a_day_that_moves_twice_before_anybody_heard_of_it_is_told_once_from_the_day_they_know(told):
    told.amend(provisions=provided(end="2027-03-31"))
    told.amend(provisions=provided(end="2027-02-07"))
    told.live_until("2026-11-02T10:00")
    told.expect("2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2026-12-09")


def test_an_acknowledgement_does_not_hold_for_another_day(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.amend(provisions=provided(end="2027-02-07"))
    row = told.row("ACME-7 notice")
    assert (row.state, row.revision, row.acknowledged) == ("open", 1, None)
    told.live_until("2026-11-02T10:00")
    told.expect(
        "2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2026-12-09",
    )


def test_a_notice_that_was_given_ends_the_deadline_and_then_the_agreement(told):
    told.do(ops.give_notice, "ACME-7", SERVED)
    assert (told.get().status, told.row("ACME-7 notice 0").state) == ("under_notice", "done")
    told.live_until("2027-02-02T09:00")
    told.expect()
    assert told.get().status == "ended"
    assert [one["type"] for one in told.events("TermExpired", "TermRenewed")] == ["TermExpired"]


def test_a_notice_that_is_revoked_opens_the_deadline_again(told):
    told.do(ops.give_notice, "ACME-7", SERVED)
    told.live_until("2026-11-10T09:00")
    told.do(ops.revoke_notice, "ACME-7", because="we stay")
    assert (told.get().status, told.row("ACME-7 notice 0").state) == ("in_force", "open")
    told.live_until("2026-11-25T09:00")
    told.expect(
        "2026-11-13 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-18 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
    )


def test_what_is_archived_is_a_line_of_the_next_digest_and_then_silent(told):
    told.do(ops.archive, "ACME-7", because="it moved to another house")
    told.live_until("2027-02-02T09:00")
    told.expect("2026-11-09 08:30 olga: No longer due: ACME-7: ")
    said = told.mail.sheets[told.mail.taken[-1].delivery_id].text
    assert said == "ACME-7, Acme Labs: notice of non-renewal by Wed 2 Dec 2026 is no longer due."


def test_what_is_due_again_before_the_digest_is_told_as_it_stands(told):
    told.do(ops.archive, "ACME-7", because="by mistake")
    told.do(ops.restore, "ACME-7", because="it was the wrong one")
    told.live_until("2026-11-10T09:00")
    told.expect("2026-11-05 08:30 ben: ACME-7 notice -30d.1", "2026-11-10 08:30 mia: ACME-7 notice -30d.2")


def test_what_nobody_was_told_of_goes_in_silence(world):
    world.agreement()
    world.do(ops.archive, "ACME-7", because="entered twice")
    world.live_until("2026-10-01T09:00")
    world.expect()


def test_who_wants_no_digests_is_not_told_what_is_due_no_longer(told):
    olga = told.id_of("olga")
    with told.monitor.work() as work:
        ops.change_person(work, replace(work.people.get(olga), digests=False))
    told.do(ops.archive, "ACME-7", because="it moved to another house")
    told.live_until("2026-12-02T09:00")
    told.expect()


def test_a_pinned_day_counts_and_those_who_were_told_hear_of_it(told):
    told.say(ops.pin, "ACME-7 notice", on=date(2026, 11, 27), because="the board meets on the 30th")
    told.live_until("2026-11-20T09:00")
    told.expect(
        "2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2026-11-27",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-20 08:30 ben olga: ACME-7 notice -7d.0",
    )


def test_the_derivation_of_a_pinned_day_ends_with_the_pin_and_its_target(world):
    world.agreement()
    world.say(ops.pin, "ACME-7 notice", on=date(2026, 11, 27), because="the board meets on the 30th")
    agreement, row = world.get(), world.row("ACME-7 notice")
    with world.monitor.look() as work:
        derived = work.planner.explained(agreement, row)
    rules = [(step.rule, step.on) for step in derived.reading.steps]
    assert [rule for rule, _ in rules].count("buffer") == 1
    assert rules[-2:] == [("pin", date(2026, 11, 27)), ("buffer", date(2026, 11, 20))]


@pytest.mark.parametrize("is_held", [False, True])
def test_what_waits_to_tell_a_change_is_composed_anew_when_the_agreement_is_restricted(told, is_held):
    told.live_until("2026-11-11T05:00")
    told.expect("2026-11-05 08:30 ben: ACME-7 notice -30d.1", "2026-11-10 08:30 mia: ACME-7 notice -30d.2")
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-11-11T06:00")
    (message,) = [one for one in told.deliveries() if one.recipient_name == "Mia" and one.state == "pending"]
    if is_held:
        with told.monitor.work() as work:
            holding.hold(work, message.id)
    told.amend(restricted_to=("team:board",))
    told.live_until("2026-11-11T08:30")
    if is_held:
        with told.monitor.work() as work:
            holding.release(work, message.id)
    told.live_until("2026-11-11T09:00")
    told.expect("2026-11-11 08:30 ben mia olga: ACME-7 notice moved from 2026-12-02 to 2027-01-29")
    sheets = {one.recipient.name: one for one in told.mail.sheets.values() if one.kind == "changed"}
    assert {name: one.is_outsider for name, one in sheets.items()} == {"Ben": False, "Mia": True, "Olga": False}


def test_the_computed_day_can_be_pinned_so_that_it_stays(world):
    world.agreement()
    before = world.row("ACME-7 notice")
    world.say(ops.pin, "ACME-7 notice", on=before.safe_on, because="so it was agreed with them")
    assert world.row("ACME-7 notice") == replace(before, is_pinned=True)
    world.amend(provisions=provided(end="2026-12-27"))
    assert world.row("ACME-7 notice").safe_on == before.safe_on


SOLO = """
{playbook: solo, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -60d, steps: [{ask: owner}]}, {at: -30d, steps: [{ask: owner}]}, {at: -5d, steps: [{ask: owner}]}]}
"""


def test_a_stage_of_which_another_day_has_told_is_not_called_unheard(world):
    """Its first message would have said only that the deadline is new, to somebody who knows."""
    world.playbooks(SOLO)
    world.agreement()
    world.live_until("2026-10-07T09:00")
    world.expect("2026-10-02 08:30 olga: ACME-7 notice -60d.0")
    world.amend(provisions=provided(end="2026-12-27"))
    world.live_until("2026-10-18T09:00")
    world.expect("2026-10-07 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2026-10-28")
    assert world.audited() == set()


@pytest.mark.parametrize("drawn", range(4))
def test_a_day_that_moves_in_the_instant_of_its_step_is_the_later_word(told, drawn):
    """The step's mail is in doubt and then withdrawn, the change arrives: whatever their ids, the change is known."""
    for _ in range(drawn):
        told.monitor.new_id()
    before = told.get().provisions
    told.mail.will("ben@example.com", UNSENT)
    told.live_until("2026-11-05T08:30")
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-11-06T09:00")
    told.amend(provisions=before)
    told.live_until("2026-11-06T09:01")
    told.expect(
        "2026-11-05 08:30 ben olga: ACME-7 notice moved from 2026-12-02 to 2027-01-29",
        "2026-11-06 09:00 ben olga: ACME-7 notice moved from 2027-01-29 to 2026-12-02",
    )
