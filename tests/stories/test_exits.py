"""Leaving: a plan is made, notice is given, the steps become deadlines by themselves, and a late one escalates."""

from dataclasses import replace
from datetime import date

import pytest

from config.checklists import parse_checklists
from engine import operations as ops
from engine.forecasting.forecast import forecast
from engine.operations.exiting import Held
from engine.operations.notice_effect import NoticeFacts
from lifecycle.assets.asset import Asset, AssetKind, Ownership
from lifecycle.errors import LifecycleError
from lifecycle.exits.plan import ExitKind
from store.queries.gaps import Gap, agreements_with
from tests.support.agreements import NEVER, provided

TEMPLATE = """
checklist: small-exit
items:
  - {key: team, name: Name the team, kind: exit-step, due: 3m before exit, takes: 5bd, evidence: Names}
  - {key: handover, name: Hand over, kind: exit-step, due: on exit, takes: 10bd, needs: [team]}
  - {key: deletion, name: Get the certificate, kind: evidence, due: 30d after exit, takes: 5bd, needs: [handover]}
"""
(SMALL,) = parse_checklists([("small.yaml", TEMPLATE)])
SERVED = NoticeFacts(sent_on=date(2026, 10, 5), by="us", method="post")
STARTED = "2026-10-05 09:00 ben olga: ACME-7: exit started"
ANEW = "2026-10-05 09:00 olga: New in your register: ACME-7 notice"  # not said before, as notice had been given


@pytest.fixture
def planned(world):
    """An agreement that ends on 31 January 2027 unless it renews; its plan is made."""
    world.agreement()
    world.travel_to("2026-10-05T09:00")
    world.tick()
    world.do(ops.plan_exit, "ACME-7", SMALL)
    return world


def steps(world):
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find("ACME-7").id)
    return {row.key.subject: (row.state.value, row.safe_on) for row in rows if row.key.subject.startswith("exit.")}


def test_a_notice_starts_the_exit_and_its_steps_become_deadlines_by_themselves(planned):
    planned.expect()
    assert steps(planned) == {}
    planned.do(ops.give_notice, "ACME-7", SERVED)
    assert steps(planned) == {
        "exit.team": ("open", date(2026, 10, 30)),  # the 31st is a Saturday
        "exit.handover": ("open", date(2027, 1, 29)),
        "exit.deletion": ("open", date(2027, 3, 2)),
    }
    planned.tick()
    planned.expect(STARTED)
    said = [one["payload"] for one in planned.events("ExitStarted")]
    assert [(one["because"], one["exit_on"], one["late"]) for one in said] == [("notice was given", "2027-01-31", [])]


def test_a_late_step_escalates_and_a_step_with_evidence_is_over(planned):
    planned.do(ops.give_notice, "ACME-7", SERVED)
    planned.live_until("2026-11-03T09:00")
    planned.expect(
        STARTED,
        "2026-10-16 08:30 ben olga: ACME-7 exit-step -10bd.0",
        "2026-10-20 08:30 ben olga: ACME-7 exit-step -10bd.0.1",
        "2026-10-22 08:30 ben olga: ACME-7 exit-step -10bd.0.2",
        "2026-10-26 08:30 ben olga: ACME-7 exit-step -10bd.0.3",
        "2026-10-28 08:30 ben olga: ACME-7 exit-step -10bd.0.4",
        "2026-10-29 08:30 leo mia olga: ACME-7 exit-step -1bd.0",
        "2026-11-02 08:30 ben mia olga: ACME-7 exit-step +1d.0",
    )
    planned.say(ops.done, "ACME-7 exit-step", evidence="Names in the minutes of 3 November")
    planned.live_until("2026-12-01T09:00")
    planned.expect()
    assert steps(planned)["exit.team"] == ("done", date(2026, 10, 30))


def test_what_is_due_after_the_end_is_still_owed_when_the_agreement_is_over(planned):
    planned.do(ops.give_notice, "ACME-7", SERVED)
    for step in ("exit.team", "exit.handover"):
        with planned.monitor.work() as work:
            (row,) = [one for one in work.milestones.of(planned_id(work)) if one.key.subject == step]
            ops.done(work, row.id, evidence="protocol")
    planned.live_until("2027-02-03T09:00")
    planned.expect(
        STARTED,
        "2027-01-29 08:30 olga: ACME-7 evidence -30d.0",
        "2027-02-01 08:30 olga: ACME-7 evidence -30d.1",
    )
    assert (planned.get().status, steps(planned)["exit.deletion"]) == ("ended", ("open", date(2027, 3, 2)))


def planned_id(work):
    return work.agreements.find("ACME-7").id


def test_a_notice_that_is_taken_back_stops_the_exit_that_it_started(planned):
    planned.do(ops.give_notice, "ACME-7", SERVED)
    planned.tick()
    planned.expect(STARTED)
    planned.do(ops.revoke_notice, "ACME-7", because="we stay")
    assert {state for state, _ in steps(planned).values()} == {"withdrawn"}
    plan = planned.get().exit
    assert (plan.is_started, [one.id for one in plan.steps]) == (False, ["team", "handover", "deletion"])
    planned.tick()
    planned.expect(ANEW)


def test_an_exit_that_is_stopped_before_anybody_heard_of_it_is_told_to_nobody(planned):
    planned.do(ops.give_notice, "ACME-7", SERVED)
    planned.do(ops.revoke_notice, "ACME-7", because="we stay")
    planned.tick()
    planned.expect(ANEW)


def test_an_exit_that_a_person_started_outlives_a_notice_taken_back(planned):
    planned.do(ops.start_exit, "ACME-7", because="the board wants it")
    planned.do(ops.give_notice, "ACME-7", SERVED)
    planned.do(ops.revoke_notice, "ACME-7", because="we stay")
    assert {state for state, _ in steps(planned).values()} == {"open"}
    planned.tick()
    planned.expect(STARTED, ANEW)


def test_termination_at_once_presses_the_steps_together_and_names_what_cannot_be_in_time(planned):
    planned.do(ops.terminate, "ACME-7", last_on=date(2026, 10, 9), because="insolvency")
    plan = planned.get().exit
    assert plan.kind is ExitKind.STRESSED
    assert steps(planned) == {
        "exit.team": ("open", date(2026, 10, 12)),
        "exit.handover": ("open", date(2026, 10, 26)),
        "exit.deletion": ("open", date(2026, 11, 6)),  # the 8th is a Sunday
    }
    (event,) = planned.events("ExitStarted")
    assert event["payload"]["late"] == ["team", "handover"]
    planned.live_until("2026-10-05T09:01")
    assert STARTED in planned.unexpected
    planned.expect(*planned.unexpected)
    (told, *_) = [one for one in planned.mail.sheets.values() if one.heading == "ACME-7: exit started"]
    assert told.text.endswith("Cannot be in time any more: Name the team; Hand over.")


def test_an_exit_day_that_moves_takes_the_steps_with_it(planned):
    planned.do(ops.start_exit, "ACME-7", because="a better offer")
    planned.amend(provisions=provided(end="2027-02-28"))
    assert steps(planned) == {
        "exit.team": ("open", date(2026, 11, 27)),
        "exit.handover": ("open", date(2027, 2, 26)),
        "exit.deletion": ("open", date(2027, 3, 30)),
    }
    planned.tick()
    planned.expect(STARTED, "2026-10-05 09:00 olga: New in your register: ACME-7 notice")


def test_an_exit_day_that_was_planned_gives_way_to_an_earlier_end_and_not_to_an_amendment(planned):
    planned.do(ops.plan_exit, "ACME-7", SMALL, exit_on=date(2027, 5, 31))
    planned.do(ops.give_notice, "ACME-7", SERVED)
    assert steps(planned)["exit.handover"] == ("open", date(2027, 1, 29))
    planned.do(ops.plan_exit, "ACME-7", SMALL, exit_on=date(2027, 4, 30))  # transition services
    planned.amend(note="Transition services until the end of April")
    assert steps(planned)["exit.handover"] == ("open", date(2027, 4, 30))
    planned.tick()
    planned.expect(STARTED)


def test_assets_and_disclosures_become_steps_also_those_that_came_after_the_plan(planned):
    with planned.monitor.work() as work:
        covering = (planned_id(work),)
        for name, ownership in (("Robot code", Ownership.US), ("Their tool", Ownership.THEM), ("Mix", Ownership.JOINT)):
            ops.add_asset(
                work,
                Asset(id="", name=name, kind=AssetKind.SOURCE_CODE, ownership=ownership, agreements=covering,
                      holders=("Acme Labs",)),
            )  # fmt: skip
    planned.do(ops.disclose, given_on=date(2026, 9, 1), what="Price list", to="Acme Labs")
    planned.do(ops.start_exit, "ACME-7", because="a better offer")
    assert {one.name for one in planned.get().exit.steps[3:]} == {
        "Get it back from Acme Labs: Robot code",
        "Give it back, or agree to go on using it: Their tool",
        "Settle who may use it from now on: Mix",
        "Have it returned or destroyed by Acme Labs: Price list",
    }
    assert len(steps(planned)) == 7
    planned.tick()
    planned.expect(STARTED)


def test_a_test_at_the_table_is_a_deadline_until_it_was_held(planned):
    planned.do(ops.plan_test, due_on=date(2026, 12, 1))
    assert (planned.row("ACME-7 exit-test").state, planned.row("ACME-7 exit-test").safe_on) == (
        "open",
        date(2026, 12, 1),
    )
    planned.do(ops.plan_test, due_on=date(2027, 1, 15))
    planned.travel_to("2026-10-06T09:00")
    planned.do(ops.record_test, "ACME-7", Held(on=date(2026, 10, 6), is_passed=True, result="It holds"))
    row = planned.row("ACME-7 exit-test 1")
    assert shown(planned) == {"exit-test.t1": ("done", "passed: It holds"), "exit-test.t2": ("open", None)}
    first, second = planned.get().exit.tests
    assert (first.held_on, first.is_passed, second.held_on) == (date(2026, 10, 6), True, None)
    assert planned.get().audit_findings == ()
    assert row.is_live


FAILED = Held(on=date(2026, 10, 6), is_passed=False, result="No key to the escrow")


def shown(world):
    with world.monitor.look() as work:
        rows = work.milestones.of(work.agreements.find("ACME-7").id)
    return {
        row.key.subject: (row.state.value, row.outcome and row.outcome.evidence)
        for row in rows
        if row.key.kind == "exit-test"
    }


def test_a_plan_that_did_not_hold_is_a_finding_with_an_owner_and_a_day_and_is_tested_again(planned):
    planned.do(ops.plan_test, due_on=date(2026, 12, 1))
    planned.travel_to("2026-10-06T09:00")
    with pytest.raises(LifecycleError, match="nobody knows by when"):
        planned.do(ops.record_test, "ACME-7", FAILED)
    told = replace(FAILED, remedy_by_on=date(2026, 11, 6), retest_by_on=date(2026, 11, 27))
    planned.do(ops.record_test, "ACME-7", told)
    assert shown(planned) == {
        "exit-test.t1": ("done", "not passed: No key to the escrow"),
        "exit-test.t2": ("open", None),
    }
    row = planned.row("ACME-7 finding")
    assert (row.state, row.safe_on, row.owner_id) == ("open", date(2026, 11, 6), None)
    (finding,) = planned.get().audit_findings
    assert (finding.text, finding.severity) == ("The exit test of 6 Oct 2026 failed: No key to the escrow", "high")
    said = [one["type"] for one in planned.events("ExitTested", "AuditFindingRecorded", "ExitTestPlanned")]
    assert said == ["ExitTestPlanned", "ExitTested", "AuditFindingRecorded", "ExitTestPlanned"]
    planned.live_until("2026-11-09T09:00")
    assert "2026-11-09 08:30 ben mia olga: ACME-7 finding +1d.0" in planned.unexpected
    planned.expect(*planned.unexpected)


def test_a_test_is_not_done_until_it_is_said_what_it_has_shown(planned):
    planned.do(ops.plan_test, due_on=date(2026, 12, 1))
    planned.travel_to("2026-10-06T09:00")
    with pytest.raises(ops.AnswerRefused, match="what it has shown"):
        planned.say(ops.done, "ACME-7 exit-test", evidence="The minutes")
    with pytest.raises(ops.AnswerRefused, match="nobody knows by when"):
        planned.say(ops.done, "ACME-7 exit-test", evidence="The minutes", result=ops.Result(is_passed=False))
    gaps = ops.Result(is_passed=False, remedy_by_on=date(2026, 11, 6))
    answered = planned.say(ops.done, "ACME-7 exit-test", evidence="No key to the escrow", result=gaps)
    assert answered.said == "Done. What it has shown is a finding: to remedy it is a deadline now."
    (test,) = planned.get().exit.tests
    assert (test.held_on, test.is_passed) == (date(2026, 10, 6), False)
    assert planned.row("ACME-7 finding").safe_on == date(2026, 11, 6)
    with pytest.raises(ops.AnswerRefused, match="Only an audit or a test"):
        planned.say(ops.done, "ACME-7 finding", evidence="Keys came", result=ops.Result(is_passed=True))


def test_the_start_of_an_exit_follows_its_plan_and_is_done_when_it_starts(planned):
    row = planned.row("ACME-7 exit-start")
    assert (row.safe_on, row.state) == (date(2026, 10, 26), "open")
    planned.do(ops.start_exit, "ACME-7", because="a better offer")
    assert planned.row("ACME-7 exit-start 0").state == "done"
    planned.tick()
    planned.expect(STARTED)


def test_an_agreement_that_expires_starts_its_exit_and_a_forecast_knows_it(world):
    world.agreement(provisions=provided(end="2027-01-29", renewal=NEVER))
    world.travel_to("2027-01-28T09:00")
    world.do(ops.plan_exit, "ACME-7", SMALL)
    with world.monitor.look() as work:
        told = forecast(work, date(2027, 2, 28))
    said = {one.subject.rpartition("] ")[2] for one in told.items}
    assert said >= {"ACME-7: exit started", "Acme Labs: complete the exit step “Name the team”"}
    world.live_until("2027-02-01T09:00")
    assert world.get().exit.because == "it expired"
    said = [line for line in world.unexpected if "exit started" in line]
    assert said == ["2027-01-30 08:30 ben olga: ACME-7: exit started"]
    world.expect(*world.unexpected)


def test_critical_is_critical_however_the_tag_is_written(world):
    world.agreement("ACME-8", tags=("cloud", "Critical"))
    world.agreement("ACME-9", tags=("uncritical",))
    with world.monitor.look() as work:
        assert [one.reference for one in agreements_with(work, Gap.NO_EXIT_PLAN, None, limit=9)] == ["ACME-8"]
