"""What time alone brings about: terms begin, renew and end, markers pass, the horizon moves on."""

from collections import Counter
from datetime import date, time, timedelta

import pytest

from config.checklists import parse_checklists
from engine import operations as ops
from lifecycle.days.dates import Period
from store.queries.reports import Span, undecided
from tests.support.agreements import AUTOMATIC, BY_OPTION, NEVER, every
from tests.support.world import living


def test_a_renewal_marker_passes_on_its_day_and_nags_nobody(world):
    world.agreement(notice_days=0)
    renewal = world.row("ACME-7 renewal 1")
    world.live_until("2027-02-01T12:00")
    assert world.row("ACME-7 renewal 1").state == "open"
    world.live_until("2027-02-02T12:00")
    assert (world.row("ACME-7 renewal 1").id, world.row("ACME-7 renewal 1").state) == (renewal.id, "passed")
    world.expect()


def test_what_comes_into_force_was_pending_and_its_marker_passes(world):
    world.agreement(effective_on="2026-03-01", signed_on="2026-01-04", notice_days=0, renewal=NEVER)
    assert world.get().status == "pending"
    world.live_until("2026-03-02T12:00")
    assert world.get().status == "in_force"
    assert world.row("ACME-7 effective").state == "passed"
    world.expect()


def test_an_option_that_nobody_exercises_lapses_and_the_agreement_ends(world):
    world.agreement("OPT-1", end="2026-06-30", renewal=BY_OPTION)
    world.live_until("2026-05-01T12:00")
    world.expect(*world.unexpected)
    world.live_until("2026-07-02T09:00")
    assert world.unexpected[0] == "2026-05-04 08:30 ben mia olga: OPT-1 option +1d.0"
    assert world.unexpected[-1] == "2026-07-01 08:30 ada ben leo mia olga: OPT-1: lapsed without decision"
    world.expect(*world.unexpected)
    assert (world.get("OPT-1").status, world.row("OPT-1 option").state) == ("ended", "mooted")


@pytest.mark.parametrize(
    ("renewal", "choice", "what"), [(BY_OPTION, "renew", "lapsed"), (AUTOMATIC, "stop-renewal", "renewed")]
)
def test_a_term_that_goes_by_against_what_was_decided_is_said_to_all_who_answer_for_it(world, renewal, choice, what):
    world.agreement("OPT-1", end="2026-06-30", renewal=renewal)
    world.live_until("2026-04-01T12:00")
    world.say(ops.decide, "OPT-1 option" if what == "lapsed" else "OPT-1 notice", choice=choice)
    world.live_until("2026-06-30T12:00")
    world.expect(*world.unexpected)
    world.live_until("2026-07-01T09:00")
    (line,) = [one for one in world.unexpected if "against" in one]
    assert line == f"2026-07-01 08:30 ada ben leo mia olga: OPT-1: {what} against decision"
    (sheet,) = {one.text for one in world.mail.sheets.values() if "against" in one.heading}
    said, _, whose = sheet.partition("\n\n")
    assert whose == "OPT-1 is the NDA with Acme Labs. Its owner is Olga."
    assert said.partition(" The next")[0] == (
        f"OPT-1 {what} although “{choice}” was decided on 1 Apr 2026, and never done: "
        "its last safe day was 30 Apr 2026, its term ended on 30 Jun 2026."
    )
    with world.monitor.look() as work:
        (listed,) = undecided(work, None, Span(work.now - timedelta(days=1), work.now + timedelta(days=1)))
    assert (listed.renewed, listed.is_open, listed.agreement.reference) == (what == "renewed", True, "OPT-1")
    world.expect(*world.unexpected)


def test_what_outlives_an_agreement_keeps_it_surviving_until_it_is_over(world):
    world.agreement(end="2026-03-31", renewal=NEVER, survival=6)
    world.live_until("2026-03-31T23:00")
    assert world.get().status == "in_force"
    world.live_until("2026-04-01T00:00")
    assert world.get().status == "surviving"
    world.live_until("2026-09-30T23:00")
    assert world.get().status == "surviving"
    world.live_until("2026-10-01T00:00")
    assert world.get().status == "ended"
    world.expect()
    assert [one["type"] for one in world.events("TermExpired", "SurvivalEnded")] == ["TermExpired", "SurvivalEnded"]


def test_a_duty_that_binds_until_the_last_day_of_a_longer_month_ends_the_day_after(world):
    """Six months from 28 February end on 28 August, or on the last day of that month: until then it may bind."""
    world.agreement(end="2026-02-28", renewal=NEVER, survival=6)
    world.live_until("2026-08-31T23:00")
    assert (world.row("ACME-7 survival-end").state, world.get().status) == ("passed", "surviving")
    world.live_until("2026-09-01T00:00")
    assert world.get().status == "ended"
    world.expect()


def test_what_is_signed_is_read_again_as_often_as_was_asked(world):
    world.agreement("DRAFT-1", signed_on=None, effective_on=None, end="36 months")
    world.do(ops.sign, "DRAFT-1", on=date(2026, 1, 5), review_every=Period(months=6))
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find("DRAFT-1").id)
    assert [str(row.nominal_on) for row in rows if row.key.kind == "review"][:2] == ["2026-07-05", "2027-01-05"]


def test_what_is_recorded_as_signed_after_its_last_day_is_over_at_once(world):
    world.agreement("OLD-1", signed_on=None, effective_on=None, end="6 months", renewal=NEVER, survival=12)
    world.live_until("2026-09-01T09:00")
    world.do(ops.sign, "OLD-1", on=date(2026, 1, 5))
    assert world.get("OLD-1").status == "surviving"
    world.expect()


def test_what_is_counted_from_an_effective_day_that_nobody_knows_is_counted_from_the_signing(world):
    text = "checklist: welcome\nitems: [{key: brief, name: Brief the team, kind: training, due: 2w after effective}]"
    (welcome,) = parse_checklists([("w.yaml", text)])
    world.agreement(effective_on=None, signed_on="2026-01-05", assumed=("effective_on",))
    world.do(ops.lay_checklist, "ACME-7", welcome, date(2026, 1, 5))
    assert world.row("ACME-7 training").safe_on == date(2026, 1, 19)


def test_a_signature_is_awaited_until_it_is_there(world):
    world.agreement("DRAFT-1", signed_on=None, effective_on=None, signature_requested_on="2026-01-05")
    assert world.row("DRAFT-1 signature").safe_on == date(2026, 1, 19)
    world.live_until("2026-01-21T09:00")
    world.expect(
        "2026-01-09 08:30 olga: DRAFT-1 signature -10d.0",
        "2026-01-12 08:30 olga: DRAFT-1 signature -10d.1",
        "2026-01-14 08:30 ben: DRAFT-1 signature -10d.2",
        "2026-01-16 08:30 ben olga: DRAFT-1 signature -3d.0",
        "2026-01-19 08:30 mia: DRAFT-1 signature -3d.1",
        "2026-01-20 08:30 ben mia olga: DRAFT-1 signature +1d.0",
    )
    world.do(ops.sign, "DRAFT-1", on=date(2026, 1, 21))
    world.live_until("2026-03-01T09:00")
    world.expect()
    assert world.get("DRAFT-1").status == "in_force"
    assert world.row("DRAFT-1 signature").state == "done"


def test_a_quarterly_duty_comes_back_for_two_years_each_time_with_its_ladder(world):
    world.agreement(notice_days=0, obligations=(every("review", "Quarterly review", 3, since="2025-11-10", id="o1"),))
    done = []
    for _ in range(8):
        row = world.row("ACME-7 review")
        world.live_until(f"{row.safe_on}T12:00")
        world.say(ops.done, "ACME-7 review", evidence="minutes")
        done.append((row.key.cycle, row.safe_on.isoformat()))
    assert done == [
        ("1", "2026-02-10"),
        ("2", "2026-05-08"),  # 10 May is a Sunday
        ("3", "2026-08-10"),
        ("4", "2026-11-10"),
        ("5", "2027-02-10"),
        ("6", "2027-05-10"),
        ("7", "2027-08-10"),
        ("8", "2027-11-10"),
    ]
    steps = Counter(line.partition(": ")[2] for line in world.unexpected if "-30d" in line or "-7d" in line)
    assert steps == {f"ACME-7 review {place}": 8 for place in ("-30d.0", "-30d.1", "-30d.2", "-7d.0", "-7d.1")}
    world.expect(*world.unexpected)


def test_a_term_from_29_february_ends_with_the_february_of_each_year(world):
    world.agreement(effective_on="2024-02-29", end="12 months", notice_days=0)
    world.live_until("2028-03-01T12:00")
    renewed = [(one["payload"]["first_on"], one["payload"]["last_on"]) for one in world.events("TermRenewed")]
    assert renewed[:3] == [("2026-03-01", "2027-02-28"), ("2027-03-01", "2028-02-28"), ("2028-02-29", "2029-02-28")]
    world.expect()


def test_the_hour_on_the_wall_is_kept_when_the_clocks_change(world):
    """The clocks of Berlin are put forward on 29 March 2026, between two steps of one stage."""
    world.agreement(end="2026-06-26")
    world.live_until("2026-04-09T12:00")
    world.expect(
        "2026-02-02 08:30 olga: Your deadlines ahead: ACME-7 notice",
        "2026-03-27 08:30 olga: ACME-7 notice -30d.0",
        "2026-04-01 08:30 ben: ACME-7 notice -30d.1",
        "2026-04-08 08:30 mia: ACME-7 notice -30d.2",
    )
    assert [one.at.strftime("%H:%M") for one in world.mail.taken] == ["07:30", "07:30", "06:30", "06:30"]


def test_a_deadline_on_the_last_day_of_the_year_is_asked_about_in_the_next(world):
    world.agreement(end="2027-03-01", backup=None)
    assert world.row("ACME-7 notice").safe_on == date(2026, 12, 31)
    world.live_until("2026-12-30T12:00")
    world.expect(*world.unexpected)
    world.live_until("2027-01-07T12:00")
    world.expect(
        "2027-01-04 08:30 mia olga: ACME-7 notice +1d.0",
        "2027-01-06 08:30 mia olga: ACME-7 notice +1d.0.1",
    )


def test_a_stage_that_falls_on_a_holiday_stands_before_it(world):
    """1 May 2026 is a holiday; its stage stands on the Thursday before, and business days are counted from there."""
    world.agreement(end="2026-07-07", backup=None)
    assert world.row("ACME-7 notice").safe_on == date(2026, 5, 8)
    world.live_until("2026-04-29T09:00")
    world.expect(*world.unexpected)
    world.live_until("2026-05-06T09:00")
    world.expect("2026-04-30 08:30 olga: ACME-7 notice -7d.0", "2026-05-05 08:30 leo: ACME-7 notice -7d.1")


def test_an_hour_that_the_clocks_leave_out_is_told_as_if_they_had_not_been_put_forward():
    """On 29 March 2026 there is no half past two in Berlin, and on 25 October there are two: the first counts."""
    with living(send_at=time(2, 30)) as world:
        world.staff()
        world.playbooks("""{playbook: nights, priority: 9, match: {kind: [NDA]}, ladder: [
          {at: -30d, urgency: critical, steps: [{ask: owner}]}, {at: +1d, steps: [{ask: owner}]}]}""")
        world.agreement("SPRING-1", end="2026-06-27", backup=None, calendar="EVERY_DAY")
        world.agreement("AUTUMN-1", end="2027-01-23", backup=None, calendar="EVERY_DAY")
        world.live_until("2026-04-01T09:00")
        world.live_until("2026-10-26T09:00")
        at = [one.at.isoformat() for one in world.mail.taken]
        world.expect(*world.unexpected)
        assert "2026-03-29T01:30:00+00:00" in at
        assert "2026-10-25T00:30:00+00:00" in at


def test_a_day_that_there_is_every_four_years_is_a_day_like_any_other():
    """The last safe day of LEAP-1 is 29 February 2028; for LEAP-2 it is thirty days before the last safe day."""
    with living("2028-01-24T09:00") as world:
        world.staff()
        for reference, end, safe_on in (("LEAP-1", "2028-04-29", "2028-02-29"), ("LEAP-2", "2028-05-29", "2028-03-30")):
            world.agreement(reference, end=end)
            assert world.row(f"{reference} notice").safe_on == date.fromisoformat(safe_on)
        world.live_until("2028-03-01T12:00")
        world.expect(
            "2028-01-24 09:00 olga: New in your register: LEAP-1 notice, LEAP-2 notice",
            "2028-01-28 08:30 olga: LEAP-1 notice -30d.0",
            "2028-02-02 08:30 ben: LEAP-1 notice -30d.1",
            "2028-02-07 08:30 mia: LEAP-1 notice -30d.2",
            "2028-02-22 08:30 ben olga: LEAP-1 notice -7d.0",
            "2028-02-24 08:30 leo: LEAP-1 notice -7d.1",
            "2028-02-29 08:30 olga: LEAP-2 notice -30d.0",
            "2028-03-01 08:30 ben mia olga: LEAP-1 notice +1d.0",
        )
