"""From a message in Slack to an answer and back into the message: real HTTP on both sides."""

import json
from dataclasses import replace

import pytest

from engine import operations as ops
from engine.incoming.links import Links
from tests.support.slack_reader import Reader
from tests.support.slack_server import Says
from tests.support.slack_world import slack_living


@pytest.fixture
def told():
    """Olga has the first message in Slack, at 09:00 on its day."""
    with slack_living("2026-10-30T09:00") as world:
        world.monitor = replace(world.monitor, links=Links("s" * 32, "https://longstop.example"))
        world.agreement()
        world.live_until("2026-11-02T09:00")
        world.expect(*world.unexpected)
        yield world


def test_a_click_is_seen_in_the_message_and_no_second_message_comes(told):
    reader, before = Reader(told), len(told.conversation("olga"))
    assert told.buttons("olga") == ["acknowledge", "snooze", "done", "decide", "assign", "open"]
    reader.press("olga", reader.button("olga", "acknowledge"))
    told.tick()
    assert "Acknowledged by olga@example.com, Mon 2 Nov 2026 09:00 Europe/Berlin." in told.reads("olga")
    assert told.buttons("olga") == ["snooze", "done", "decide", "assign", "open"]
    assert len(told.conversation("olga")) == before
    assert told.server.views == []


def test_a_button_that_is_out_of_date_changes_nothing_and_its_message_is_shown_anew(told):
    reader = Reader(told)
    button = reader.button("olga", "acknowledge")
    told.say(ops.pin, "ACME-7 notice", on=told.row("ACME-7 notice").safe_on.replace(day=1), because="the board")
    reader.press("olga", button)
    assert told.row("ACME-7 notice").state == "open"
    assert reader.window() == "The day is now Tue 1 Dec 2026."
    told.tick()
    told.expect("2026-11-02 09:00 olga@slack: ACME-7 notice moved from 2026-12-02 to 2026-12-01")
    now = json.loads(reader.button("olga", "acknowledge", at=1)["value"])
    assert now["revision"] == told.row("ACME-7 notice").revision
    reader.press("olga", reader.button("olga", "acknowledge", at=1))
    assert told.row("ACME-7 notice").state == "acknowledged"


def test_a_click_on_a_message_that_could_not_be_shown_anew_shows_it_anew_at_once(told):
    reader = Reader(told)
    button = reader.button("olga", "acknowledge")
    told.server.script("chat.update", Says("internal_error"))
    told.say(ops.acknowledge, "ACME-7 notice", by="ben")
    told.tick()
    assert "Acknowledged" not in told.reads("olga")  # Slack did not take it, and it is tried again in a while
    reader.press("olga", button)
    told.live_until("2026-11-02T09:00:05")  # at Slack's own pace, and sooner than it would have been
    assert "Acknowledged by ben@example.com" in told.reads("olga")


def test_whoever_comes_second_is_told_alone_who_has_it(told):
    reader = Reader(told)
    button = reader.button("olga", "acknowledge")
    reader.press("olga", button)
    reader.press("ben", button)
    assert reader.window() == "olga@example.com has it already."
    assert [one for one in told.conversation("ben") if "has it already" in json.dumps(one)] == []


def test_a_decision_that_ended_it_is_not_said_to_be_open_still(told):
    told.say(ops.decide, "ACME-7 notice", choice="terminate", note="too dear")
    told.live_until("2026-11-02T09:02")
    assert "terminate. Still open until it is done." in told.reads("olga")
    told.say(ops.decide, "ACME-7 notice", choice="renew", note="cheaper now")
    told.live_until("2026-11-02T09:04")
    now = told.reads("olga")
    assert "Decided on Mon 2 Nov 2026 by olga@example.com, Mon 2 Nov 2026 09:02 Europe/Berlin: renew" in now
    assert "open" not in now.lower()
