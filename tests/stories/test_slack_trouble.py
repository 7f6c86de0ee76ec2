"""Slack misbehaves, and everybody is told once all the same: real HTTP, faults before and after the effect."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from engine import operations as ops
from engine.delivery import posted as engine_posted
from engine.points import Point
from store.deliveries import Body
from tests.support.facts import HOSTILE, facts
from tests.support.register import delivery
from tests.support.slack_server import CLOSE, DROP, SCOPES, Reply, Says
from tests.support.slack_world import slack_living

PLAIN = """
{playbook: plain, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -30d, steps: [{ask: owner}]}, {at: +1d, steps: [{ask: owner}]}]}
"""
POST, UPDATE, HISTORY = "chat.postMessage", "chat.update", "conversations.history"
FIRST = "2026-11-02 08:30 olga@slack: ACME-7 notice -30d.0"


@pytest.fixture
def world():
    """Olga is to be told at 08:30 on 2 November."""
    with slack_living() as made:
        made.playbooks(PLAIN)
        made.agreement()
        yield made


def states(world):
    rows = [one for one in world.deliveries() if one.kind == "step"]
    return [f"{one.channel} {one.recipient_name.lower()} {one.state}" for one in reversed(rows)]


def tries(world):
    (one,) = [row for row in world.deliveries() if row.kind == "step"]
    with world.monitor.look() as work:
        return [f"{row.action} {row.result}" for row in work.deliveries.attempts_of(one.id)]


# -- sending ----------------------------------------------------------------------------------------------------------


def test_a_post_whose_answer_is_lost_is_found_and_not_posted_again(world):
    world.server.script(POST, CLOSE, after=True)
    world.live_until("2026-11-02T09:00")
    world.expect(FIRST)
    assert tries(world) == ["send in_doubt", "find found"]
    assert states(world) == ["slack olga accepted"]


def test_what_was_found_shows_the_present_like_any_other(world):
    world.server.script(POST, CLOSE, after=True)
    world.live_until("2026-11-02T09:00")
    world.expect(FIRST)
    world.say(ops.acknowledge, "ACME-7 notice")
    world.tick()
    assert "Acknowledged by olga@example.com" in world.reads("olga")


def test_an_answer_during_the_doubt_is_shown_once_it_is_found(world):
    world.server.script(POST, CLOSE, after=True)
    world.live_until("2026-11-02T08:31")
    world.say(ops.done, "ACME-7 notice", evidence="courier 1Z999")
    world.live_until("2026-11-02T09:00")
    assert states(world) == ["slack olga accepted"]
    assert "Done" in world.reads("olga")
    world.expect(FIRST)


def test_a_post_that_never_arrived_is_posted_after_the_quarantine(world):
    world.server.script(POST, CLOSE)
    world.live_until("2026-11-02T09:00")
    assert tries(world) == ["send in_doubt", "find absent", "send accepted"]
    world.expect("2026-11-02 08:33 olga@slack: ACME-7 notice -30d.0")


def test_a_page_of_html_is_looked_up_and_not_guessed(world):
    world.server.script(POST, Reply(502), after=True)
    world.live_until("2026-11-02T09:00")
    world.expect(FIRST)
    assert tries(world) == ["send in_doubt", "find found"]


def test_without_the_right_to_read_history_the_mail_says_that_it_may_have_arrived(world):
    world.server.scopes = SCOPES - {"im:history", "channels:history", "groups:history"}
    world.server.script(POST, CLOSE, after=True)
    world.live_until("2026-11-02T10:00")
    world.expect(FIRST, "2026-11-02 09:30 olga: ACME-7 notice -30d.0 instead")
    mail = world.mail.sheets[world.mail.taken[0].delivery_id]
    assert mail.text == "This message may also have arrived by Slack."
    assert states(world) == ["slack olga failed", "email olga accepted"]


def test_a_house_may_leave_such_a_doubt_to_a_person(world):
    world.monitor = replace(world.monitor, house=replace(world.monitor.house, post_in_doubt="hold"))
    world.server.scopes = SCOPES - {"im:history", "channels:history", "groups:history"}
    world.server.script(POST, CLOSE, after=True)
    world.live_until("2026-11-02T10:00")
    assert states(world) == ["slack olga held"]
    assert world.incidents() == ["held_in_doubt"]
    world.live_until("2026-11-03T09:00")
    world.expect(FIRST, *[line for line in world.unexpected if "held in doubt" in line])


def test_a_slack_that_asks_for_patience_is_not_asked_meanwhile_and_nothing_failed(world):
    world.server.script(POST, Reply(429, headers={"Retry-After": "600"}))
    world.live_until("2026-11-02T08:39")
    assert len(world.server.called(POST)) == 1
    world.live_until("2026-11-02T08:45")
    world.expect("2026-11-02 08:40 olga@slack: ACME-7 notice -30d.0")
    (one,) = world.deliveries()
    assert (one.attempts, one.failures) == (1, 0)


def test_nobody_else_is_told_while_slack_asks_for_patience(world):
    world.agreement("BETA-1", owner="ben", backup="olga")
    world.server.script(POST, Reply(429, headers={"Retry-After": "600"}))
    world.live_until("2026-11-02T08:39")
    assert len(world.server.called(POST)) == 1
    world.live_until("2026-11-02T08:45")
    world.expect(
        "2026-11-02 08:40 olga@slack: ACME-7 notice -30d.0", "2026-11-02 08:40 ben@slack: BETA-1 notice -30d.0"
    )


def test_a_patience_beyond_the_day_is_told_by_mail_in_time(world):
    world.server.script(POST, Reply(429, headers={"Retry-After": "86400"}), times=None)
    world.live_until("2026-12-03T08:00")
    assert states(world)[:1] == ["slack olga expired"]
    world.expect(*[line for line in world.unexpected if "instead" in line])


def test_messages_leave_no_faster_than_the_workspace_takes_them():
    with slack_living(rate=1.0) as world:
        world.playbooks(PLAIN)
        names = [f"P{number}" for number in range(6)]
        for name in names:
            world.person(name)
            world.agreement(f"ACME-{name}", owner=name.lower())
        world.live_until("2026-11-02T09:00")
        at = [float(one["ts"]) for one in world.server.accepted]
        assert len(at) == 6
        assert min(later - earlier for earlier, later in pairwise(at)) >= 1.0
        assert at[-1] - at[0] < 7
        world.expect(*world.unexpected)


def test_those_who_wait_for_their_turn_stand_in_line_and_do_not_all_ask_each_second():
    with slack_living(rate=1.0) as world:
        world.playbooks(PLAIN)
        for number in range(6):
            world.person(f"P{number}")
            world.agreement(f"ACME-{number}", owner=f"p{number}")
        gated = []
        world.monitor = replace(world.monitor, reached=lambda point, *_: gated.append(point))
        world.live_until("2026-11-02T09:00")
        assert gated.count(Point.GATED) <= 2 * (6 + 5)  # before and after the commit: once in vain, once to leave
        world.expect(*world.unexpected)


def test_one_conversation_gets_three_at_once_and_then_one_a_second():
    with slack_living() as world:
        world.server.channel("audits")
        world.server.posts_per_second = 3
        start = world.clock.now()
        with world.monitor.work() as work:
            for number in range(6):
                row = delivery(
                    id=f"d-{number}", dedupe_key=f"key-{number}", channel="slack", address="#audits", recipient_id=None,
                    created_at=start, next_attempt_at=start, expires_at=start + timedelta(days=1),
                )  # fmt: skip
                sheet = facts(delivery_id=row.id, kind=row.kind, heading="Trouble", text="It is over.")
                frozen = world.slack.compose(sheet)
                work.deliveries.add([(row, Body(frozen.subject, frozen.content_type, frozen.body))])
        world.live_until(start + timedelta(minutes=1))
        seconds = [int(float(one["ts"]) - start.timestamp()) for one in world.server.accepted]
        assert seconds == [0, 0, 0, 1, 2, 3]
        assert len(world.server.called(POST)) == 6  # none was refused for haste
        world.expect(*world.unexpected)


def test_a_token_that_was_revoked_is_told_to_the_operators_and_everybody_by_mail(world):
    world.server.script(POST, Says("token_revoked"), times=None)
    world.live_until("2026-11-03T09:00")
    assert world.incidents() == ["channel_refused"]
    lines = world.unexpected
    assert "2026-11-02 08:30 olga: ACME-7 notice -30d.0 instead" in lines
    assert any(" ada: Channel refused" in line for line in lines), lines
    world.expect(*lines)


def test_somebody_whom_slack_does_not_know_is_told_by_mail(world):
    world.server.users.pop("U0002")
    world.live_until("2026-11-02T09:00")
    world.expect("2026-11-02 08:30 olga: ACME-7 notice -30d.0 instead")


def test_a_message_whose_form_is_refused_arrives_as_plain_text(world):
    world.server.script(POST, Says("invalid_blocks"))
    world.live_until("2026-11-02T09:00")
    world.expect(FIRST)
    assert "What happens next" in world.conversation("olga")[0]["text"]


@pytest.mark.parametrize("title", vars(HOSTILE).values(), ids=vars(HOSTILE).keys())
def test_hostile_titles_arrive_whole_and_show_the_present(title):
    with slack_living() as world:
        world.playbooks(PLAIN)
        world.agreement(title=title.encode("utf-8", "replace").decode(), counterparty="Acme <!channel> & Co")
        world.live_until("2026-11-02T09:00")
        world.expect(FIRST)
        world.say(ops.done, "ACME-7 notice", evidence=title.encode("utf-8", "replace").decode())
        world.tick()
        (message,) = world.conversation("olga")
        assert "<!channel>" not in str(message["blocks"])
        assert ": Done on Mon 2 Nov 2026" in message["text"]
        assert message["blocks"], "it was refused, and left as plain text"


# -- showing anew -----------------------------------------------------------------------------------------------------


@pytest.fixture
def told(world):
    world.live_until("2026-11-02T09:00")
    world.expect(FIRST)
    return world


def test_an_edit_that_fails_is_tried_until_the_message_shows_the_present(told):
    for act in (CLOSE, Reply(500), Says("internal_error"), Reply(429, headers={"Retry-After": "60"})):
        told.server.script(UPDATE, act)
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-11-02T09:10")
    assert "Acknowledged by olga@example.com" in told.reads("olga")
    assert len(told.server.called(UPDATE)) == 5


def test_an_edit_whose_answer_is_lost_is_made_again_and_changes_nothing(told):
    told.server.script(UPDATE, CLOSE, after=True)
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-11-02T09:10")
    assert "Acknowledged by olga@example.com" in told.reads("olga")
    assert len(told.server.updates) == 2


def test_a_message_that_somebody_deleted_is_left_alone(told):
    told.server.accepted.clear()
    told._expected["slack"] = 0
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-11-02T10:00")
    assert len(told.server.called(UPDATE)) == 1
    assert told.server.accepted == []
    told.say(ops.undo, "ACME-7 notice")
    told.live_until("2026-11-02T11:00")
    assert len(told.server.called(UPDATE)) == 1


def test_whoever_comes_too_late_does_not_have_the_last_word(told):
    """One worker stalls before it shows the acknowledgement; another shows the outcome; then the first writes."""
    told.say(ops.acknowledge, "ACME-7 notice")
    late = Stalled(told.slack, lambda: other_worker(told))
    engine_posted.show(replace(told.monitor, notifiers={**told.monitor.notifiers, "slack": late}))
    assert "Acknowledged" in told.reads("olga")  # written over what the other had shown
    told.live_until(told.clock.now() + timedelta(minutes=1))
    assert "Done" in told.reads("olga")


def other_worker(world):
    world.clock.advance(timedelta(seconds=world.monitor.house.timings.lease + 1))
    world.say(ops.done, "ACME-7 notice", evidence="courier 1Z999")
    world.tick()
    assert "Done" in world.reads("olga")


class Stalled:
    """The notifier of a worker that stands still between composing and writing."""

    def __init__(self, real, meanwhile):
        self._real, self._meanwhile = real, [meanwhile]

    def __getattr__(self, name):
        return getattr(self._real, name)

    def update(self, ref, frozen):
        while self._meanwhile:
            self._meanwhile.pop()()
        return self._real.update(ref, frozen)


def test_a_worker_that_dies_while_it_edits_is_followed_by_another(told):
    def dies():
        raise KeyboardInterrupt

    dying = Stalled(told.slack, dies)
    told.say(ops.acknowledge, "ACME-7 notice")
    with pytest.raises(KeyboardInterrupt):
        engine_posted.show(replace(told.monitor, notifiers={**told.monitor.notifiers, "slack": dying}))
    assert "Acknowledged" not in told.reads("olga")
    told.live_until(told.clock.now() + timedelta(minutes=2))
    assert "Acknowledged" in told.reads("olga")


WORDS = {"acknowledged": "Acknowledged by", "snoozed": "Snoozed by", "done": "Done on"}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_answer_and_slack_breaks_in_the_end_every_message_shows_the_present(told, seed):
    chance = random.Random(seed)
    for _ in range(12):
        act = chance.choice([CLOSE, DROP, Reply(500), Reply(429, headers={"Retry-After": "3"}), Says("fatal_error")])
        told.server.script(UPDATE, act, after=chance.random() < 0.5)
        operation, said = chance.choice(
            [(ops.acknowledge, {}), (ops.undo, {}), (ops.snooze, {"until": date(2026, 11, 9)})]
        )
        told.say(operation, "ACME-7 notice", **said)
        told.live_until(told.clock.now() + timedelta(seconds=chance.choice([0, 1, 20, 90])))
    if seed % 2:
        told.say(ops.done, "ACME-7 notice", evidence="courier 1Z999")
    told.server.behave()
    told.live_until(told.clock.now() + timedelta(hours=2))
    said = [word for state, word in WORDS.items() if word in told.reads("olga")]
    state = "done" if seed % 2 else told.row("ACME-7 notice").state
    assert said == ([WORDS[state]] if state in WORDS else [])
    assert ("acknowledge" in told.buttons("olga")) == (state in {"open", "snoozed"})


# -- who is there -----------------------------------------------------------------------------------------------------


def looked_up(world):
    return [one["user"] for one in world.server.called("users.info")]


def test_somebody_who_was_deactivated_is_told_by_mail_from_the_next_day_on(told):
    told.unclean = {"dead_contact"}
    told.server.deactivate("U0002")
    told.live_until("2026-12-03T09:00")
    told.expect("2026-12-03 08:30 olga: ACME-7 notice +1d.0")


def test_somebody_who_is_back_is_told_in_slack_again(told):
    told.server.deactivate("U0002")
    told.live_until("2026-11-10T09:00")
    told.server.users["U0002"]["deleted"] = False
    told.live_until("2026-12-03T09:00")
    told.expect("2026-12-03 08:30 olga@slack: ACME-7 notice +1d.0")


def test_a_slack_that_does_not_answer_declares_nobody_gone(told):
    told.server.script("users.info", Reply(500), times=None)
    told.live_until("2026-11-04T09:00")
    told.server.behave()
    told.live_until("2026-12-03T09:00")
    told.expect("2026-12-03 08:30 olga@slack: ACME-7 notice +1d.0")


def test_who_has_left_the_house_is_looked_up_no_more_until_they_are_back(told):
    told.leave("olga")
    told.live_until("2026-11-03T10:00")
    told.expect("2026-11-02 09:00 ada@slack ben@slack leo@slack mia@slack: ACME-7: owner left")
    with told.monitor.work() as work:
        ops.change_person(work, replace(work.people.by_email("olga@example.com"), is_disabled=False))
    assert "U0002" not in looked_up(told)
    told.tick()
    assert looked_up(told).count("U0002") == 1


def test_an_address_that_nobody_has_any_more_is_looked_up_no_more(told):
    with told.monitor.work() as work:
        ops.change_person(work, replace(work.people.by_email("olga@example.com"), email="olga.new@example.com"))
    told.live_until("2026-11-03T10:00")
    assert looked_up(told) == []


def test_people_are_looked_up_once_a_day(told):
    told.live_until("2026-11-12T09:00")
    assert len(told.server.called("users.info")) == 10
