"""Slack asks for patience again and again: nothing is lost, nothing comes twice, and it is never asked too early."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from store.deliveries import Body
from tests.support.facts import facts
from tests.support.register import delivery
from tests.support.slack_server import Reply, SlackServer
from tests.support.slack_world import SlackWorld

POST = "chat.postMessage"
TAKEN = "taken"
PATIENCE = {"7": 7, "1": 1, "45": 45, "0": 0, "soon": 30, "-5": 30, None: 30, TAKEN: 0}  # what is said: seconds
STORM = ["7", "1", TAKEN, None, "soon", TAKEN, TAKEN, "45", "0", "-5", TAKEN, "7"]


@dataclass(slots=True)
class Storm(SlackServer):
    """Refuses posts as it is told, and remembers when it was asked and what it said."""

    storm: list = field(default_factory=lambda: list(STORM))
    asked: list = field(default_factory=list)  # (instant, the patience that was asked for)

    def due(self, method, *, after):
        if method != POST or after:
            return None
        said = self.storm.pop(0) if self.storm else TAKEN
        self.asked.append((self.now(), said))
        return None if said == TAKEN else Reply(429, headers={"Retry-After": said} if said else {})


def test_a_storm_of_refusals_loses_nothing_and_slack_is_never_asked_too_early():
    with Storm() as server:
        world = SlackWorld(server, "2026-11-02T09:00", rate=1.0)
        waiting(world, people=6)
        world.live_until("2026-11-02T09:10")
        assert sorted(one.address for one in world.slack.taken) == [f"p{number}@example.com" for number in range(6)]
        assert {(one.state, one.failures) for one in world.deliveries()} == {("accepted", 0)}
        assert server.storm == []
        for (before, said), (at, _) in pairwise(server.asked):
            assert at - before >= max(1, PATIENCE[said]) - 0.001, f"asked again {at - before} s after {said}"
        world.monitor.database.close()


def waiting(world, *, people):
    """A message to each of so many people, all due now."""
    now = world.clock.now()
    with world.monitor.work() as work:
        for number in range(people):
            world.server.user(f"P{number}")
            row = delivery(
                id=f"d-{number}", dedupe_key=f"key-{number}", channel="slack", address=f"p{number}@example.com",
                recipient_id=None, created_at=now, next_attempt_at=now, expires_at=now + timedelta(days=1),
            )  # fmt: skip
            sheet = facts(delivery_id=row.id, kind=row.kind, heading="Trouble", text="It is over.")
            frozen = world.slack.compose(sheet)
            work.deliveries.add([(row, Body(frozen.subject, frozen.content_type, frozen.body))])
