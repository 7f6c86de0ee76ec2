"""What people read in Slack from the first message to the outcome: real HTTP to a server that keeps what it took."""

import json
from dataclasses import replace
from datetime import date

import pytest

from engine import operations as ops
from lifecycle.delivery import DeliveryState
from tests.support.agreements import provided
from tests.support.slack_world import slack_living, texts

PLAIN = """
{playbook: plain, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -30d, steps: [{ask: owner}]}, {at: -14d, require: decision, steps: [{ask: owner}]},
  {at: +1d, steps: [{ask: owner, repeat: {every: 2bd, times: 1}}]}]}
"""


@pytest.fixture
def told():
    """Olga has the first message, at 09:00 on its day."""
    with slack_living() as world:
        world.playbooks(PLAIN)
        world.agreement()
        world.live_until("2026-11-02T09:00")
        world.expect("2026-11-02 08:30 olga@slack: ACME-7 notice -30d.0")
        yield world


def posted(world):
    """``shown/wanted`` of every message, the oldest first."""
    ids = [one.id for one in reversed(world.deliveries())]
    with world.monitor.look() as work:
        rows = [work.posted.get(one) for one in ids]
    return [f"{row.shown}/{row.wanted}" for row in rows if row]


def values(world, at=0):
    """What the buttons of a message say when they are pressed."""
    (row,) = [one for one in world.conversation("olga")[at]["blocks"] if one["type"] == "actions"]
    return [json.loads(one["value"]) for one in row["elements"]]


def test_the_owner_is_told_in_a_conversation_of_their_own(told):
    (message,) = told.conversation("olga")
    assert told.buttons("olga") == ["acknowledge", "snooze", "done", "decide", "assign"]
    assert message["text"].startswith("Send non-renewal notice to Acme Labs by Wed 2 Dec 2026 (in 30 days)")
    assert "Wed 18 Nov: Olga" in told.reads("olga")


def test_after_an_acknowledgement_the_message_says_who_has_it_and_is_still_open(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.tick()
    assert told.buttons("olga") == ["snooze", "done", "decide", "assign"]
    assert (
        "Acknowledged by olga@example.com, Mon 2 Nov 2026 09:00 Europe/Berlin. "
        "Quiet until Wed 18 Nov 2026 08:30 Europe/Berlin. Still open."
    ) in told.reads("olga")
    assert len(told.conversation("olga")) == 1


def test_an_answer_where_no_slack_is_set_up_is_shown_by_the_process_that_has_it(told):
    serving = told.monitor
    told.monitor = replace(serving, notifiers={"email": told.mail})
    told.say(ops.acknowledge, "ACME-7 notice")
    told.monitor = serving
    told.tick()
    assert "Acknowledged by olga@example.com" in told.reads("olga")


def test_what_is_next_after_an_acknowledgement_is_the_next_stage(told):
    told.playbooks(PLAIN.replace("[{ask: owner}]}, {at: -14d", "[{ask: owner}, {after: 3bd, ask: backup}]}, {at: -14d"))
    told.agreement("BETA-1")
    told.tick()
    told.expect("2026-11-02 09:00 olga@slack: BETA-1 notice -30d.0")
    assert "Thu 5 Nov: Ben" in told.reads("olga")
    told.say(ops.acknowledge, "BETA-1 notice")
    told.tick()
    assert "Thu 5 Nov: Ben" not in told.reads("olga")
    assert "Wed 18 Nov: Olga" in told.reads("olga")


def test_an_acknowledgement_that_ends_gives_the_button_back(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-11-18T09:00")
    told.expect("2026-11-18 08:30 olga@slack: ACME-7 notice -14d.0")
    assert "acknowledge" in told.buttons("olga", 0)
    assert "Acknowledged" not in told.reads("olga", 0)


def test_a_snooze_is_shown_with_who_and_until_when(told):
    told.say(ops.snooze, "ACME-7 notice", until=date(2026, 11, 9))
    told.tick()
    assert (
        "Snoozed by olga@example.com, Mon 2 Nov 2026 09:00 Europe/Berlin. "
        "Quiet until Mon 9 Nov 2026 08:30 Europe/Berlin. Still open."
    ) in told.reads("olga")


def test_an_outcome_leaves_no_button_and_asks_for_nothing(told):
    told.say(ops.done, "ACME-7 notice", evidence="courier 1Z999")
    told.tick()
    assert told.buttons("olga") == []
    assert "Done on Mon 2 Nov 2026 by olga@example.com" in told.reads("olga")
    assert "courier 1Z999" in told.reads("olga")
    assert "Send non-renewal notice" not in told.reads("olga")
    assert told.conversation("olga")[0]["text"].startswith("Acme Labs: Done on Mon 2 Nov 2026")


def test_an_answer_that_is_only_noted_says_so_in_every_message(told):
    told.live_until("2026-11-18T09:00")
    told.expect("2026-11-18 08:30 olga@slack: ACME-7 notice -14d.0")
    told.say(ops.acknowledge, "ACME-7 notice")
    told.live_until("2026-11-18T09:05")
    for at in (0, 1):
        assert "Noted by olga@example.com" in told.reads("olga", at)
        assert "acknowledge" not in told.buttons("olga", at)


def test_an_acknowledgement_that_is_taken_back_can_be_given_again(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.tick()
    told.say(ops.undo, "ACME-7 notice")
    told.live_until("2026-11-02T09:05")
    assert "acknowledge" in told.buttons("olga")


def test_a_day_that_moved_is_shown_where_the_old_one_was_told(told):
    told.amend(provisions=provided(notice_days=58))
    told.tick()
    (first, changed) = told.conversation("olga")
    assert changed["thread_ts"] == first["ts"]
    assert "The day has moved: it was Wed 2 Dec 2026" in told.reads("olga", 0)
    assert {one["revision"] for one in values(told)} == {1}
    told.expect("2026-11-02 09:00 olga@slack: ACME-7 notice moved from 2026-12-02 to 2026-12-04")


def test_a_changed_message_shows_the_present_too(told):
    told.amend(provisions=provided(notice_days=58))
    told.tick()
    told.expect("2026-11-02 09:00 olga@slack: ACME-7 notice moved from 2026-12-02 to 2026-12-04")
    told.say(ops.done, "ACME-7 notice", evidence="courier 1Z999")
    told.live_until("2026-11-02T09:05")
    assert [told.buttons("olga", at) for at in (0, 1)] == [[], []]
    assert "Done" in told.reads("olga", 1)


def test_what_ended_with_the_agreement_is_shown_as_over(told):
    told.do(ops.archive, because="the project is over", by="ada")
    told.tick()
    assert told.buttons("olga") == []
    assert "No longer due: its reason is gone." in told.reads("olga")


def test_two_answers_in_a_row_need_one_edit(told):
    told.say(ops.acknowledge, "ACME-7 notice")
    told.say(ops.done, "ACME-7 notice", evidence="courier 1Z999")
    told.tick()
    assert len(told.server.updates) == 1
    assert posted(told) == ["2/2"]
    assert "Done" in told.reads("olga")


def test_later_stages_stand_in_the_thread_and_the_last_on_its_own(told):
    told.live_until("2026-12-10T09:00")
    told.expect(
        "2026-11-18 08:30 olga@slack: ACME-7 notice -14d.0",
        "2026-12-03 08:30 olga@slack: ACME-7 notice +1d.0",
        "2026-12-07 08:30 olga@slack: ACME-7 notice +1d.0.1",
    )
    first, second, last, again = told.conversation("olga")
    assert second["thread_ts"] == first["ts"]
    assert "thread_ts" not in last
    assert again["thread_ts"] == last["ts"]


def test_a_missed_day_reads_as_overdue_in_the_first_message_too(told):
    told.live_until("2026-12-03T09:00")
    told.expect("2026-11-18 08:30 olga@slack: ACME-7 notice -14d.0", "2026-12-03 08:30 olga@slack: ACME-7 notice +1d.0")
    assert told.reads("olga", 0).startswith("1 day overdue")
    assert "snooze" not in told.buttons("olga", 0)


def test_an_owner_who_changes_is_shown_and_the_new_one_is_told(told):
    told.say(ops.assign, "ACME-7 notice", owner_id=told.id_of("ben"))
    told.live_until("2026-11-02T09:05")
    assert "Ben" in told.reads("olga")
    assert "You answer for it now." in told.reads("ben")
    assert "You answer for it now." not in told.reads("olga")
    assert told.buttons("ben") == ["acknowledge", "snooze", "done", "decide", "assign"]
    told.expect("2026-11-02 09:00 ben@slack: ACME-7 notice is yours")


def test_a_digest_has_a_row_for_each_and_no_buttons():
    ladder = PLAIN.replace("{at: -30d,", "{at: -30d, urgency: digest,")
    with slack_living() as world:
        world.playbooks(ladder)
        for number in range(12):
            world.agreement(f"ACME-{number}")
        world.live_until("2026-11-09T09:00")
        (message,) = world.conversation("olga")
        assert world.buttons("olga") == []
        assert sum("Acme Labs" in world_text for world_text in rows(message)) == 10
        assert "and 2 more" in world.reads("olga")
        assert len(world.unexpected) == 1
        world.expect(*world.unexpected)


def rows(message):
    return [one["text"]["text"] for one in message["blocks"] if one["type"] == "section" and "text" in one]


def test_an_incident_reaches_the_operators_in_slack(told):
    told.leave("ben")
    told.leave("olga")
    told.live_until("2026-11-03T09:00")
    assert "Olga, the owner of ACME-7, has left." in told.reads("ada")
    assert "owner left" in "".join(told.unexpected)
    told.expect(*told.unexpected)


def test_nothing_is_posted_or_edited_in_shadow_mode():
    with slack_living(shadow_mode=True) as world:
        world.playbooks(PLAIN)
        world.agreement()
        world.live_until("2026-11-02T09:00")
        world.say(ops.acknowledge, "ACME-7 notice")
        world.live_until("2026-11-04T09:00")
        assert world.server.calls == []
        assert {one.state for one in world.deliveries()} == {DeliveryState.CANCELLED}


def test_a_restricted_agreement_is_told_people_and_never_a_channel():
    ladder = PLAIN.replace(
        "steps: [{ask: owner}]}, {at: -14d", 'steps: [{ask: [owner, "address:slack:#audits"]}]}, {at: -14d'
    )
    with slack_living() as world:
        world.server.channel("audits")
        world.playbooks(ladder)
        world.agreement("OPEN-1")
        world.agreement("SECRET-1", restricted_to=("team:board",))
        world.live_until("2026-11-02T09:00")
        world.expect(
            "2026-11-02 08:30 #audits@slack olga@slack: OPEN-1 notice -30d.0",
            "2026-11-02 08:30 olga@slack: SECRET-1 notice -30d.0",
        )


def test_what_a_channel_and_outsiders_have_read_is_taken_back_when_an_agreement_is_restricted():
    ladder = PLAIN.replace(
        "steps: [{ask: owner}]}, {at: -14d",
        'steps: [{ask: [owner, "role:legal", "address:slack:#audits"]}]}, {at: -14d',
    )
    with slack_living() as world:
        world.server.channel("audits")
        world.playbooks(ladder)
        world.agreement(title="Purchase of Kestrel")
        world.live_until("2026-11-02T09:00")
        world.expect("2026-11-02 08:30 #audits@slack leo@slack olga@slack: ACME-7 notice -30d.0")
        world.amend(restricted_to=("team:board",))
        world.live_until("2026-11-02T09:01")
        told = {world.slack._address(one["channel"]): texts(one["blocks"]) for one in world.server.accepted}
        assert {reader: "Kestrel" in said for reader, said in told.items()} == {
            "#audits": False,
            "leo@example.com": False,
            "olga@example.com": True,
        }
        assert world.buttons("leo") == []
        assert "ACME-7" in world.reads("leo")
