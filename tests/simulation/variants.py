"""How an engine is made wrong on purpose: by other collaborators, never by changing its code.

A variant may put another channel between engine and wire, choose another house or other calendars, prepare the
database, and bend the unit of work of each transaction, which is what the engine works with.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from engine.monitor import Monitor
from engine.points import Point
from lifecycle.events import CLOCK


class Variant:
    """The engine as it is; each mutant changes one thing."""

    name = ""

    def house(self, house):
        return house

    def channel(self, channel):
        return channel

    def prepare(self, place):
        """Where the register lies, before the run."""

    def bend(self, work, point):
        """At the beginning of a transaction."""

    def bend_look(self, work):
        """Where nothing is written."""

    def follow(self, work):
        """What this mutant does in a second transaction, after the first was kept; None where nothing is left to do."""

    def collaborators(self):
        return {"kind": BentMonitor, "variant": self}


@dataclass(frozen=True, kw_only=True)
class BentMonitor(Monitor):
    """A monitor whose transactions are bent by a variant."""

    variant: Variant = field(default_factory=Variant)

    @contextmanager
    def work(self, actor=CLOCK, *, point=Point.ACTED):
        with super().work(actor, point=point) as work:
            self.variant.bend(work, point)
            yield work
        rest = self.variant.follow(work)
        if rest is not None:
            with super().work(actor, point=point) as second:
                rest(second)

    @contextmanager
    def look(self):
        with super().look() as work:
            self.variant.bend_look(work)
            yield work


class Between:
    """Stands between the engine and a channel, and is that channel in all that it does not change."""

    def __init__(self, channel):
        self._channel = channel

    def __getattr__(self, name):
        return getattr(self._channel, name)


def shorter(house, **timings):
    """The same house with other waits."""
    return replace(house, timings=replace(house.timings, **timings))
