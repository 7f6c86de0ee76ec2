"""I21. Where all is well the self-audit finds nothing: no false alarm."""

from engine.audit import examined
from tests.simulation.invariants.base import Invariant


class NoFalseAlarm(Invariant):
    name = "I21"

    def at_rest(self):
        with self.run.people.monitor.look() as work:
            found = examined(work).findings
        for one in found:
            yield f"{one.check}: {one.text}"
