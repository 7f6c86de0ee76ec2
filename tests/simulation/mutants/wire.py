"""Channels that go wrong between the engine and the wire."""

from dataclasses import replace

from lifecycle.delivery import InDoubt
from notifiers.base import Absent
from tests.simulation.variants import Between


class NeverFinds(Between):
    def find(self, outgoing, since_at):
        del outgoing, since_at
        return Absent()


class Stubborn(Between):
    def send(self, outgoing, still_ours):
        answer = self._channel.send(outgoing, still_ours)
        return self._channel.send(outgoing, still_ours) if isinstance(answer, InDoubt) else answer


class Unchecked(Between):
    def send(self, outgoing, still_ours):
        del still_ours
        return self._channel.send(outgoing, lambda: True)


class Renaming(Between):
    attempts = 0

    def send(self, outgoing, still_ours):
        self.attempts += 1
        other = replace(outgoing.frozen, body=b"Message-ID: %d\n" % self.attempts + outgoing.frozen.body)
        return self._channel.send(replace(outgoing, frozen=other), still_ours)
