"""Says what was owed, and whether the invariants hold: after every step, and once all has come to rest.

It reads rows past the engine, keeps what it was told by people and channels, and computes ladders and audiences anew
from the playbooks, with calendars of its own. Each invariant is a module of ``tests.simulation.invariants``.
"""

from functools import cached_property

from tests.simulation.invariants import INVARIANTS
from tests.simulation.ladders import Ladders
from tests.simulation.snapshots import Reader, Snapshot
from tests.simulation.troubles import Violated


class Step:
    """One transaction that was kept, or one point without. *now* is what its actor's wall shows."""

    def __init__(self, number, actor, point, before, after):
        self.number, self.actor, self.point, self.before, self.after = number, actor, point, before, after
        self.now = actor.monitor.clock.now()

    @cached_property
    def _changed(self):
        tables = zip(Snapshot._fields, self.before, self.after, strict=True)
        return {
            name: [] if old is new else [(old.get(key), row) for key, row in new.items() if old.get(key) != row]
            for name, old, new in tables
        }

    def changed(self, table):
        """Rows of *table* as they were (None: new) and are, where they differ."""
        return self._changed[table]


class Oracle:
    """*run* is the simulation."""

    def __init__(self, run):
        self.run = run
        self.reader = Reader(run.place)
        self.ladders = Ladders(run)
        self.number = 0
        self.holders = {}  # token -> who claimed with it
        self.born = dict.fromkeys(self.rows.deliveries, 0)  # delivery -> the step that made it
        self.fences = {}  # milestone -> the step at which somebody quieted it last
        self._checks = [kind(self) for kind in INVARIANTS]

    @property
    def rows(self):
        """As they are now."""
        return self.reader.last

    def look(self, actor, point):
        """A point was reached."""
        pair = self.reader.changed()
        if pair is None:
            return
        self.number += 1
        step = Step(self.number, actor, str(point), *pair)
        self._note(step)
        for check in self._checks:
            self._say(check, check.after(step))

    def acted(self, quieted):
        """Somebody did something after which messages of these milestones, if older, must not pass their gate."""
        for milestone_id in quieted:
            self.fences[milestone_id] = self.number

    def offered(self, channel, outgoing):
        """First bytes are about to leave."""
        for check in self._checks:
            self._say(check, check.offered(channel, outgoing))

    def took(self, channel, taken):
        """A channel has a message."""
        for check in self._checks:
            self._say(check, check.took(channel, taken))

    def at_rest(self):
        """All faults are healed, and time enough has passed."""
        for check in self._checks:
            self._say(check, check.at_rest())

    def _note(self, step):
        for old, row in step.changed("deliveries"):
            if old is None:
                self.born[row.id] = step.number
            if row.lease_token and (old is None or old.lease_token != row.lease_token):
                self.holders[row.lease_token] = step.actor.name

    def _say(self, check, violations):
        for text in violations or ():
            raise Violated(check.name, f"{text} (step {self.number}, {self.run.time.now():%Y-%m-%d %H:%M:%S}Z)")
