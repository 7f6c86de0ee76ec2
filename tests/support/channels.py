"""A channel for tests, at the ``Notifier`` protocol. What it *accepted* is kept apart from what it *answered*."""

from collections import defaultdict, deque
from typing import NamedTuple

from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused, Scope
from notifiers.base import Absent, CannotTell, Found


class Taken(NamedTuple):
    """A message that the channel has."""

    at: object
    address: str
    delivery_id: str
    frozen: object


class FakeChannel:
    """Lays out as *layout* does and answers as it was told to, else ``Accepted``."""

    def __init__(self, name, layout, clock, *, can_find=False):
        self.name, self.can_find = name, can_find
        self._layout, self._clock = layout, clock
        self.sheets = {}  # what each message was composed of
        self.taken = []
        self.answered = []
        self.dead = set()  # addresses that it refuses
        self._plans = defaultdict(deque)
        self.on_send = lambda: None

    def will(self, address, *answers):
        """How it treats the next messages to an address: an answer, LOST or UNSENT."""
        self._plans[address].extend(answers)

    def compose(self, facts):
        self.sheets[facts.delivery_id] = facts
        return self._layout.compose(facts)

    def send(self, outgoing, still_ours):
        self.on_send()
        if not still_ours():
            return NotSent("lease lost")
        answer = self._answer(outgoing)
        self.answered.append(answer)
        return answer

    def find(self, delivery_id, since_at):
        if not self.can_find:
            return CannotTell("it keeps no history")
        has = any(one.delivery_id == delivery_id and one.at >= since_at for one in self.taken)
        return Found(f"ref-{delivery_id}") if has else Absent()

    def close(self):
        pass

    def _answer(self, outgoing):
        plan = self._plans[outgoing.address]
        if outgoing.address in self.dead:
            return Refused("no such mailbox", Scope.ADDRESS)
        answer = plan.popleft() if plan else Accepted(f"ref-{outgoing.delivery_id}")
        if isinstance(answer, Accepted) or answer is LOST:
            self.taken.append(Taken(self._clock.now(), outgoing.address, outgoing.delivery_id, outgoing.frozen))
        return answer


LOST = InDoubt("the connection broke after the message was taken")
UNSENT = InDoubt("the connection broke before the message was taken")
