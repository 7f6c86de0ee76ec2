"""A World whose Slack is real up to the wire: the notifier, HTTP, and a server that keeps what it accepted.

The server tells the time by the world's clock. A message that reached it must be expected, as in every World.
"""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from notifiers.slack.notifier import SlackNotifier, SlackSettings
from tests.support.channels import Taken
from tests.support.slack_server import TOKEN, SlackServer
from tests.support.world import World


class WatchedSlack:
    """The real notifier; what each message was composed of is kept, and what arrived is what the server has."""

    def __init__(self, server, *, rate=1000.0):
        self._server = server
        self._real = SlackNotifier(SlackSettings(token=TOKEN, api_url=server.url, rate=rate, timeout=2.0))
        self.sheets = {}

    def __getattr__(self, name):
        return getattr(self._real, name)

    def compose(self, facts):
        self.sheets[facts.delivery_id] = facts
        return self._real.compose(facts)

    @property
    def taken(self):
        return [
            Taken(
                datetime.fromtimestamp(float(one["ts"]), UTC),
                self._address(one["channel"]),
                one["metadata"]["event_payload"]["delivery_id"],
                one,
            )
            for one in self._server.accepted
        ]

    def _address(self, conversation):
        if conversation.startswith("D"):
            return self._server.users[f"U{conversation[1:]}"]["profile"]["email"]
        return f"#{self._server.channels[conversation]['name']}"


class SlackWorld(World):
    """``SlackWorld(server)``: people are told by Slack first, then by mail."""

    def __init__(self, server, *args, rate=1000.0, **said):
        super().__init__(*args, **{"channels": ("slack", "email")} | said)
        self.server = server
        server.now = lambda: self.clock.now().timestamp()
        self.slack = WatchedSlack(server, rate=rate)
        self.monitor = replace(self.monitor, notifiers={"email": self.mail, "slack": self.slack})

    def person(self, name, **said):
        self.server.user(name)
        return super().person(name, **said)

    def conversation(self, name):
        """The messages that somebody has in Slack, as they read now, oldest first."""
        return [one for one in self.server.accepted if self.slack._address(one["channel"]) == f"{name}@example.com"]

    def reads(self, name, at=-1):
        """All that a message says now, as lines."""
        return texts(self.conversation(name)[at]["blocks"])

    def buttons(self, name, at=-1):
        """What can be answered from a message now."""
        rows = [block for block in self.conversation(name)[at]["blocks"] if block["type"] == "actions"]
        return [one["action_id"] for row in rows for one in row["elements"]]


def texts(blocks):
    """The texts of blocks, one a line."""
    parts = [
        part
        for block in blocks
        for part in (block.get("text"), *block.get("fields", []), *block.get("elements", []))
        if part and isinstance(part.get("text"), str)
    ]
    return "\n".join(part["text"] for part in parts)


@contextmanager
def slack_living(at="2026-10-30T09:00", **said):
    """A world with its staff in Slack, from the Friday before the first message is due; checked at its end."""
    with SlackServer() as server:
        world = SlackWorld(server, at, **said)
        world.staff()
        try:
            yield world
            world.check()
        finally:
            world.monitor.database.close()
