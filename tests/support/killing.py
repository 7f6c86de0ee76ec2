"""Longstop as several real processes that tell everybody by Slack and by mail; one is killed over and over.

::

    house = KilledHouse(tmp_path, slack, mail, DATABASE_URL=...)
    house.live_through(60, random.Random(1))  # killed every two seconds, then healed, drained and ended in order
    house.posts(), house.mails()              # what the servers hold in the end

Each milestone is told to an owner of its own through both channels at once. Some are acknowledged when they were told,
so that posts are edited as well.
"""

import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from email import message_from_bytes
from typing import NamedTuple

from engine import operations as ops
from engine.watcher.audit import examined
from lifecycle.delivery import WAITING, DeliveryState
from notifiers.slack.blocks import ACKNOWLEDGE
from store.errors import DatabaseBusy
from tests.support.processes import TIMINGS, RealRegister
from tests.support.slack_server import TOKEN

#: A doubt is long against its quarantine, as in operation: a Slack that answers late is asked again, not given up.
_TIMINGS = {name.upper(): seconds for name, seconds in (TIMINGS | {"doubt": 20}).items()}
_PLAYBOOK = """\
playbook: both
match: {milestone: [fee]}
priority: 1
ladder:
  - {at: -7d, steps: [{ask: owner, via: all}]}
"""
PROCESSES = 3
_EVERY = 2.0  # seconds between two kills
_FIRST, _EACH = 40, 8  # milestones that are due at the start, and with each kill
_UNDER_WAY = (*WAITING, DeliveryState.SENDING)


class Tries(NamedTuple):
    """How often a message was offered: with the channel's word that it has it, and without any word."""

    accepted: int
    in_doubt: int


class KilledHouse(RealRegister):
    """A register whose people are told by Slack and by mail."""

    def __init__(self, folder, slack, mail, **said):
        playbooks = folder / "playbooks"
        playbooks.mkdir()
        (playbooks / "both.yaml").write_text(_PLAYBOOK, encoding="utf-8")
        self.slack, self.mail = slack, mail
        self.owed = self.kills = 0
        self.acknowledged = set()  # ids of milestones
        slack.user("Mia")
        usual = {
            "PLAYBOOK_DIR": playbooks,
            "SLACK_MODE": "http",
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
            "SLACK_API_URL": slack.url,
            "SLACK_RATE": 20,
            **{f"TIMINGS_{name}": seconds for name, seconds in _TIMINGS.items()},
        }
        super().__init__(folder, mail, **usual | said)

    def owe(self, many, *, prefix="r"):
        """So many milestones, each told to somebody of its own by Slack and by mail."""
        for n in range(many):
            self.slack.user(f"{prefix}{n:03}")
        _patiently(lambda: super(KilledHouse, self).owe(many, prefix=prefix))
        self.owed += many

    def live_through(self, seconds, chance):
        """Kill one process every two seconds, start another in its place; then let all of it come to its end."""
        self.owe(_FIRST)
        with ExitStack() as stack:
            running = [stack.enter_context(self.serve("worker")) for _ in range(PROCESSES)]
            self.wait_until(self._told, why="the first milestone of which both messages arrived")
            began = time.monotonic()
            while time.monotonic() - began < seconds:
                self._go_on(chance)
                self.kills += 1
                time.sleep(max(0.0, began + self.kills * _EVERY - time.monotonic()))
                victim = chance.randrange(PROCESSES)
                assert running[victim].is_alive, "\n".join(running[victim].lines)
                running[victim].kill()
                running[victim] = stack.enter_context(self.serve("worker"))
            self.slack.behave()
            self.mail.behave()
            self._drain(seconds=120 + seconds)
            for one in running:
                one.hear("Longstop works")
            assert [one.terminate() for one in running] == [0] * PROCESSES

    def posts(self):
        """What Slack holds: every message as (delivery's id, its own name)."""
        held = list(self.slack.accepted)
        return sorted(
            (one["metadata"]["event_payload"]["delivery_id"], f"{one['channel']}:{one['ts']}") for one in held
        )

    def mails(self):
        """What the mail server holds, by delivery: every copy's reader and bytes."""
        held = defaultdict(list)
        for mail in list(self.mail.accepted):
            message_id = message_from_bytes(mail.data)["Message-ID"]
            held[message_id.strip("<>").partition("@")[0]].append((mail.recipient, mail.data))
        return dict(held)

    def tries(self):
        """How often each message was offered, as the register has written it down."""
        with self.monitor.look() as work:
            rows = {one.id: work.deliveries.attempts_of(one.id) for one in self.rows()}
        said = {name: Counter(row.result for row in tries if row.action == "send") for name, tries in rows.items()}
        return {name: Tries(results["accepted"], results["in_doubt"]) for name, results in said.items()}

    def findings(self):
        """What the house's own audit finds."""
        with self.monitor.look() as work:
            return examined(work).findings

    def posts_behind(self):
        """The ids of messages about acknowledged milestones that do not say so, in Slack's own words for them."""
        told = {one.id for one in self.rows() if one.milestone_id in self.acknowledged and one.channel == "slack"}
        return [
            name
            for one in self.slack.accepted
            if (name := one["metadata"]["event_payload"]["delivery_id"]) in told and ACKNOWLEDGE in _buttons(one)
        ]

    def _go_on(self, chance):
        """More is due, and with every other kill somebody who was told answers."""
        self.owe(_EACH, prefix=f"k{self.kills:03}x")
        told = [] if self.kills % 2 else sorted(self._told() - self.acknowledged)
        if told:
            milestone_id = chance.choice(told)
            _patiently(lambda: self._acknowledge(milestone_id))
            self.acknowledged.add(milestone_id)

    def _acknowledge(self, milestone_id):
        with self.work() as work:
            ops.acknowledge(work, milestone_id)

    def _told(self):
        """The ids of milestones whose messages have all arrived."""
        rows = self.rows()
        missing = {one.milestone_id for one in rows if one.state is not DeliveryState.ACCEPTED}
        return {one.milestone_id for one in rows} - missing

    def _drain(self, *, seconds):
        until = time.monotonic() + seconds
        while not self._is_over():
            assert time.monotonic() < until, f"not over; messages are {dict(self.states())}"
            time.sleep(0.5)

    def _is_over(self):
        states = self.states()
        if states.total() < 2 * self.owed or any(states[one] for one in _UNDER_WAY):
            return False
        with self.monitor.look() as work:
            return work.posted.next_at() is None


def _patiently(act):
    """Do it when the database takes it: on a machine with much to do a file may be busy for longer than one waits."""
    for _ in range(10):
        try:
            return act()
        except DatabaseBusy:  # nothing of it was kept
            continue
    return act()


def _buttons(message):
    """What can be answered from a message as it reads now."""
    rows = [block for block in message["blocks"] if block["type"] == "actions"]
    return {one["action_id"] for row in rows for one in row["elements"]}
