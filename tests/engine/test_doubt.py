"""What becomes of a message of which nobody knows whether it left."""

from datetime import timedelta

import pytest

from engine import operations as ops
from engine.delivery import holding, outbox
from lifecycle.delivery import DeliveryKind, InDoubt, NotSent, Refused, Scope
from notifiers.base import Absent, CannotTell, Found
from tests.support.channels import LOST, UNSENT
from tests.support.sending import Sending, queue

OLGA = "olga@example.com"
QUARANTINE = timedelta(seconds=180)


@pytest.fixture
def mail():
    """A channel that cannot be asked."""
    return Sending()


@pytest.fixture
def asked():
    """A channel that can be asked."""
    out = Sending()
    out.mail.can_find = True
    return out


def in_doubt(out, answer=LOST):
    out.mail.will(OLGA, answer)
    return out.send()


def test_a_doubt_rests_for_its_quarantine(asked):
    row = in_doubt(asked)
    assert (row.state, row.in_doubt_since) == ("in_doubt", asked.clock.now())
    assert row.next_attempt_at == asked.clock.now() + QUARANTINE
    asked.later(seconds=179.9)
    assert outbox.claim(asked.monitor) == []


@pytest.mark.parametrize(
    "answer",
    [InDoubt("?"), RuntimeError("a library broke"), TimeoutError(), None, "250 OK", True, 250],
    ids=lambda answer: type(answer).__name__,
)
def test_whatever_a_channel_does_that_nobody_foresaw_is_a_doubt(asked, answer):
    assert in_doubt(asked, answer).state == "in_doubt"
    assert asked.tries() == ["send in_doubt"]


def test_the_reason_of_a_doubt_quotes_no_text_of_an_error(asked):
    assert in_doubt(asked, RuntimeError("Acme pays 240000 EUR")).why == "RuntimeError"


def test_a_message_that_is_found_has_arrived(asked):
    in_doubt(asked, LOST)
    asked.until_due()
    row = asked.send()
    assert (row.state, row.ref, asked.told()) == ("accepted", f"ref-{asked.id}", ["olga"])
    assert asked.tries() == ["send in_doubt", "find found"]


def test_a_message_that_is_absent_is_sent_again(asked):
    in_doubt(asked, UNSENT)
    asked.until_due()
    assert asked.send().state == "accepted"
    assert asked.told() == ["olga"]
    assert asked.tries() == ["send in_doubt", "find absent", "send accepted"]


def test_it_is_asked_for_from_five_minutes_before_it_was_first_offered(asked):
    offered_at = asked.clock.now()
    in_doubt(asked, UNSENT)
    asked.until_due()
    in_doubt(asked, UNSENT)
    asked.until_due()
    asked.send()
    assert [since for _, since in asked.mail.asked] == [offered_at - timedelta(days=1)] * 2


def test_it_is_asked_for_from_before_the_crash_of_its_sender(asked):
    """The house was down for ten days; the message was taken in the second before."""
    asked.mail.will(OLGA, KeyboardInterrupt())
    offered_at = asked.clock.now()
    with pytest.raises(KeyboardInterrupt):
        asked.send()
    asked.later(days=10)
    outbox.sweep(asked.monitor)
    asked.send()
    assert asked.mail.asked == [(asked.id, offered_at - timedelta(days=1))]


def test_a_certain_failure_after_a_doubt_leaves_the_doubt(mail):
    in_doubt(mail)
    began_at = mail.one.in_doubt_since
    mail.later(hours=1)
    mail.mail.will(OLGA, NotSent("421 not now"))
    row = mail.send()
    assert (row.state, row.in_doubt_since) == ("in_doubt", began_at)


def test_what_cannot_be_asked_waits_an_hour_and_is_then_sent_again_with_the_same_bytes(mail):
    in_doubt(mail)
    composed = mail.body()
    mail.go_on(minutes=59)
    assert (mail.one.state, mail.told()) == ("in_doubt", ["olga"])
    mail.go_on(minutes=2)
    assert (mail.one.state, mail.told()) == ("accepted", ["olga", "olga"])
    assert [one.frozen.body for one in mail.mail.taken] == [composed] * 2
    assert [one.delivery_id for one in mail.mail.taken] == [mail.id] * 2


def test_patience_is_a_quarter_of_the_time_that_is_left():
    out = Sending()
    out.clock.travel_to(out.one.expires_at - timedelta(minutes=40))
    in_doubt(out)
    out.go_on(minutes=9)
    assert out.one.state == "in_doubt"
    out.go_on(minutes=2)
    assert (out.one.state, out.told()) == ("accepted", ["olga", "olga"])


def test_the_same_bytes_leave_three_times_at_most_then_somebody_else_is_told(mail):
    mail.mail.will(OLGA, *[LOST] * 10)
    mail.go_on(days=2)
    assert mail.told() == ["olga", "olga", "olga", "ben"]
    assert mail.states() == ["olga failed", "ben accepted"]
    assert len({one.frozen.body for one in mail.mail.taken[:3]}) == 1


def test_copies_of_senders_that_were_killed_count_as_well(mail):
    mail.mail.will(OLGA, *[KeyboardInterrupt()] * 10)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            mail.go_on(hours=5)
    mail.go_on(days=1)
    assert mail.tries().count("send in_doubt") == 3
    assert mail.states() == ["olga failed", "ben accepted"]


def test_a_channel_that_fails_when_it_is_asked_cannot_tell(asked):
    in_doubt(asked)
    asked.mail.finds = [RuntimeError("broken"), None, CannotTell("not now"), Found("at last")]
    asked.go_on(hours=1)
    assert (asked.one.state, asked.one.ref) == ("accepted", "at last")
    assert asked.tries() == ["send in_doubt", *["find cannot_tell"] * 3, "find found"]
    assert asked.told() == ["olga"]


def test_a_history_that_lags_tells_nobody_twice(asked):
    """The quarantine is longer than the lag: what is absent after it was never taken."""
    in_doubt(asked, LOST)
    asked.later(seconds=90)
    assert outbox.claim(asked.monitor) == []
    asked.go_on(hours=2)
    assert asked.told() == ["olga"]


def test_an_answer_in_the_meantime_ends_a_doubt_that_cannot_be_looked_up(mail):
    in_doubt(mail)
    mail.say(ops.acknowledge, "ACME-7 notice")
    mail.go_on(hours=2)
    assert (mail.one.state, mail.told()) == ("cancelled", ["olga"])


def test_a_doubt_that_outlives_its_message_ends_with_it(asked):
    in_doubt(asked, UNSENT)
    asked.mail.finds = [CannotTell("down")] * 1000
    asked.clock.travel_to(asked.one.expires_at)
    assert asked.send().state == "expired"
    assert asked.states() == ["olga expired", "ben pending"]


def test_hold_waits_for_a_person_and_tells_the_operator():
    out = Sending(copy_in_doubt="hold")
    in_doubt(out)
    out.go_on(hours=2)
    row = out.one
    assert (row.state, row.next_attempt_at) == ("held", row.expires_at)
    assert out.incidents() == ["held_in_doubt"]
    out.go_on(days=5)
    assert out.told() == ["olga", "ada"]


def test_what_a_person_releases_leaves_with_the_same_bytes():
    out = Sending(copy_in_doubt="hold")
    in_doubt(out)
    out.go_on(hours=2)
    with out.monitor.work() as work:
        holding.release(work, out.id)
    out.go_on(minutes=1)
    assert out.one.state == "accepted"
    assert len({one.frozen.body for one in out.mail.taken if one.delivery_id == out.id}) == 1


def test_what_nobody_releases_expires_and_somebody_else_is_told():
    out = Sending(copy_in_doubt="hold")
    in_doubt(out)
    out.live_until(out.one.expires_at + timedelta(minutes=1))
    assert out.states()[:2] == ["olga expired", "ben accepted"]


def test_a_person_holds_a_message_back_and_lets_it_go(mail):
    with mail.monitor.work() as work:
        holding.hold(work, mail.id)
    mail.go_on(days=3)
    assert (mail.one.state, mail.told()) == ("held", [])
    with mail.monitor.work() as work:
        holding.release(work, mail.id)
    mail.go_on(minutes=1)
    assert mail.told() == ["olga"]


@pytest.mark.parametrize("act", [holding.hold, holding.release])
def test_what_has_left_can_neither_be_held_nor_released(mail, act):
    mail.send()
    with pytest.raises(holding.NotWaiting, match=f"Message {mail.id} is accepted"), mail.monitor.work() as work:
        act(work, mail.id)


def test_a_doubt_about_a_plain_message_that_stays_is_told_to_the_operator(mail):
    queue(mail, ("d-1", {"address": "leo@example.com", "kind": DeliveryKind.TEST}))
    mail.mail.will("leo@example.com", *[LOST] * 3)
    mail.go_on(days=1)
    assert mail.get_delivery("d-1").state == "failed"
    assert mail.incidents() == ["delivery_failed"]


def test_a_refusal_after_a_doubt_leads_to_the_next(mail):
    in_doubt(mail, UNSENT)
    mail.mail.will(OLGA, Refused("550 gone", Scope.ADDRESS))
    mail.go_on(hours=2)
    assert mail.states() == ["olga failed", "ben accepted"]


def test_absent_is_gated_again(asked):
    in_doubt(asked, UNSENT)
    asked.mail.finds = [Absent()]
    asked.say(ops.done, "ACME-7 notice", evidence="DHL 4711")
    asked.until_due()
    assert asked.send().state == "cancelled"
    assert asked.told() == []
