"""One message on its way out of a whole house in memory, step by step.

Olga was to be told on 2 November 2026 at 08:30 of the notice of ACME-7, whose last safe day is 2 December. Ben stands
in, Mia manages Olga, Ada runs the house. The message waits in the outbox; nothing else does.
"""

from dataclasses import replace
from datetime import timedelta

from config.playbooks import shipped
from engine import raising
from engine.delivery import outbox
from engine.delivery.carrying import carry
from lifecycle.delivery import DeliveryState
from store.deliveries import Body
from tests.support.register import delivery
from tests.support.world import World

PLAIN = """
{playbook: plain, priority: 9, match: {kind: [NDA]}, ladder: [
  {at: -30d, steps: [{ask: owner}]}, {at: +1d, steps: [{ask: owner}]}]}
"""
TOLD_AT = "2026-11-02T08:30"


class Sending(World):
    """``Sending()`` has one pending message, ``id``."""

    def __init__(self, *, olga=("email",), ladder=PLAIN, **said):
        super().__init__(**said)
        if "database" in said:
            self.playbooks(*shipped())
        self.playbooks(ladder)
        for name, rest in {"Mia": {}, "Olga": {"manager": "mia", "channels": olga}, "Ben": {}, "Leo": {"role": "legal"},
                           "Ada": {"role": "admin"}}.items():  # fmt: skip
            self.person(name, **rest)
        self.agreement()
        self.travel_to(TOLD_AT)
        raising.raise_due(self.monitor)
        self.id = self.deliveries()[0].id

    @property
    def one(self):
        """The message as its row is now."""
        return self.get_delivery(self.id)

    def get_delivery(self, delivery_id):
        with self.monitor.look() as work:
            return work.deliveries.get(delivery_id)

    def choose(self, **house):
        """The organisation chooses otherwise, as after a restart."""
        self.monitor = replace(self.monitor, house=replace(self.monitor.house, **house))

    def claim(self, **said):
        """Take what is due; the one that was claimed, where it is one."""
        claimed = outbox.claim(self.monitor, **said)
        assert len(claimed) == 1
        return claimed[0]

    def carry(self, claimed):
        carry(self.monitor, claimed)
        return self.one

    def send(self):
        """Claim and carry; the row afterwards."""
        return self.carry(self.claim())

    def later(self, **span):
        self.clock.advance(timedelta(**span))

    def until_due(self):
        """Be at the instant at which the message is looked at again."""
        self.clock.travel_to(self.one.next_attempt_at)

    def go_on(self, **span):
        """Live for so long, as the scheduler does."""
        self.live_until(self.clock.now() + timedelta(**span))

    def tries(self, delivery_id=None):
        """What was tried, in words: ``send accepted``."""
        with self.monitor.look() as work:
            return [f"{one.action} {one.result}" for one in work.deliveries.attempts_of(delivery_id or self.id)]

    def attempts(self, delivery_id=None):
        with self.monitor.look() as work:
            return work.deliveries.attempts_of(delivery_id or self.id)

    def body(self, delivery_id=None):
        with self.monitor.look() as work:
            kept = work.deliveries.body(delivery_id or self.id)
        return kept and kept.body

    def told(self, channel=None):
        """Who has a message, in the order of time."""
        return [one.address.removesuffix("@example.com") for one in (channel or self.mail).taken]

    def states(self):
        """``olga failed`` of every message about a step, oldest first."""
        found = [one for one in reversed(self.deliveries()) if one.kind == "step"]
        return [f"{one.recipient_name.lower()} {one.state}" for one in sorted(found, key=_age)]

    def waiting(self):
        return self.deliveries(*(DeliveryState(state) for state in ("pending", "held", "in_doubt", "sending")))


def queue(world, *rows):
    """Put plain messages into the outbox: ``queue(world, ("d-1", {"priority": 0}))``."""
    now = world.clock.now()
    usual = {"recipient_id": None, "created_at": now, "next_attempt_at": now, "expires_at": now + timedelta(days=10)}
    with world.monitor.work() as work:
        made = [delivery(id=name, dedupe_key=f"key-{name}", **usual | said) for name, said in rows]
        work.deliveries.add([(one, Body("A test", "text/plain", f"Body of {one.id}".encode())) for one in made])


def _age(one):
    return one.created_at, one.dedupe_key.rpartition(":")[2]
