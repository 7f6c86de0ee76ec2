"""I21. The self-audit finds nothing where all is well, and a planted row that is stuck within two audits.

The heartbeat is withheld if, and only if, something was found.
"""

from dataclasses import replace

from engine.watcher import audit, heartbeat
from engine.watcher.watching import Watching
from tests.simulation.invariants.base import Invariant

PLANTED_IN = 3  # of so many plans one: looking for what was planted is a tenth of a run
#: What a run may really leave behind: an address that refused for good, a message that somebody held and forgot.
TRUE = {"dead_contact": None, "held_by_person": "hold"}
BETWEEN, AFTER = 301.0, 31.0  # seconds: between two audits, and until what was found is said


class Watched(Invariant):
    """Asked last: it leaves a stuck row behind."""

    name = "I21"

    def at_rest(self):
        self._said = []
        self._monitor = replace(self.run.people.monitor, watching=Watching(heartbeat=self._hear))
        self._audited()
        with self._monitor.look() as work:
            found = audit.last_report(work).findings
        yield from (f"a false alarm, {one.check}: {one.text}" for one in found if not self._is_true(one.check))
        if not found and self._said[-1:] != [""]:
            yield f"all is well, and the heartbeat says {self._said}"
        if len(self.run.plan.troubles) % PLANTED_IN or not self._plant():
            return
        self._audited()
        self._audited()
        if self._said[-1] == "":
            yield "a deadline is stuck, and the heartbeat says that all is well"

    def _is_true(self, check):
        """Whether a run may leave this behind, where what brings it about has happened."""
        done = {trouble.what for trouble in self.run.struck}
        return check in TRUE and TRUE[check] in {None, *done}

    def _audited(self):
        self.run.time.passed += BETWEEN
        audit.run(self._monitor)
        self.run.time.passed += AFTER
        with self._monitor.work() as work:
            work.keeping.note_run({"job": "raise", "at": work.now, "took_ms": 0, "did": 0, "error": ""})
        heartbeat.say(self._monitor)

    def _plant(self):
        """A live deadline that nobody looks at; False where there is none."""
        now = round(self.run.time.now().timestamp() * 1_000_000)
        stuck = (
            "UPDATE milestones SET next_step_at=? WHERE id=(SELECT id FROM milestones WHERE state='open' AND "
            "is_deadline LIMIT 1) RETURNING id"
        )
        return bool(self.oracle.reader.ask(stuck, now - 3600 * 1_000_000))

    def _hear(self, wrong):
        self._said.append(wrong)
        return True
