"""What is over is not told as beginning, however long its message has waited; what was told is still corrected."""

from dataclasses import replace
from datetime import date, time

import pytest

from engine import operations as ops
from engine.delivery import holding, shadow
from engine.watcher.calendar_watch import watch
from lifecycle.days.calendars import Holiday, with_closures
from lifecycle.delivery import DeliveryState, NotSent, Refused, Scope
from lifecycle.playbooks.quiet import Silence, SilenceMode
from tests.engine.test_forecast import same
from tests.support.agreements import provided
from tests.support.world import World, checked

LETTER = {"evidence": "registered letter"}


def assign(world, name):
    world.say(ops.assign, "ACME-7 notice", owner_id=world.id_of(name), by="ada")


def silence(world, until, mode=SilenceMode.HOLD):
    with world.monitor.work() as work:
        known = Silence(
            id="", mode=mode, search="", reason="an audit", author_id=None, starts_at=work.now,
            ends_at=world.instant(until),
        )  # fmt: skip
        return ops.silence(work, known)


def in_shadow(world, *, on):
    world.monitor = replace(world.monitor, house=replace(world.monitor.house, shadow_mode=on))


def why_cancelled(world):
    return [one.why for one in world.deliveries("cancelled") if one.kind != "step"]


def over(world, what):
    """End the deadline, or what it comes from."""
    match what:
        case "done":
            world.say(ops.done, "ACME-7 notice", **LETTER)
        case "waived":
            world.say(ops.waive, "ACME-7 notice", because="we stay")
        case "withdrawn":
            world.do(ops.archive, "ACME-7", because="it moved to another house")


def cut_off(world, until):
    """Mail does not get through; whoever tries is to come back then."""
    seconds = (world.instant(until) - world.clock.now()).total_seconds()
    world.mail.to_everybody = NotSent("451 greylisted", seconds)


EACH = pytest.mark.parametrize("what", ["done", "waived", "withdrawn"])
GONE = "2026-11-09 08:30 olga: No longer due: ACME-7: "


@EACH
def test_what_was_assigned_under_a_silence_and_is_over_at_its_end_is_nobodys(told, what):
    silence(told, "2026-11-04T10:00")
    assign(told, "leo")
    told.live_until("2026-11-03T07:00")
    over(told, what)
    told.live_until("2026-11-10T09:00")
    told.expect(*([GONE] if what == "withdrawn" else []))
    assert why_cancelled(told) == [f"the deadline is {what}"]


@EACH
def test_what_was_assigned_while_mail_was_down_and_is_over_when_it_is_up_is_nobodys(told, what):
    cut_off(told, "2026-11-02T15:00")
    assign(told, "leo")
    told.live_until("2026-11-02T10:00")
    told.mail.to_everybody = None
    over(told, what)
    told.live_until("2026-11-10T09:00")
    told.expect(*([GONE] if what == "withdrawn" else []))
    assert why_cancelled(told) == [f"the deadline is {what}"]


def test_who_was_asked_meanwhile_is_not_told_afterwards_that_it_is_theirs(told):
    told.live_until("2026-11-20T09:00")
    told.expect("2026-11-05 08:30 ben: ACME-7 notice -30d.1", "2026-11-10 08:30 mia: ACME-7 notice -30d.2")
    silence(told, "2026-11-29T10:00")
    assign(told, "leo")
    told.live_until("2026-11-30T09:00")
    told.expect(
        "2026-11-25 08:30 ben leo olga: ACME-7 notice -7d.0",
        "2026-11-27 08:30 leo: ACME-7 notice -7d.1",
    )
    assert "a later message says it" in why_cancelled(told)


def test_what_was_handed_on_before_its_message_could_leave_is_told_to_the_last_alone(told):
    silence(told, "2026-11-04T10:00")
    assign(told, "leo")
    assign(told, "mia")
    told.live_until("2026-11-04T11:00")
    told.expect("2026-11-04 10:00 mia: ACME-7 notice is yours")


def test_what_is_given_back_under_a_silence_is_told_to_nobody_but_its_owner(told):
    silence(told, "2026-11-04T10:00")
    assign(told, "leo")
    assign(told, "olga")
    told.live_until("2026-11-04T11:00")
    told.expect("2026-11-04 10:00 olga: ACME-7 notice is yours")


def test_a_whole_agreement_that_is_handed_on_under_a_silence_is_told_to_the_last_alone(told):
    """Who wants no digests is told at once what is theirs, or when the silence is over."""
    for name in ("leo", "mia"):
        with told.monitor.work() as work:
            ops.change_person(work, replace(work.people.by_email(f"{name}@example.com"), digests=False))
    silence(told, "2026-11-04T10:00")
    told.amend(owner_id=told.id_of("leo"))
    told.live_until("2026-11-02T12:00")
    told.amend(owner_id=told.id_of("mia"))
    told.live_until("2026-11-04T11:00")
    told.expect("2026-11-04 10:00 mia: ACME-7 notice is yours")


def test_a_silence_holds_what_is_handed_over_as_well(told):
    silence(told, "2026-11-04T10:00")
    told.amend(owner_id=told.id_of("leo"))
    told.live_until("2026-11-04T09:00")
    told.expect()
    told.live_until("2026-11-04T11:00")
    told.expect("2026-11-04 10:00 leo: Yours now: ACME-7 notice")


def test_a_silence_that_drops_messages_drops_what_is_handed_over_as_well(told):
    silence(told, "2026-11-04T10:00", SilenceMode.DROP)
    told.amend(owner_id=told.id_of("leo"))
    told.live_until("2026-11-04T11:00")
    told.expect()
    assert [one.split()[:3] for one in why_cancelled(told)] == [["dropped", "by", "silence"]]


@EACH
def test_another_day_of_what_is_over_is_told_to_nobody(told, what):
    silence(told, "2026-11-04T10:00")
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-11-03T07:00")
    over(told, what)
    told.live_until("2026-11-10T09:00")
    told.expect(*([GONE] if what == "withdrawn" else []))


def test_another_day_that_was_not_told_while_it_was_over_is_told_when_it_is_opened_again(told):
    silence(told, "2026-11-04T10:00")
    told.amend(provisions=provided(end="2027-03-31"))
    over(told, "done")
    told.live_until("2026-11-05T10:00")
    told.expect()
    told.say(ops.reopen, "ACME-7 notice 0", because="it came back")
    told.live_until("2026-11-20T10:00")
    told.expect("2026-11-05 10:00 olga: ACME-7 notice moved from 2026-12-02 to 2027-01-29")


def test_what_was_told_is_not_told_again_when_it_is_opened_again(told):
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-11-03T10:00")
    told.expect("2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2027-01-29")
    over(told, "done")
    told.say(ops.reopen, "ACME-7 notice 0", because="it came back")
    told.live_until("2026-11-20T10:00")
    told.expect()


LATER = "moved from 2026-12-02 to 2026-12-09"


def test_who_was_told_only_that_it_is_theirs_hears_of_another_day_and_of_its_end(told):
    assign(told, "leo")
    told.live_until("2026-11-02T10:00")
    told.amend(provisions=provided(end="2027-02-07"))
    told.live_until("2026-11-02T11:00")
    over(told, "withdrawn")
    told.live_until("2026-11-10T09:00")
    told.expect(
        "2026-11-02 09:00 leo: ACME-7 notice is yours",
        f"2026-11-02 10:00 leo olga: ACME-7 notice {LATER}",
        "2026-11-09 08:30 leo olga: No longer due: ACME-7: ",
    )


def test_who_was_handed_a_whole_agreement_hears_of_another_day_and_of_its_end(told):
    told.amend(owner_id=told.id_of("leo"))
    told.live_until("2026-11-02T10:00")
    told.amend(provisions=provided(end="2027-02-07"))
    told.live_until("2026-11-02T11:00")
    over(told, "withdrawn")
    told.live_until("2026-11-10T09:00")
    told.expect(
        "2026-11-02 09:10 leo: Yours now: ACME-7 notice",
        f"2026-11-02 10:00 leo olga: ACME-7 notice {LATER}",
        "2026-11-09 08:30 leo olga: No longer due: ACME-7: ",
    )


def test_whose_it_is_is_told_with_the_day_on_which_that_leaves(told):
    """What waits for mail that is down is composed anew where the day has moved meanwhile."""
    cut_off(told, "2026-11-02T12:00")
    assign(told, "leo")
    told.live_until("2026-11-02T10:00")
    told.mail.to_everybody = None
    told.amend(provisions=provided(end="2027-02-07"))
    told.live_until("2026-11-02T13:00")
    told.expect(
        "2026-11-02 10:00 leo: New in your register: ACME-7 notice",
        f"2026-11-02 10:00 olga: ACME-7 notice {LATER}",
        "2026-11-02 12:00 leo: ACME-7 notice is yours",
    )
    last = told.mail.taken[-1]
    assert [one.safe_on for one in told.mail.sheets[last.delivery_id].deadlines] == [date(2026, 12, 9)]
    assert b"9 Dec 2026" in last.frozen.body
    told.amend(provisions=provided(end="2027-03-31"))
    told.live_until("2026-11-02T14:00")
    told.expect("2026-11-02 13:00 leo olga: ACME-7 notice moved from 2026-12-09 to 2027-01-29")


def test_what_somebody_is_told_of_a_change_is_no_answer_of_the_ladder(told):
    """An acknowledgement by somebody else takes nothing away from who is told that it is theirs."""
    silence(told, "2026-11-04T10:00")
    assign(told, "leo")
    told.say(ops.acknowledge, "ACME-7 notice", by="ben")
    told.live_until("2026-11-04T11:00")
    told.expect("2026-11-04 10:00 leo: ACME-7 notice is yours")


def test_what_is_due_no_longer_is_told_by_the_day_that_its_reader_knows(told):
    silence(told, "2026-11-04T10:00")
    told.amend(provisions=provided(end="2027-03-31"))
    over(told, "withdrawn")
    told.live_until("2026-11-10T09:00")
    told.expect(GONE)
    said = told.mail.sheets[told.mail.taken[-1].delivery_id].text
    assert said == "ACME-7, Acme Labs: notice of non-renewal by Wed 2 Dec 2026 is no longer due."


def test_who_was_told_that_it_is_due_no_longer_hears_when_it_is_due_again(told):
    over(told, "withdrawn")
    told.live_until("2026-11-10T09:00")
    told.expect(GONE)
    told.do(ops.restore, "ACME-7", because="it was the wrong one")
    told.live_until("2026-11-10T10:00")
    told.expect("2026-11-10 09:00 olga: ACME-7 notice is due again")
    said = told.mail.taken[-1].frozen.body
    assert b"You were told that it is no longer due: it is due again." in said
    assert b"You answer for it now" not in said
    over(told, "done")
    told.say(ops.reopen, "ACME-7 notice 0", because="it came back")
    told.live_until("2026-11-10T11:00")
    told.expect()


def test_what_is_due_again_and_over_again_before_anybody_heard_of_it_is_told_to_nobody(told):
    over(told, "withdrawn")
    told.live_until("2026-11-10T09:00")
    told.expect(GONE)
    silence(told, "2026-11-11T10:00")
    told.do(ops.restore, "ACME-7", because="it was the wrong one")
    over(told, "withdrawn")
    told.live_until("2026-11-20T10:00")
    told.expect()


def test_what_is_due_again_on_another_day_is_told_with_that_day(told):
    silence(told, "2026-11-04T10:00")
    told.amend(provisions=provided(end="2027-03-31"))
    over(told, "withdrawn")
    told.do(ops.restore, "ACME-7", because="it was the wrong one")
    told.live_until("2026-11-20T10:00")
    told.expect("2026-11-04 10:00 olga: ACME-7 notice moved from 2026-12-02 to 2027-01-29")


def test_what_is_due_again_before_its_line_could_leave_alone_is_not_called_over(told):
    over(told, "withdrawn")
    told.mail.will(
        "olga@example.com", Refused("552 too big", Scope.MESSAGE), NotSent("451 greylisted", 7200), NotSent("451", 7200)
    )
    told.live_until("2026-11-09T09:00")
    told.do(ops.restore, "ACME-7", because="it was the wrong one")
    told.live_until("2026-11-12T09:00")
    told.expect("2026-11-12 08:30 ben: ACME-7 notice -30d.1")
    assert why_cancelled(told) == ["it is due again"]


@EACH
def test_what_shadow_mode_held_and_is_over_at_its_end_is_nobodys(told, what):
    in_shadow(told, on=True)
    assign(told, "leo")
    told.live_until("2026-11-02T12:00")
    over(told, what)
    (held,) = [one for one in told.deliveries(DeliveryState.HELD) if one.recipient_name == "Leo"]
    with told.monitor.look() as work:
        assert shadow.judged(work, [held])[0].unwanted == f"the deadline is {what}"
    in_shadow(told, on=False)
    with told.monitor.work() as work:
        shadow.release(work)
    told.live_until("2026-11-02T13:00")
    told.expect()


def test_a_digest_that_shadow_mode_held_leaves_out_what_is_over_at_its_end(world):
    world.agreement()
    world.agreement("FAR-1")
    in_shadow(world, on=True)
    world.live_until("2026-09-07T10:00")
    world.say(ops.done, "FAR-1 notice", **LETTER)
    in_shadow(world, on=False)
    with world.monitor.work() as work:
        shadow.release(work)
    world.live_until("2026-09-08T09:00")
    world.expect("2026-09-07 10:00 olga: Your deadlines ahead: ACME-7 notice")


def test_a_digest_that_shadow_mode_held_is_not_sent_when_all_of_it_is_over(world):
    world.agreement()
    in_shadow(world, on=True)
    world.live_until("2026-09-07T10:00")
    world.say(ops.done, "ACME-7 notice", **LETTER)
    in_shadow(world, on=False)
    with world.monitor.work() as work:
        shadow.release(work)
    world.live_until("2026-09-08T09:00")
    world.expect()
    assert why_cancelled(world) == ["all of it is over"]


def test_a_digest_that_mail_was_too_busy_for_is_not_sent_when_all_of_it_is_over(world):
    world.agreement()
    world.live_until("2026-09-07T08:00")
    cut_off(world, "2026-09-07T12:00")
    world.live_until("2026-09-07T10:00")
    world.mail.to_everybody = None
    world.say(ops.done, "ACME-7 notice", **LETTER)
    world.live_until("2026-09-14T09:00")
    world.expect()


@pytest.mark.parametrize("what", ["moved", "archived", "done"])
def test_who_was_asked_and_never_heard_is_told_when_it_is_due_again(told, what):
    """Ben's step is passed: the ladder does not ask him again. Who had heard of it hears nothing new."""
    told.live_until("2026-11-05T08:00")
    cut_off(told, "2026-11-05T12:00")
    told.live_until("2026-11-05T09:00")
    before = told.get().provisions
    if what == "moved":
        told.amend(provisions=provided(end="2027-03-31"))
        told.amend(provisions=before)
    elif what == "done":
        told.say(ops.done, "ACME-7 notice", **LETTER)
        told.say(ops.reopen, "ACME-7 notice 0", because="it came back")
    else:
        told.do(ops.archive, "ACME-7", because="entered twice")
        told.do(ops.restore, "ACME-7", because="it is needed")
    told.mail.to_everybody = None
    told.live_until("2026-11-06T09:00")
    told.expect("2026-11-05 09:00 ben: ACME-7 notice -30d.1")


def test_who_is_asked_anew_while_nothing_can_leave_is_told_although_they_know_the_day(told):
    """Both know the day by earlier steps; that it is time to decide they have not heard, and are not asked again."""
    told.live_until("2026-11-25T08:00")
    told.expect("2026-11-05 08:30 ben: ACME-7 notice -30d.1", "2026-11-10 08:30 mia: ACME-7 notice -30d.2")
    cut_off(told, "2026-11-25T12:00")
    told.live_until("2026-11-25T09:00")
    before = told.get().provisions
    for _ in range(2):
        told.amend(provisions=provided(end="2027-03-31"))
        told.amend(provisions=before)
    told.mail.to_everybody = None
    told.live_until("2026-11-26T09:00")
    told.expect("2026-11-25 09:00 ben olga: ACME-7 notice -7d.0")


def test_what_a_person_held_and_lets_go_when_it_is_over_is_nobodys(told):
    cut_off(told, "2026-11-02T15:00")
    assign(told, "leo")
    told.tick()
    (waiting,) = told.deliveries(DeliveryState.PENDING)
    with told.monitor.work() as work:
        holding.hold(work, waiting.id, because="let us wait")
    told.mail.to_everybody = None
    over(told, "done")
    with told.monitor.work() as work:
        holding.release(work, waiting.id)
    told.live_until("2026-11-05T09:00")
    told.expect()


def test_that_nobody_could_be_told_is_not_said_once_nobody_has_to_be(world):
    """The operators hear at their hour of what nobody need be woken for."""
    with world.monitor.work() as work:
        ops.change_person(work, replace(work.people.by_email("ada@example.com"), send_at=time(12)))
    world.agreement(owner=None, backup=None)
    world.live_until("2026-09-03T09:00")
    assert world.incidents() == ["no_recipient"]
    world.say(ops.done, "ACME-7 notice", **LETTER, by="ada")
    world.live_until("2026-09-04T09:00")
    world.expect()


@pytest.mark.parametrize("what", ["nothing", "done", "withdrawn"])
def test_a_forecast_of_what_waits_is_what_a_rehearsal_sends(tmp_path, what):
    with checked(World("2026-10-26T09:00")) as world:
        world.staff()
        world.agreement()
        world.live_until("2026-11-03T09:00")
        world.expect(*world.unexpected)
        silence(world, "2026-11-05T10:00")
        assign(world, "leo")
        over(world, what)
        assert bool(same(world, date(2026, 12, 6), tmp_path)) == (what != "done")


def test_an_accepted_later_day_is_told_to_those_who_were_told_the_earlier(told):
    earlier_day(told)
    told.live_until("2026-11-03T10:00")
    told.expect("2026-11-02 09:00 olga: ACME-7 notice moved from 2026-12-02 to 2026-12-01")
    told.monitor = replace(told.monitor, calendars=told._calendar)
    watch(told.monitor)
    told.live_until("2026-11-03T11:00")
    told.expect()
    told.say(ops.accept, "ACME-7 notice")
    told.live_until("2026-11-04T11:00")
    told.expect("2026-11-03 11:00 olga: ACME-7 notice moved from 2026-12-01 to 2026-12-02")


def earlier_day(world):
    closed = Holiday(date(2026, 12, 2), "the office moves")
    watch(world.monitor)
    calendars = world.monitor.calendars
    world.monitor = replace(world.monitor, calendars=lambda code: with_closures(calendars(code), [closed]))
    watch(world.monitor)
