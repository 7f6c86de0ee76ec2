"""Who may move a message: only the holder of its token, and only while its lease holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import operations as ops
from engine.clock import VirtualClock
from engine.delivery import outbox
from engine.delivery.gate import gate
from engine.delivery.settling import settle
from engine.incidents import open_incident
from lifecycle.days.dates import Period
from lifecycle.delivery import Accepted, NotSent, Refused, Scope
from tests.support.channels import LOST
from tests.support.sending import Sending, queue
from tests.support.world import World

LEASE, QUARANTINE = timedelta(seconds=60), timedelta(seconds=180)


@pytest.fixture
def out():
    return Sending()


def ids(claimed):
    return [one.delivery.id for one in claimed]


def test_a_claim_takes_a_handful_for_each_sender_and_no_more():
    world = World(senders=2)
    queue(world, *((f"d-{n:02}", {}) for n in range(20)))
    assert len(outbox.claim(world.monitor)) == 8


def test_what_is_claimed_is_not_claimed_again(out):
    assert ids([out.claim()]) == [out.id]
    assert outbox.claim(out.monitor) == []


def test_what_is_not_due_is_not_claimed():
    world = World()
    queue(world, ("later", {"next_attempt_at": world.clock.now() + timedelta(seconds=1)}))
    assert outbox.claim(world.monitor) == []
    world.clock.advance(timedelta(seconds=1))
    assert ids(outbox.claim(world.monitor)) == ["later"]


def test_critical_messages_and_escalations_leave_first():
    world = World()
    queue(world, ("rest", {"priority": 3}), ("first", {"priority": 2}), ("critical", {"priority": 0}),
          ("escalation", {"priority": 1}))  # fmt: skip
    assert ids(outbox.claim(world.monitor)) == ["critical", "escalation", "first", "rest"]


def test_trouble_of_the_house_leaves_before_what_waits_and_that_of_an_agreement_after_it():
    world = World()
    world.person("Ada", role="admin")
    agreement = world.agreement(owner="ada", backup=None)
    queue(world, ("first", {"priority": 2}))
    with world.monitor.work() as work:
        open_incident(work, kind="set_aside", subject=agreement.id, agreement_id=agreement.id, text="It is odd.")
        open_incident(work, kind="disk", subject="disk", text="It is nearly full.")
    told = [one.delivery for one in outbox.claim(world.monitor)]
    assert [(one.agreement_id, one.urgency) for one in told if one.id != "first"] == [
        (None, "critical"), (agreement.id, "interrupt")]  # fmt: skip
    assert [one.id == "first" for one in told] == [False, True, False]


def test_among_equals_the_one_that_is_due_longest_leaves_first():
    world = World()
    now = world.clock.now()
    queue(world, *((f"d-{minutes}", {"next_attempt_at": now - timedelta(minutes=minutes)}) for minutes in range(1, 8)))
    assert set(ids(outbox.claim(world.monitor))) == {"d-7", "d-6", "d-5", "d-4"}


def test_every_eighth_claim_goes_by_age_alone():
    """Thirty critical messages would keep the oldest waiting until the ninth claim."""
    world = World()
    long_ago = world.clock.now() - timedelta(days=1)
    queue(
        world,
        ("old", {"priority": 3, "next_attempt_at": long_ago}),
        *((f"c-{n:02}", {"priority": 0}) for n in range(40)),
    )
    assert outbox.deliver(world.monitor) == 41
    places = [one.delivery_id for one in world.mail.taken]
    assert 28 <= places.index("old") < 32


def test_each_claim_counts_as_an_attempt_and_names_its_lease(out):
    claimed = out.claim()
    row = out.one
    assert (row.state, row.attempts, row.lease_token) == ("sending", 1, claimed.token)
    assert row.lease_until == out.clock.now() + LEASE
    assert row.next_attempt_at is None


def test_a_first_byte_leaves_only_while_a_whole_timeout_of_the_lease_is_left(out):
    claimed = out.claim()
    out.later(seconds=44.9)
    assert claimed.is_ours(out.clock)
    out.later(seconds=0.1)
    assert not claimed.is_ours(out.clock)


def test_a_message_whose_lease_is_nearly_over_is_given_back_unsent(out):
    claimed = out.claim()
    out.later(seconds=45)
    row = out.carry(claimed)
    assert (row.state, row.next_attempt_at, row.failures) == ("pending", out.clock.now(), 0)
    assert out.told() == []
    assert out.send().state == "accepted"


def test_a_channel_that_finds_the_lease_over_at_its_last_question_sends_nothing(out):
    out.mail.on_send = lambda: out.later(seconds=45)
    assert out.send().state == "pending"
    assert out.told() == []


def test_the_wall_clock_does_not_move_a_lease(out):
    """An hour forward: the lease lapses for the others, so nothing more leaves under it when its sender is asked."""

    class SetForward(VirtualClock):
        def elapsed(self):
            return 0.0

    out.clock = SetForward(out.clock.now())
    out.monitor = replace(out.monitor, clock=out.clock)
    claimed = out.claim()
    out.later(hours=1)
    assert claimed.is_ours(out.clock)
    outbox.sweep(out.monitor)
    assert out.carry(claimed).state == "pending"
    assert out.told() == []


def test_a_lease_that_lapsed_before_the_gate_gives_the_message_back(out):
    out.claim()
    out.later(seconds=59.9)
    assert outbox.sweep(out.monitor) == 0
    out.later(seconds=0.1)
    assert outbox.sweep(out.monitor) == 1
    assert (out.one.state, out.one.next_attempt_at, out.tries()) == ("pending", out.clock.now(), [])
    assert out.send().state == "accepted"


def test_a_lease_that_lapsed_behind_the_gate_leaves_a_doubt(out):
    _die_while_sending(out)
    lapsed_at = out.one.lease_until
    out.later(minutes=30)
    outbox.sweep(out.monitor)
    row = out.one
    assert (row.state, row.in_doubt_since, row.next_attempt_at) == ("in_doubt", lapsed_at, lapsed_at + QUARANTINE)
    assert out.tries() == ["send in_doubt"]


def test_a_sweep_before_any_lease_lapsed_changes_nothing(out):
    out.claim()
    assert outbox.lapse_at(out.monitor) == out.clock.now() + LEASE
    assert outbox.sweep(out.monitor) == 0
    assert out.one.state == "sending"


@pytest.mark.parametrize(
    "answer", [Accepted("late"), NotSent("late"), Refused("late", Scope.ADDRESS), Refused("late", Scope.CHANNEL), LOST]
)
def test_a_stale_token_changes_nothing_but_the_list_of_tries(out, answer):
    claimed = _late(out)
    before = out.one
    settle(out.monitor, claimed, answer)
    assert out.one == before
    assert len(out.tries()) == 2
    assert out.incidents() == []


def test_an_answer_that_came_under_an_old_token_settles_the_message(out):
    claimed = _late(out)
    settle(out.monitor, claimed, Accepted("late"))
    out.until_due()
    row = out.send()
    assert (row.state, row.ref) == ("accepted", "late")
    assert out.told() == []
    assert out.mail.asked == []


def test_a_late_answer_of_a_sender_that_had_another_doubt_is_one_copy(out):
    claimed = _late(out)
    settle(out.monitor, claimed, LOST)
    with out.monitor.look() as work:
        assert work.deliveries.offered_copies(out.id) == 1


def test_a_message_that_was_answered_while_it_was_claimed_goes_nowhere_under_its_old_token(out):
    claimed = out.claim()
    out.later(seconds=60)
    outbox.sweep(out.monitor)
    second = out.claim()
    assert out.carry(claimed).state == "sending"
    assert out.told() == []
    assert out.carry(second).state == "accepted"


def test_to_stop_gives_back_what_is_not_begun():
    world = World(senders=1)
    queue(world, *((f"d-{n}", {}) for n in range(4)))
    outbox.deliver(world.monitor, until_stopped=lambda: len(world.mail.taken) >= 2)
    states = sorted((one.id, one.state, one.attempts) for one in world.deliveries())
    assert states == [("d-0", "accepted", 1), ("d-1", "accepted", 1), ("d-2", "pending", 1), ("d-3", "pending", 1)]


def test_to_stop_before_anything_was_claimed_sends_nothing(out):
    assert outbox.deliver(out.monitor, until_stopped=lambda: True) == 0
    assert out.one.state == "pending"


def test_one_name_is_one_message(out):
    """Raised twice, replanned, whatever: a message exists at most once under its name."""
    with out.monitor.work() as work:
        assert work.deliveries.add([(replace(work.deliveries.get(out.id), id="other"), None)]) == set()
    assert len(out.deliveries()) == 1


def test_the_name_of_a_message_says_what_to_whom_and_through_what_and_no_more(out):
    """No revision, no generation, nothing of chance: whatever is edited, the same step is the same message."""
    row = out.row("ACME-7 notice")
    assert out.one.dedupe_key == f"{row.id}:2026-12-02:-30d.0.0:{out.id_of('olga')}:email:0"


def test_a_day_that_moves_and_moves_back_tells_nobody_twice(out):
    out.send()
    notices = out.get().provisions.notices
    out.amend(provisions=_noticed(out.get().provisions, 61))
    out.amend(provisions=_noticed(out.get().provisions, notices[0].period.days))
    out.go_on(hours=1)
    steps = [one for one in out.deliveries() if one.kind == "step" and one.state == "accepted"]
    assert len({one.dedupe_key for one in steps}) == len(steps)
    assert [one.dedupe_key for one in steps if one.safe_on == out.one.safe_on] == [out.one.dedupe_key]


def test_an_acknowledgement_cancels_what_waits(out):
    out.say(ops.acknowledge, "ACME-7 notice")
    assert (out.one.state, out.one.next_attempt_at) == ("cancelled", None)
    assert outbox.deliver(out.monitor) == 0


def _noticed(provisions, days):
    return replace(provisions, notices=(replace(provisions.notices[0], period=Period(days=days)),))


def _die_while_sending(out):
    """The process is killed between the gate and the answer."""
    out.mail.will("olga@example.com", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        out.send()


def _late(out):
    """A sender that was asleep: given up by everybody, it comes back with an answer."""
    claimed = out.claim()
    gate(out.monitor, claimed)
    out.later(seconds=60)
    outbox.sweep(out.monitor)
    return claimed
