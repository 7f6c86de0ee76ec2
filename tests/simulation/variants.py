"""How an engine is made wrong on purpose: by other collaborators, never by changing its code."""

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from engine.monitor import Monitor
from engine.points import Point
from lifecycle.events import CLOCK


def as_it_is(thing):
    return thing


def nothing(_thing):
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The engine as it is; each mutant gives some of these another value."""

    name: str = ""
    at: tuple[Point, ...] = tuple(Point)  # the transactions that are bent
    bend: Callable = nothing  # the unit of work, which is what the engine works with, as a transaction begins
    bend_look: Callable = nothing  # where nothing is written
    follow: Callable = nothing  # what is left to do in a second transaction, after the first was kept
    channel: Callable = as_it_is  # what stands between engine and wire
    house: Callable = as_it_is
    prepare: Callable = nothing  # the place where the register lies, before the run
    collaborators: Mapping = field(default_factory=dict)

    def monitor_values(self):
        return {"kind": BentMonitor, "variant": self, **self.collaborators}


@dataclass(frozen=True, kw_only=True)
class BentMonitor(Monitor):
    """A monitor whose transactions are bent by a variant."""

    variant: Variant = field(default_factory=Variant)

    @contextmanager
    def work(self, actor=CLOCK, *, point=Point.ACTED):
        is_bent = point in self.variant.at
        with super().work(actor, point=point) as work:
            if is_bent:
                self.variant.bend(work)
            yield work
        rest = self.variant.follow(work) if is_bent else None
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


def outbox_of(kind):
    """Bends a unit of work: its outbox is of this kind."""

    def bend(work):
        work.deliveries = kind(work.session)

    return bend


def milestones_of(kind):
    """Bends a unit of work: its milestones are of this kind."""

    def bend(work):
        work.milestones = kind(work.session)

    return bend


def keeping_of(kind):
    """Bends a unit of work: facts and incidents are of this kind."""

    def bend(work):
        work.keeping = kind(work.session)

    return bend


def waiting(**timings):
    """Other waits, in seconds."""
    return lambda house: replace(house, timings=replace(house.timings, **timings))
