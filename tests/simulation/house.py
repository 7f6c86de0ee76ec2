"""The engine as a simulation runs it: real, but for its clock, its source of chance and its channels."""

from datetime import UTC, datetime
from functools import cache
from random import Random

from engine.clock import VirtualClock
from engine.monitor import House, Monitor
from lifecycle.playbooks.canonical import from_canonical
from notifiers.console import ConsoleNotifier
from tests.support.world import calendar

HOUSE = House(time_zone="Europe/Berlin", senders=1, channels=("email",))


_playbook_from = cache(from_canonical)


def monitor_of(database, clock, notifiers, **said):
    """A monitor on a database."""
    values = {
        "database": database,
        "clock": clock,
        "random": Random(2),
        "calendars": calendar,
        "playbook_from": _playbook_from,
        "notifiers": notifiers,
        "house": HOUSE,
    }
    return said.pop("kind", Monitor)(**values | said)


def plain_monitor(database, at):
    """A monitor that sends nothing, to fill a register with."""
    silent = ConsoleNotifier(None)
    # Ids of its own: what is made in a run would have those of the register's rows.
    return monitor_of(database, VirtualClock(at), {"email": silent, "slack": silent}, random=Random(1))


def instant(stored):
    """The stored number of an instant as a time."""
    return datetime.fromtimestamp(stored / 1_000_000, UTC)


def micros(at):
    """How a time is stored."""
    return round(at.timestamp() * 1_000_000)
