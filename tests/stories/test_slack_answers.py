"""From a message in Slack to an answer and back into the message: real HTTP on both sides."""

import hmac
import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from engine import operations as ops
from engine.incoming.links import Links
from notifiers.slack.client import SlackClient
from tests.support.asking import Client
from tests.support.slack_server import TOKEN, Says
from tests.support.slack_world import slack_living, texts
from web.slack.door import SlackDoor
from web.slack.people import Accounts
from web.slack.routes import router

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class Reader:
    """Somebody who presses the buttons of their own messages."""

    def __init__(self, world):
        self.world = world
        client = SlackClient(TOKEN, api_url=world.server.url, timeout=5.0)
        door = SlackDoor(world.monitor, client, Accounts(world.monitor, client))
        app = FastAPI()
        app.include_router(router(world.monitor, door, signing_secret=SECRET))
        self.client = Client(app)
        self.pressed = 0

    def button(self, name, action_id, at=-1):
        """A button of a message as it reads now."""
        rows = [block for block in self.world.conversation(name)[at]["blocks"] if block["type"] == "actions"]
        return next(one for row in rows for one in row["elements"] if one["action_id"] == action_id)

    def press(self, name, button):
        """Press it; Slack signs, sends, and waits for the answer."""
        self.pressed += 1
        user = next(one for one in self.world.server.users.values() if one["name"] == name)
        stamp = str(int(self.world.clock.now().timestamp()))
        payload = {
            "type": "block_actions",
            "team": {"id": "T0001"},
            "user": {"id": user["id"], "username": name, "team_id": "T0001"},
            "trigger_id": f"1.2.{self.pressed}",
            "actions": [{**button, "action_ts": f"{stamp}.{self.pressed:06d}"}],
        }
        body = urlencode({"payload": json.dumps(payload)})
        digest = hmac.digest(SECRET.encode(), f"v0:{stamp}:{body}".encode(), "sha256").hex()
        headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}
        answer = self.client.post("/slack/interactions", content=body, headers=headers)
        assert answer.status_code == 200

    def window(self):
        """What the last window that was opened says."""
        return texts(self.world.server.views[-1]["view"]["blocks"])


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
