"""I2. A channel with a history has each message at most once; mail at most once more for each doubt, and for each time
that somebody sends what came back once more.

I17: every copy, and every offer, is the same byte for byte.
"""

from collections import Counter

from tests.simulation.invariants.base import Invariant


class Copies(Invariant):
    name = "I2"

    def __init__(self, oracle):
        super().__init__(oracle)
        with_history = (one for one in self.run.channels.values() if one.can_find)
        self._copies = Counter(taken.delivery_id for channel in with_history for taken in channel.taken)
        self._sent_again = Counter()  # by people, after it had come back

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if old is not None and (old.state, row.state) == ("failed", "pending") and self._copies[row.id]:
                self._sent_again[row.id] += 1

    def took(self, channel, taken):
        self._copies[taken.delivery_id] += 1
        copies = self._copies[taken.delivery_id]
        if channel.can_find and copies > 1:
            yield f"{channel.name} has {taken.delivery_id} {copies} times"
        if copies > 1 + self._doubts(taken.delivery_id) + self._sent_again[taken.delivery_id]:
            yield f"{channel.name} has {taken.delivery_id} {copies} times, more often than there were doubts"

    def _doubts(self, delivery_id):
        count = "SELECT count(*) FROM attempts WHERE delivery_id=? AND result='in_doubt'"
        return self.oracle.reader.ask(count, delivery_id)[0][0]


class SameBytes(Invariant):
    name = "I17"

    def offered(self, channel, outgoing):
        first = channel.first_bytes.get(outgoing.delivery_id, outgoing.frozen)
        if first != outgoing.frozen:
            yield f"{outgoing.delivery_id} reads otherwise than when it was first offered"
