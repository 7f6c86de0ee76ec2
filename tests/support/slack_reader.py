"""Somebody who reads Slack and answers there: presses buttons, fills in the windows that open. Real HTTP both ways."""

import hmac
import json
from urllib.parse import urlencode

from fastapi import FastAPI

from notifiers.slack.client import SlackClient
from tests.support.asking import Client
from tests.support.slack_server import TOKEN
from tests.support.slack_world import texts
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
        app.router.routes.extend(router(world.monitor, door, signing_secret=SECRET).routes)
        self.client = Client(app)
        self.pressed = 0

    def button(self, name, action_id, at=-1):
        """A button of a message as it reads now."""
        rows = [block for block in self.world.conversation(name)[at]["blocks"] if block["type"] == "actions"]
        return next(one for row in rows for one in row["elements"] if one["action_id"] == action_id)

    def press(self, name, button):
        """Press it; Slack signs, sends, and waits for the answer."""
        self.pressed += 1
        stamp = int(self.world.clock.now().timestamp())
        self._sent(
            name,
            type="block_actions",
            trigger_id=f"1.2.{self.pressed}",
            actions=[{**button, "action_ts": f"{stamp}.{self.pressed:06d}"}],
        )

    def fill(self, name, **typed):
        """Send the window that was opened last, with what was typed into it."""
        view = self.world.server.views[-1]["view"]
        fields = {block["block_id"]: block["element"]["type"] for block in view["blocks"] if block["type"] == "input"}
        state = {one: {"value": {"type": kind, **_typed(kind, typed.get(one))}} for one, kind in fields.items()}
        told = {name: view[name] for name in ("callback_id", "private_metadata")}
        self._sent(name, type="view_submission", view={"id": "V0001", **told, "state": {"values": state}})

    def window(self):
        """What the last window that was opened says."""
        return texts(self.world.server.views[-1]["view"]["blocks"])

    def _sent(self, name, **payload):
        user = next(one for one in self.world.server.users.values() if one["name"] == name)
        stamp = str(int(self.world.clock.now().timestamp()))
        who = {"id": user["id"], "username": name, "team_id": "T0001"}
        body = urlencode({"payload": json.dumps({"team": {"id": "T0001"}, "user": who, **payload})})
        digest = hmac.digest(SECRET.encode(), f"v0:{stamp}:{body}".encode(), "sha256").hex()
        headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}
        answer = self.client.post("/slack/interactions", content=body, headers=headers)
        assert answer.status_code == 200


def _typed(kind, text):
    return {
        "datepicker": {"selected_date": text},
        "static_select": {"selected_option": {"value": text} if text else None},
        "users_select": {"selected_user": text},
        "plain_text_input": {"value": text},
    }[kind]
