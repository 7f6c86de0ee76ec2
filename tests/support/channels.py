"""A channel for tests, at the ``Notifier`` protocol. What it *accepted* is kept apart from what it *answered*."""

from collections import defaultdict, deque
from typing import NamedTuple

from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused, Scope
from notifiers.base import Absent, CannotTell, Found, OneWay


class Taken(NamedTuple):
    """A message that the channel has."""

    at: object
    address: str
    delivery_id: str
    frozen: object


class FakeChannel(OneWay):
    """Lays out as *layout* does and answers as it was told to, else ``Accepted``."""

    has_rooms, knows_copies = False, True

    def __init__(self, name, layout, clock, *, can_find=False):
        self.name, self.can_find = name, can_find
        self._layout, self._clock = layout, clock
        self.has_rooms, self.knows_copies = name == "slack", name != "slack"
        self.sheets = {}  # what each message was composed of
        self.taken = []
        self.answered = []
        self.dead = set()  # addresses that it refuses
        self.to_everybody = None  # what it answers to everybody, if anything
        self._plans = defaultdict(deque)
        self.on_send = lambda: None
        self.finds = []  # what it answers when asked, in its order; after that what it knows
        self.asked = []  # (delivery, since when) of every question

    def twin(self, clock):
        """Another one that has what this one has."""
        twin = FakeChannel(self.name, self._layout, clock, can_find=self.can_find)
        twin.sheets, twin.taken, twin.answered = dict(self.sheets), list(self.taken), list(self.answered)
        return twin

    def will(self, address, *answers):
        """How it treats the next messages to an address: an answer, LOST, UNSENT, or an exception that it raises."""
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

    def find(self, outgoing, since_at):
        delivery_id = outgoing.delivery_id
        self.asked.append((delivery_id, since_at))
        if self.finds:
            return _given(self.finds.pop(0))
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
        answer = plan.popleft() if plan else self.to_everybody or Accepted(f"ref-{outgoing.delivery_id}")
        if isinstance(answer, Accepted) or answer is LOST:
            self.taken.append(Taken(self._clock.now(), outgoing.address, outgoing.delivery_id, outgoing.frozen))
        return _given(answer)


def _given(answer):
    if isinstance(answer, BaseException):
        raise answer
    return answer


LOST = InDoubt("the connection broke after the message was taken")
UNSENT = InDoubt("the connection broke before the message was taken")
