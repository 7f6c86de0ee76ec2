"""I12. No message passes its gate while its channel asks for patience, or faster than the channel allows."""

from collections import defaultdict, deque
from datetime import timedelta

from notifiers.base import Action
from tests.simulation.channels import EVERY, IN_A_ROOM
from tests.simulation.house import instant
from tests.simulation.invariants.base import Invariant

SKEW = timedelta(seconds=3.1)  # between the walls of two processes


class Pace(Invariant):
    name = "I12"

    def __init__(self, oracle):
        super().__init__(oracle)
        self._blocked_until = {}
        self._passed = defaultdict(lambda: deque(maxlen=IN_A_ROOM))  # (channel, address) -> when the last ones passed
        is_skewed = any(one.what == "skew" for one in self.run.plan.troubles)
        self._skew = SKEW if is_skewed else timedelta()

    def after(self, step):
        changed = step.changed("deliveries")
        for old, row in changed:
            if old and old.state == "sending" and row.state in {"pending", "in_doubt"} and old.lease_token:
                self._hear_patience(row, step)
        for old, row in changed:
            is_offered = row.offered_at is not None and (old is None or old.offered_at != row.offered_at)
            if is_offered and self.run.channels[row.channel].paces(Action.SEND, row.address):
                yield from self._may_pass(row, instant(row.offered_at))

    def _hear_patience(self, row, step):
        """The house knows it as soon as the answer is kept."""
        seconds = self.run.channels[row.channel].patience.pop(row.id, None)
        if seconds is not None and step.point in {"settled", "gated"}:
            until = step.now + timedelta(seconds=seconds)
            self._blocked_until[row.channel] = max(until, self._blocked_until.get(row.channel, until))

    def _may_pass(self, row, at):
        until = self._blocked_until.get(row.channel)
        if until is not None and at + self._skew < until:
            yield f"a message passed its gate at {at}, and {row.channel} wants to be left alone until {until}: {row}"
        for who, burst in ((None, 1), (row.address, IN_A_ROOM)):
            passed = self._passed[row.channel, who]
            if passed and passed[-1] > at + self._skew:
                passed.clear()  # the wall went back
            if len(passed) >= burst and at - passed[-burst] + self._skew < timedelta(seconds=EVERY):
                yield f"{burst + 1} messages passed their gate between {passed[-burst]} and {at}: {row}"
            passed.append(at)
