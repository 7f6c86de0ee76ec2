"""An agreement that goes on until notice ends it, to the end of a quarter alone: each end has its last safe day."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.delivery.composing import facts_of
from lifecycle.days.dates import Period
from lifecycle.terms.terms import EndsAt, ForConvenience, Side
from notifiers.wording import doubt_words, lead_line
from tests.support.agreements import AUTOMATIC, NEVER, provided

THREE_MONTHS = Period(months=3)


def leaving(ends=EndsAt.QUARTER_END, side=Side.EITHER, period=THREE_MONTHS, **said):
    leave = ForConvenience(side, period, ends)
    return replace(provided(**{"end": None, "renewal": NEVER} | said), for_convenience=(leave,))


def ahead(world):
    """Cycle, last safe day and state of the notices."""
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find("ACME-7").id)
        found = [
            (row.key.cycle, row.safe_on.isoformat(), row.state.value)
            for row in rows
            if row.key.kind in {"notice", "leaving"}
        ]
    return sorted(found)


def told(world, about="ACME-7 leaving"):
    row = world.row(about)
    with world.monitor.look() as work:
        return lead_line(facts_of(work, work.agreements.get(row.key.holder), row, with_why=False), work.now.date())


def given(world, sent_on, **said):
    world.do(ops.give_notice, "ACME-7", ops.NoticeFacts(sent_on=date.fromisoformat(sent_on), by="us", **said))


def test_each_end_ahead_has_a_deadline_and_the_next_ones_follow(world):
    world.agreement(provisions=leaving(EndsAt.YEAR_END))
    assert ahead(world) == [
        ("2026-12-31", "2026-09-30", "open"),
        ("2027-12-31", "2027-09-30", "open"),
        ("2028-12-31", "2028-09-29", "open"),
        ("2029-12-31", "2029-09-28", "open"),
        ("2030-12-31", "2030-09-30", "open"),
        ("2031-12-31", "2031-09-30", "open"),
    ]
    world.live_until("2026-10-02T12:00")
    world.expect(*world.unexpected)
    assert ahead(world)[0] == ("2026-12-31", "2026-09-30", "mooted")
    assert ahead(world)[-1] == ("2032-12-31", "2032-09-30", "open")


def test_what_is_to_be_done_and_what_happens_otherwise_is_said(world):
    world.agreement(provisions=leaving())
    assert told(world) == (
        "Send notice to end it to Acme Labs by Mon 30 Mar 2026 (in 84 days), or it goes on from Wed 1 Jul 2026."
    )
    assert world.row("ACME-7 leaving 2026-09-30").safe_on == date(2026, 6, 30)


def test_the_owner_is_reminded_and_a_decision_to_go_on_ends_it(world):
    world.agreement(provisions=leaving(EndsAt.HALF_YEAR_END))
    world.live_until("2026-03-02T12:00")
    world.expect(
        "2026-01-05 09:00 olga: New in your register: ACME-7 leaving", "2026-02-27 08:30 olga: ACME-7 leaving -30d.0"
    )
    world.say(ops.decide, "ACME-7 leaving 2026-06-30", choice="renew")
    world.live_until("2026-04-10T12:00")
    assert ahead(world)[0] == ("2026-06-30", "2026-03-30", "decided")
    world.expect()


def test_each_months_end_is_told_to_nobody_until_somebody_leaves(world):
    world.agreement(provisions=leaving(EndsAt.MONTH_END))
    world.expect(*world.unexpected)
    row = world.row("ACME-7 leaving 2026-05-31")
    assert (row.is_deadline, row.safe_on) == (False, date(2026, 2, 27))
    assert told(world, "ACME-7 leaving 2026-05-31") == (
        "Last day to send notice to end it to Acme Labs: Fri 27 Feb 2026 (in 53 days)."
    )
    world.live_until("2026-07-15T12:00")
    assert world.unexpected == []
    assert ahead(world)[0] == ("2026-04-30", "2026-01-30", "passed")
    given(world, "2026-07-14", method="email")
    assert world.get().notice.last_on == date(2026, 10, 31)
    assert world.row("ACME-7 term-end").safe_on == date(2026, 10, 31)
    assert {state for _, _, state in ahead(world)} == {"passed", "withdrawn"}


def test_a_playbook_that_names_ways_out_tells_of_each_months_end(world):
    world.playbooks(
        "playbook: ways-out\nmatch: {milestone: leaving}\nladder:\n  - {at: -5bd, steps: [{ask: [owner, backup]}]}\n"
    )
    world.agreement(provisions=leaving(EndsAt.MONTH_END))
    world.expect(*world.unexpected)
    world.live_until("2026-02-28T12:00")
    world.expect("2026-01-23 08:30 ben olga: ACME-7 leaving -5bd.0", "2026-02-20 08:30 ben olga: ACME-7 leaving -5bd.0")


def test_an_end_that_was_a_deadline_is_a_marker_once_each_month_has_one_and_back(world):
    world.agreement(provisions=leaving())
    world.live_until("2026-03-02T12:00")
    world.say(ops.acknowledge, "ACME-7 leaving 2026-06-30")
    world.amend(provisions=leaving(EndsAt.MONTH_END))
    row = world.row("ACME-7 leaving 2026-06-30")
    assert (row.is_deadline, row.is_live) == (False, True)
    world.expect(*world.unexpected)
    world.live_until("2026-03-28T12:00")
    assert world.unexpected == []
    world.amend(provisions=leaving())
    world.expect(*world.unexpected)
    row = world.row("ACME-7 leaving 2026-06-30")
    assert (row.is_deadline, row.is_live, row.next_step_at is None) == (True, True, False)
    world.live_until("2026-04-01T12:00")
    assert any("leaving" in one for one in world.unexpected)
    world.expect(*world.unexpected)


def test_every_step_can_be_explained(world):
    world.agreement(provisions=leaving())
    row = world.row("ACME-7 leaving 2026-06-30")
    with world.monitor.look() as work:
        steps = work.planner.explained(work.agreements.get(row.key.holder), row).reading.steps
    assert [step.text for step in steps] == [
        "the end of a quarter, on which notice may end it",
        "3 months, back to the last day from which all of it fits",
        "3 months, back to the corresponding day",
        "Monday, open in DE-BE: no change",
        "5 business days",
    ]


def test_notice_in_time_ends_it_on_that_day_and_takes_the_other_ends_away(world):
    world.agreement(provisions=leaving())
    world.travel_to("2026-03-27T09:00")
    given(world, "2026-03-27", method="email")
    assert ahead(world)[0] == ("2026-06-30", "2026-03-30", "done")
    assert {state for _, _, state in ahead(world)[1:]} == {"withdrawn"}
    assert world.row("ACME-7 term-end").safe_on == date(2026, 6, 30)
    world.do(ops.revoke_notice, because="new prices")
    assert {state for _, _, state in ahead(world)} == {"open"}


def test_a_late_notice_ends_it_on_the_next_day_and_one_between_the_readings_is_doubted(world):
    world.agreement(provisions=leaving(), rules="us-contract")
    world.live_until("2026-04-02T12:00")
    world.expect(*world.unexpected)
    given(world, "2026-03-31", received_on=date(2026, 3, 31))
    assert world.get().notice.last_on == date(2026, 6, 30)
    assert doubt_words(world.get().notice) == (
        "By the ordinary reading it had to count by Mon 30 Mar 2026: they may say that it came too late."
    )
    world.do(ops.revoke_notice, because="they would not take it")
    given(world, "2026-04-02", method="email")
    assert (world.get().notice.last_on, doubt_words(world.get().notice)) == (date(2026, 9, 30), "")


def test_their_right_to_leave_is_a_marker(world):
    world.agreement(provisions=leaving(side=Side.THEIRS))
    row = world.row("ACME-7 leaving")
    assert (row.is_deadline, row.side) == (False, "theirs")
    assert told(world).startswith("Last day for Acme Labs to send notice to end it")


def test_beside_a_renewal_both_ways_out_are_followed(world):
    world.agreement(provisions=leaving(EndsAt.YEAR_END, end="36 months", renewal=AUTOMATIC))
    assert ("0", "2026-12-02", "open") in ahead(world)
    assert ("2026-12-31", "2026-09-30", "open") in ahead(world)
    given(world, "2026-01-05", method="email")
    assert world.get().notice.last_on == date(2026, 12, 31)


def test_a_pinned_day_is_followed_also_where_the_terms_have_moved_before_it(world):
    world.agreement(provisions=leaving(EndsAt.YEAR_END))
    world.say(ops.pin, "ACME-7 leaving 2026-12-31", on=date(2026, 9, 25), because="they agreed")
    world.amend(provisions=leaving(EndsAt.YEAR_END, period=Period(months=6)))
    world.live_until("2026-09-01T12:00")
    world.expect(*world.unexpected)
    row = world.row("ACME-7 leaving 2026-12-31")
    assert (row.safe_on, row.over_on, row.is_live) == (date(2026, 9, 25), date(2026, 9, 25), True)
    world.live_until("2026-09-26T12:00")
    assert world.unexpected[-1].startswith("2026-09-22 08:30 ")
    world.expect(*world.unexpected)
    assert world.row("ACME-7 leaving 2026-12-31").state == "mooted"


@pytest.mark.parametrize("ends", [EndsAt.ANY_DAY, EndsAt.TERM_END])
def test_where_it_may_end_on_any_day_there_is_no_last_one(world, ends):
    world.agreement(provisions=leaving(ends))
    assert ahead(world) == []
