"""What is due, what is passed over, when to look again."""

from dataclasses import replace
from datetime import date, timedelta

from lifecycle.audience import BACKUP, MANAGER, OWNER
from lifecycle.days.calendars import SAT_SUN
from lifecycle.milestones.milestone import Answer, Cursor, Decision, MilestoneKind, MilestoneState
from lifecycle.playbooks.due import Look, hurried, next_look, next_step, quiet_until, required, snooze_limit
from lifecycle.playbooks.frame import Frame
from lifecycle.playbooks.ladder import ladder
from lifecycle.playbooks.matching import Match
from lifecycle.playbooks.playbook import Repeat, Require, Step
from tests.support.ladders import BERLIN, LEGAL, NDA, milestone, playbook, stage, utc

FRAME = Frame(NDA, SAT_SUN, BERLIN)


def at(stage_key, step=0, repeat=0, **fields):
    return milestone(cursor=Cursor(stage_key, step, repeat), **fields)


def test_nothing_is_due_a_second_before_the_first_step():
    assert next_step(milestone(), FRAME, utc("2026-09-02T06:29:59")) is None


def test_the_first_step_is_due_at_its_instant_and_says_when_to_look_again():
    due = next_step(milestone(), FRAME, utc("2026-09-02T06:30"))
    assert (due.step.place, due.audience, due.skipped, due.is_late) == ("-90d.0.0", (OWNER,), 0, False)
    assert due.then_at == utc("2026-10-30T07:30")


def test_after_a_downtime_only_the_latest_step_is_raised_to_all_whom_the_others_ask():
    due = next_step(milestone(), FRAME, utc("2026-11-09T09:00"))
    assert (due.step.place, due.audience) == ("-30d.2.0", (OWNER, BACKUP, MANAGER))
    assert (due.skipped, due.is_late, due.then_at) == (3, True, utc("2026-11-24T07:30"))


def test_up_to_an_hour_after_its_instant_a_step_is_not_late():
    hour, more = utc("2026-10-30T08:30"), utc("2026-10-30T08:31")
    assert [next_step(at("-90d"), FRAME, now).is_late for now in (hour, more)] == [False, True]


def test_on_the_day_of_its_birth_nothing_is_late():
    born = milestone(armed_on=date(2026, 11, 28))
    assert next_step(born, FRAME, utc("2026-11-28T15:00")).is_late is False
    assert next_step(born, FRAME, utc("2026-11-29T15:00")).is_late is True


def test_what_was_raised_for_the_same_day_before_is_not_said_again():
    born = milestone(armed_on=date(2026, 11, 5))
    raised = {Cursor("-30d", 0, 0)}
    assert next_step(born, FRAME, utc("2026-11-05T09:00"), raised=raised) is None
    look = next_look(born, FRAME, utc("2026-11-05T09:00"), raised=raised)
    assert (look.step.place, look.at) == ("-30d.1.0", utc("2026-11-10T07:30"))


def test_the_next_look_is_read_from_the_ladder_whatever_the_time_is():
    early, late = utc("2026-02-01T00:00"), utc("2026-11-30T00:00")
    assert [next_look(at("-90d"), FRAME, now).at for now in (early, late)] == [utc("2026-10-30T07:30")] * 2


def test_an_acknowledgement_is_quiet_until_the_next_stage_begins():
    acknowledged = replace(at("-30d"), state=MilestoneState.ACKNOWLEDGED)
    until = quiet_until(acknowledged, FRAME, utc("2026-11-02T10:00"))
    assert (until.at, until.step.place) == (utc("2026-11-24T07:30"), "-7d.0.0")
    assert next_step(acknowledged, FRAME, utc("2026-11-20T10:00")) is None
    due = next_step(acknowledged, FRAME, utc("2026-11-24T07:30"))
    assert (due.step.place, due.audience, due.skipped) == ("-7d.0.0", (OWNER, BACKUP), 0)


def test_an_acknowledgement_that_is_taken_back_leaves_the_escalations_where_they_were():
    undone = replace(at("-30d"), state=MilestoneState.OPEN)
    assert next_look(undone, FRAME, utc("2026-11-02T12:00")).step.place == "-30d.1.0"


def test_an_acknowledgement_in_the_last_stage_ends_when_it_is_asked_again():
    assert quiet_until(at("+1d", 0, 2), FRAME, utc("2026-12-08T10:00")).step.place == "+1d.0.6"
    assert quiet_until(at("+1d", 0, 7), FRAME, utc("2026-12-30T10:00")).step.place == "+1d.0.8"


def test_an_acknowledgement_before_the_first_stage_lasts_until_it_begins():
    assert quiet_until(milestone(), FRAME, utc("2026-03-01T00:00")).step.place == "-90d.0.0"


def test_after_a_snooze_the_steps_that_fell_into_it_are_raised_as_one():
    snoozed = replace(at("-30d"), state=MilestoneState.SNOOZED, next_step_at=utc("2026-11-20T07:30"))
    due = next_step(snoozed, FRAME, utc("2026-11-20T07:30"))
    assert (due.step.place, due.audience, due.skipped) == ("-30d.2.0", (BACKUP, MANAGER), 1)


def test_the_end_of_a_snooze_into_which_nothing_fell_brings_nothing_forward():
    snoozed = replace(at("-30d"), state=MilestoneState.SNOOZED, next_step_at=utc("2026-11-03T07:30"))
    assert next_step(snoozed, FRAME, utc("2026-11-03T07:30")) is None


def test_a_snooze_ends_within_thirty_days_and_a_business_day_before_the_day():
    assert snooze_limit(milestone(), FRAME, utc("2026-09-02T10:00")) == utc("2026-10-02T06:30")
    assert snooze_limit(milestone(), FRAME, utc("2026-11-20T10:00")) == utc("2026-11-30T07:30")
    assert snooze_limit(milestone(), FRAME, utc("2026-11-30T07:30")) is None


def test_thirty_days_of_snooze_are_counted_in_the_zone_of_the_agreement():
    assert snooze_limit(milestone(), FRAME, utc("2026-09-01T23:30")) == utc("2026-10-02T06:30")


def test_a_step_that_reached_nobody_brings_the_next_of_its_stage_to_now():
    hurrying = replace(at("-30d"), next_step_at=utc("2026-10-30T07:31"))
    assert hurried(hurrying, FRAME).place == "-30d.1.0"
    due = next_step(hurrying, FRAME, utc("2026-10-30T07:31"))
    assert (due.step.place, due.skipped, due.is_late) == ("-30d.1.0", 0, False)
    assert due.then_at == utc("2026-11-09T07:30")


def test_neither_another_stage_nor_a_repeat_is_brought_to_now():
    early = {"next_step_at": utc("2026-11-10T00:00")}
    assert next_step(replace(at("-30d", 2), **early), FRAME, utc("2026-11-10T00:00")) is None
    assert hurried(at("+1d"), FRAME) is None


def test_what_a_stage_requires_quiets_it():
    assert required(milestone(), FRAME) is Require.ACKNOWLEDGEMENT
    assert required(at("-30d"), FRAME) is Require.ACKNOWLEDGEMENT
    assert required(at("-7d"), FRAME) is Require.DECISION
    assert required(at("+1d", 0, 9), FRAME) is Require.OUTCOME


def test_a_decision_that_was_made_is_not_required_again():
    decision = Decision(choice="stop-renewal", by="olga", at=utc("2026-11-02T10:00"))
    assert required(at("-7d", decision=decision), FRAME) is Require.ACKNOWLEDGEMENT
    assert required(at("+1d", decision=decision), FRAME) is Require.OUTCOME


def test_less_than_required_does_not_quiet():
    assert [Require.DECISION.is_met_by(act) for act in Require] == [False, True, True]
    assert [Require.OUTCOME.is_met_by(act) for act in Require] == [False, False, True]
    assert all(Require.ACKNOWLEDGEMENT.is_met_by(act) for act in Require)


def test_a_deadline_whose_subject_is_over_is_looked_at_the_day_after():
    over = at("+1d", 0, 7, over_on=date(2026, 12, 31))
    now = utc("2026-12-30T08:00")
    assert next_look(over, FRAME, now) == Look(utc("2027-01-01T07:30"), None)


def test_a_deadline_of_which_nothing_is_said_is_still_looked_at():
    old = milestone(armed_on=date(2027, 6, 1))
    now = utc("2027-06-01T10:00")
    assert next_step(old, FRAME, now) is None
    assert next_look(old, FRAME, now) == Look(now + timedelta(days=365), None)


def test_a_marker_that_has_said_all_is_not_looked_at_again():
    marker = milestone(kind=MilestoneKind.TERM_END, target_on="2026-12-01", cursor=Cursor("-10d", 0, 0))
    named = playbook(stage("-10d"), match=Match(milestone=frozenset({MilestoneKind.TERM_END})))
    assert next_look(marker, Frame(named, SAT_SUN, BERLIN), utc("2026-11-25T00:00")) is None


def test_two_steps_pulled_to_one_instant_are_one_message_to_both():
    crowded = playbook(stage("-10d", Step((OWNER,)), Step((BACKUP,), 9)), stage("-5d", Step((LEGAL,))))
    due = next_step(at("-10d"), Frame(crowded, SAT_SUN, BERLIN), utc("2026-11-26T07:30"))
    assert (due.step.place, due.audience, due.skipped) == ("-5d.0.0", (BACKUP, LEGAL), 1)


def test_raising_step_by_step_takes_the_whole_ladder_once():
    crowded = playbook(stage("-10d", Step((OWNER,), repeat=Repeat(1, 20))), stage("-5d"), stage("+2bd"))
    frame, subject, places = Frame(crowded, SAT_SUN, BERLIN), milestone(), []
    look = next_look(subject, frame, utc("2026-01-05T00:00"))
    while look and not look.step.is_final:
        due = next_step(subject, frame, look.at)
        places.append(due.step.place)
        subject = replace(subject, cursor=due.step.cursor)
        look = next_look(subject, frame, look.at)
        assert look.at == due.then_at
    whole = ladder(subject, crowded, SAT_SUN, BERLIN)
    assert places == [
        one.place for one, later in zip(whole, (*whole[1:], None), strict=True) if not later or one.at < later.at
    ]


def taken(said_at, **fields):
    return at("-7d", acknowledged=Answer("olga@example.com", utc(said_at)), **fields)


def test_who_took_a_deadline_is_asked_on_the_last_two_business_days():
    assert [(step.place, step.on, step.require) for step in ladder(taken("2026-11-24T09:00"), NDA, SAT_SUN, BERLIN)][
        -9:-6
    ] == [
        ("-7d.1.0", date(2026, 11, 26), Require.DECISION),
        ("-1bd.0.0", date(2026, 11, 30), Require.OUTCOME),
        ("-1bd.1.0", date(2026, 12, 1), Require.OUTCOME),
    ]
    assert quiet_until(taken("2026-11-24T09:00"), FRAME, utc("2026-11-24T09:00")).at == utc("2026-11-30T07:30")


def test_who_answers_on_the_day_of_a_last_call_is_asked_on_the_next():
    for said_at in ("2026-11-30T06:00", "2026-11-30T15:00"):
        assert quiet_until(taken(said_at), FRAME, utc(said_at)).at == utc("2026-12-01T07:30")
    assert quiet_until(taken("2026-12-01T06:00"), FRAME, utc("2026-12-01T06:00")).step.place == "+1d.0.0"


def test_where_the_last_stage_asks_for_an_outcome_or_so_late_there_is_no_last_call():
    for last in (stage("-3bd", require=Require.OUTCOME), stage("-1d"), stage("0d"), stage("-1bd")):
        book = playbook(stage("-90d"), last)
        places = [step.place for step in ladder(taken("2026-11-24T09:00"), book, SAT_SUN, BERLIN)]
        assert places == ["-90d.0.0", f"{last.key}.0.0", "+1d.0.0"]


def test_nobody_is_called_at_last_about_a_deadline_that_nobody_took():
    assert "-1bd" not in {step.stage for step in ladder(milestone(), NDA, SAT_SUN, BERLIN)}
