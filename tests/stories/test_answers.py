"""What people answer, and what becomes of the reminders."""

from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from engine.operations.answering import AnswerRefused, Verdict
from tests.support.world import checked, staffed

UNANSWERED = (
    "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
    "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
    "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
    "2026-11-27 08:30 leo: ACME-7 notice -7d.1",
)


def test_an_acknowledgement_holds_until_the_next_stage(told):
    answer = told.say(ops.acknowledge, "ACME-7 notice")
    assert (answer.result, answer.said) == (
        Verdict.APPLIED,
        "Quiet until Wed 25 Nov 2026 08:30 Europe/Berlin; still open.",
    )
    told.live_until("2026-11-25T09:00")
    told.expect("2026-11-25 08:30 ben olga: ACME-7 notice -7d.0")
    assert told.row("ACME-7 notice").state == "open"


def test_an_acknowledgement_before_the_house_has_looked_says_that_a_reminder_still_comes(told):
    """A command line on a register where nothing was scheduled since yesterday."""
    told.travel_to("2026-11-26T09:00")
    answer = told.say(ops.acknowledge, "ACME-7 notice")
    assert answer.said == (
        "You have it. The reminder planned for Wed 25 Nov 2026 08:30 Europe/Berlin has not left yet and still comes: "
        "answer that one too. Still open."
    )
    told.tick()
    told.expect("2026-11-26 09:00 ben olga: ACME-7 notice -7d.0 late, 0 skipped")
    assert "Quiet until" in told.say(ops.acknowledge, "ACME-7 notice").said


def test_after_the_last_safe_day_an_acknowledgement_is_only_noted(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-11-25T09:00")
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-12-03T09:00")
    answer = told.say(ops.acknowledge, "ACME-7 notice", by="ben")
    assert (answer.result, answer.said) == (Verdict.NOTED, "Noted. This stage asks for an outcome: still open.")
    told.live_until("2026-12-08T09:00")
    told.expect(
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
        "2026-12-01 08:30 ben olga: ACME-7 notice -1bd.0",
        "2026-12-02 08:30 ben mia olga: ACME-7 notice -1bd.1",
        "2026-12-03 08:30 ben mia olga: ACME-7 notice +1d.0",
        "2026-12-07 08:30 ben mia olga: ACME-7 notice +1d.0.1",
    )


def test_whoever_took_a_deadline_is_called_before_its_last_safe_day(told):
    told.live_until("2026-11-28T09:00")
    told.expect(*UNANSWERED)
    answer = told.say(ops.acknowledge, "ACME-7 notice")
    assert answer.said == "Quiet until Tue 1 Dec 2026 08:30 Europe/Berlin; still open."
    told.live_until("2026-12-01T09:00")
    told.expect("2026-12-01 08:30 ben olga: ACME-7 notice -1bd.0")
    answer = told.say(ops.acknowledge, "ACME-7 notice")
    assert (answer.result, answer.said) == (Verdict.NOTED, "Noted. This stage asks for an outcome: still open.")
    told.live_until("2026-12-02T09:00")
    told.expect("2026-12-02 08:30 ben mia olga: ACME-7 notice -1bd.1")
    told.say(ops.done, "ACME-7 notice", evidence="registered letter")
    told.live_until("2026-12-20T09:00")
    told.expect()


def test_a_deadline_that_was_taken_and_done_hears_no_last_call(told):
    told.live_until("2026-11-28T09:00")
    told.expect(*UNANSWERED)
    told.say(ops.acknowledge, "ACME-7 notice")
    told.say(ops.done, "ACME-7 notice", evidence="registered letter")
    told.live_until("2026-12-20T09:00")
    told.expect()


def test_an_acknowledgement_that_is_taken_back_takes_its_last_call_with_it(told):
    told.live_until("2026-11-28T09:00")
    told.expect(*UNANSWERED)
    told.say(ops.acknowledge, "ACME-7 notice")
    told.say(ops.undo, "ACME-7 notice")
    told.live_until("2026-12-03T09:00")
    told.expect("2026-12-03 08:30 ben mia olga: ACME-7 notice +1d.0")


def test_acknowledging_twice_is_once(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    again = told.say(ops.acknowledge, "ACME-7 notice", by="ben")
    assert (again.result, again.said) == (Verdict.ALREADY, "olga@example.com has it already.")
    assert len(told.events("MilestoneAcknowledged")) == 1


def test_an_acknowledgement_that_is_taken_back_lets_the_ladder_go_on(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.say(ops.undo, "ACME-7 notice")
    told.live_until("2026-11-05T09:00")
    told.expect("2026-11-05 08:30 ben: ACME-7 notice -30d.1")


def test_a_snooze_ends_before_the_last_safe_day_and_all_who_were_passed_over_are_told(told):
    with pytest.raises(AnswerRefused) as refused:
        told.say(ops.snooze, "ACME-7 notice", until=date(2026, 12, 2))
    assert refused.value.remedy == "The latest day allowed is Tue 1 Dec 2026 08:30 Europe/Berlin."
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 12, 1))
    told.live_until("2026-12-01T09:00")
    told.expect("2026-12-01 08:30 ben leo mia olga: ACME-7 notice -1bd.0")
    assert texts(told)[-4:] == ["olga@example.com had put it off on Mon 2 Nov 2026."] * 4


def test_what_comes_late_says_who_put_it_off_until_something_was_said_since(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 6))
    told.live_until("2026-11-06T09:00")
    told.expect(
        "2026-11-06 08:30 ben: ACME-7 notice -30d.1 late, 0 skipped",
        "2026-11-06 08:30 olga: ACME-7 notice was put off until now",
    )
    assert sorted(texts(told)[-2:]) == ["", "olga@example.com had put it off on Mon 2 Nov 2026."]
    told.travel_to("2026-11-12T10:00")
    told.tick()
    told.expect("2026-11-12 10:00 mia: ACME-7 notice -30d.2 late, 0 skipped")
    assert texts(told)[-1] == ""


def texts(world):
    return [world.mail.sheets[one.delivery_id].text for one in world.mail.taken]


def test_whoever_put_a_deadline_off_hears_on_the_day_that_they_named(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 4), by="ben")
    told.live_until("2026-11-04T09:00")
    told.expect("2026-11-04 08:30 ben: ACME-7 notice was put off until now")
    assert told.row("ACME-7 notice").state == "open"
    told.live_until("2026-11-05T09:00")
    told.expect("2026-11-05 08:30 ben: ACME-7 notice -30d.1")


def test_who_put_a_deadline_off_hears_of_it_also_where_the_ladder_asks_somebody_else_that_day(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 5))
    told.live_until("2026-11-05T09:00")
    told.expect(
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-05 08:30 olga: ACME-7 notice was put off until now",
    )


def test_whom_the_ladder_asks_as_their_snooze_ends_is_told_once(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 5), by="ben")
    told.live_until("2026-11-05T09:00")
    told.expect("2026-11-05 08:30 ben: ACME-7 notice -30d.1")


def test_the_owner_hears_where_whoever_put_a_deadline_off_has_left(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 4), by="ben")
    with told.monitor.work() as work:
        ops.change_person(work, replace(work.people.by_email("ben@example.com"), is_disabled=True))
    told.live_until("2026-11-04T09:00")
    told.expect("2026-11-04 08:30 olga: ACME-7 notice was put off until now")


def test_a_snooze_that_was_answered_before_its_day_came_says_nothing(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 4))
    told.say(ops.done, "ACME-7 notice", evidence="registered letter")
    told.live_until("2026-11-05T09:00")
    told.expect()


def test_nothing_is_snoozed_for_more_than_thirty_days(world):
    world.agreement()
    world.live_until("2026-10-01T09:00")
    world.expect("2026-09-07 08:30 olga: Your deadlines ahead: ACME-7 notice")
    with pytest.raises(AnswerRefused) as refused:
        world.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 1))
    assert refused.value.remedy == "The latest day allowed is Sat 31 Oct 2026 08:30 Europe/Berlin."


def test_on_the_last_safe_day_it_is_too_late_to_snooze(told):
    told.live_until("2026-12-01T09:00")
    told.expect(
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
        "2026-11-25 08:30 ben olga: ACME-7 notice -7d.0",
        "2026-11-27 08:30 leo: ACME-7 notice -7d.1",
    )
    with pytest.raises(AnswerRefused, match="too late to snooze"):
        told.say(ops.snooze, "ACME-7 notice", until=date(2026, 12, 2))


def test_what_is_done_is_never_spoken_of_again(told):
    told.say(ops.done, "ACME-7 notice", evidence="registered letter of 2 November")
    told.live_until("2027-02-10T09:00")
    told.expect()
    row = told.row("ACME-7 notice 0")
    assert (row.state, row.outcome.evidence) == ("done", "registered letter of 2 November")


def test_done_needs_evidence_and_waiving_a_reason(told):
    with pytest.raises(AnswerRefused, match="needs evidence"):
        told.say(ops.done, "ACME-7 notice", evidence=" ")
    with pytest.raises(AnswerRefused, match="needs a reason"):
        told.say(ops.waive, "ACME-7 notice", because="")


def test_what_is_waived_is_never_spoken_of_again(told):
    told.say(ops.waive, "ACME-7 notice", because="we want another year")
    told.live_until("2027-02-10T09:00")
    told.expect()


def test_a_closing_decision_ends_it(told):
    told.say(ops.decide, "ACME-7 notice", choice="renew")
    told.live_until("2027-02-10T09:00")
    told.expect()
    assert told.row("ACME-7 notice 0").state == "decided"
    assert told.get().term_number == 1


def test_what_is_reopened_tells_nobody_twice(told):
    told.say(ops.done, "ACME-7 notice", evidence="registered letter")
    told.live_until("2026-11-20T09:00")
    told.say(ops.reopen, "ACME-7 notice 0", because="it went to the wrong address")
    told.live_until("2026-11-26T09:00")
    told.expect("2026-11-25 08:30 ben mia olga: ACME-7 notice -7d.0")


def test_an_acknowledgement_of_what_was_reopened_quiets_the_rest_of_its_stage(told):
    told.say(ops.done, "ACME-7 notice", evidence="registered letter")
    told.live_until("2026-11-03T09:00")
    told.say(ops.reopen, "ACME-7 notice 0", because="it went to the wrong address")
    told.live_until("2026-11-03T10:00")
    answer = told.say(ops.acknowledge, "ACME-7 notice")
    assert (answer.result, answer.said) == (
        Verdict.APPLIED,
        "Quiet until Wed 25 Nov 2026 08:30 Europe/Berlin; still open.",
    )
    told.live_until("2026-11-25T09:00")
    told.expect("2026-11-25 08:30 ben olga: ACME-7 notice -7d.0")


def test_a_closing_decision_that_was_taken_back_can_be_made_again(told):
    told.say(ops.decide, "ACME-7 notice", choice="renew")
    told.say(ops.reopen, "ACME-7 notice 0", because="the price has risen")
    assert told.say(ops.decide, "ACME-7 notice 0", choice="renew").result is Verdict.APPLIED
    assert told.row("ACME-7 notice 0").state == "decided"


def test_what_is_reopened_after_its_day_is_missed(told):
    told.say(ops.done, "ACME-7 notice", evidence="registered letter")
    told.live_until("2026-12-10T09:00")
    told.say(ops.reopen, "ACME-7 notice 0", because="it went to the wrong address")
    told.live_until("2026-12-10T09:01")
    assert [one["type"] for one in told.events("MilestoneReopened", "MilestoneMissed")] == [
        "MilestoneReopened",
        "MilestoneMissed",
    ]
    told.expect(*told.unexpected)


def test_an_answer_to_a_day_that_has_moved_changes_nothing(told):
    answer = told.say(ops.acknowledge, "ACME-7 notice", revision=7)
    assert answer.result is Verdict.STALE
    assert told.row("ACME-7 notice").state == "open"


def test_who_is_assigned_is_told_and_asked(told):
    told.person("Kim", manager="mia")
    told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("kim"))
    told.live_until("2026-11-10T09:00")
    told.expect(
        "2026-11-02 09:00 kim: ACME-7 notice is yours",
        "2026-11-05 08:30 ben: ACME-7 notice -30d.1",
        "2026-11-10 08:30 mia: ACME-7 notice -30d.2",
    )


def test_what_somebody_owns_already_is_assigned_to_them_by_nobody(told):
    again = told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("olga"))
    assert (again.result, again.said) == (Verdict.ALREADY, "It is yours already.")
    again = told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("olga"), backup_id=told.id_of("ben"), by="mia")
    assert (again.result, again.said) == (Verdict.ALREADY, "It is theirs already.")
    told.live_until("2026-11-02T10:00")
    told.expect()
    other = told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("olga"), backup_id=told.id_of("leo"), by="mia")
    assert other.result is Verdict.APPLIED


def test_whoever_takes_it_is_not_told_that_others_are_told(told):
    answer = told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("ben"), by="ben")
    assert (answer.result, answer.said) == (Verdict.APPLIED, "It is yours now.")


def test_until_the_new_owner_answers_the_old_one_is_asked_too(told):
    told.person("Kim", manager="mia")
    told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("kim"))
    told.live_until("2026-11-24T09:00")
    told.expect(*told.unexpected)
    told.live_until("2026-11-25T09:00")
    told.expect("2026-11-25 08:30 ben kim olga: ACME-7 notice -7d.0")


def test_once_the_new_owner_has_answered_the_old_one_is_asked_no_more(told):
    told.person("Kim", manager="mia")
    told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("kim"))
    told.say(ops.acknowledge, "ACME-7 notice", by="kim")
    told.live_until("2026-11-25T09:00")
    told.expect("2026-11-02 09:00 kim: ACME-7 notice is yours", "2026-11-25 08:30 ben kim: ACME-7 notice -7d.0")


# -- a playbook that asks for decisions ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first_asked():
    world = staffed()
    world.agreement("M-1", kind="MSA")
    world.live_until("2026-10-19T09:00")
    world.expect(
        "2026-09-03 08:30 olga: M-1 notice -90d.0",
        "2026-09-10 08:30 mia: M-1 notice -90d.1",
        "2026-10-16 08:30 olga: M-1 notice -45d.0",
    )
    return world


@pytest.fixture
def asked(first_asked):
    """The stage of 16 October requires a decision."""
    with checked(first_asked.twin()) as world:
        yield world


def test_where_a_decision_is_required_an_acknowledgement_is_only_noted(asked):
    answer = asked.say(ops.acknowledge, "M-1 notice")
    assert answer.said == "Noted. This stage asks for a decision: still open."
    asked.live_until("2026-10-21T09:00")
    asked.expect("2026-10-21 08:30 leo mia: M-1 notice -45d.1")


def test_what_was_reopened_in_a_stage_that_asks_for_a_decision_still_asks_for_it(asked):
    asked.say(ops.done, "M-1 notice", evidence="registered letter")
    asked.say(ops.reopen, "M-1 notice 0", because="it went to the wrong address")
    answer = asked.say(ops.acknowledge, "M-1 notice")
    assert (answer.result, answer.said) == (Verdict.NOTED, "Noted. This stage asks for a decision: still open.")
    asked.live_until("2026-10-22T09:00")
    asked.expect("2026-10-22 08:30 leo mia: M-1 notice -45d.1")


def test_a_decision_that_leaves_a_duty_quiets_its_stage_and_the_deadline_lives_on(asked):
    answer = asked.say(ops.decide, "M-1 notice", choice="terminate")
    assert answer.said.startswith("The counterparty has not been told.")
    asked.live_until("2026-11-18T09:00")
    asked.expect("2026-11-18 08:30 mia olga: M-1 notice -10bd.0")
    assert asked.row("M-1 notice").decision.choice == "terminate"


def test_a_decision_that_was_made_is_not_asked_for_again(asked):
    asked.say(ops.decide, "M-1 notice", choice="terminate")
    asked.live_until("2026-11-18T09:00")
    assert asked.say(ops.acknowledge, "M-1 notice").result is Verdict.APPLIED
    asked.live_until("2026-12-03T09:00")
    asked.expect(
        "2026-11-18 08:30 mia olga: M-1 notice -10bd.0",
        "2026-12-01 08:30 ben olga: M-1 notice -1bd.0",
        "2026-12-02 08:30 ben mia olga: M-1 notice -1bd.1",
        "2026-12-03 08:30 ben mia olga: M-1 notice +1d.0",
    )
