"""The same relationship, where Leo of legal is told by Slack and answers there: real HTTP both ways.

What he was told is among ``messages`` as it was posted, and as it read at the end, with the answer in it.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime

from engine import operations as ops
from tests.support.relationship import Told
from tests.support.slack_reader import Reader
from tests.support.slack_world import SlackWorld, WatchedSlack, texts


class ToldInSlack(Told):
    """``ToldInSlack(server, folder)``: everybody else is told by mail."""

    conversation, reads, buttons = SlackWorld.conversation, SlackWorld.reads, SlackWorld.buttons

    def __init__(self, server, folder, **said):
        super().__init__(folder, **said)
        self.server = server
        server.now = lambda: self.clock.now().timestamp()
        server.user("Leo")
        self.slack = WatchedSlack(server)
        self.monitor = replace(self.monitor, notifiers={"email": self.mail, "slack": self.slack})
        with self.by("ada") as work:
            leo = work.people.by_email("leo@example.com")
            ops.change_person(work, replace(leo, channels=("slack", "email")))
        self._reader = Reader(self)

    def live_until(self, at):
        """As always; whether Leo is still there is not asked each day of eight years, which is another story."""
        super().live_until(at)
        with self.monitor.work() as work:
            work.whereabouts.look_again("slack", "leo@example.com", self.instant("2040-01-01T00:00"))

    def answer(self, name, thing, action, **typed):
        """With the button of the last message, and what a window asks for."""
        assert thing in self.reads(name)
        self._reader.press(name, self._reader.button(name, action))
        if typed:
            self._reader.fill(name, **typed)
        self.tick()

    def messages(self):
        first = {_delivery(one): one for one in self.server.called("chat.postMessage") if "metadata" in one}
        posted = [self._posted(first[_delivery(now)], now) for now in self.server.accepted]
        return sorted([*super().messages(), *posted])

    def _posted(self, first, now):
        at = datetime.fromtimestamp(float(now["ts"]), UTC)
        told = [self._readable(texts(_blocks(one))) for one in (first, now)]
        return at, ("leo in Slack",), first["text"], "\n\nNow it reads:\n\n".join(dict.fromkeys(told))


def _delivery(said):
    return _read(said["metadata"])["event_payload"]["delivery_id"]


def _blocks(said):
    return _read(said["blocks"])


def _read(said):
    return json.loads(said) if isinstance(said, str) else said
