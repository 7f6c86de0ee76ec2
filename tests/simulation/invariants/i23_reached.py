"""I23. When a safe day is over there is an outcome, or somebody was reached, or an incident is open."""

from datetime import timedelta

from tests.simulation.invariants.base import Invariant
from tests.simulation.snapshots import LIVE

BEHIND = timedelta(days=4)  # a weekend, and a day for a channel that was away


class Reached(Invariant):
    name = "I23"

    def at_rest(self):
        over_on = (self.run.time.now() - BEHIND).date().isoformat()
        for row in self.rows.milestones.values():
            if row.is_deadline and row.state in LIVE and row.safe_on < over_on and not self._is_known(row):
                yield f"its last safe day is over, and nobody was reached: {row}"

    def _is_known(self, milestone):
        about = [one for one in self.rows.deliveries.values() if one.milestone_id == milestone.id]
        subjects = {milestone.id, *(one.id for one in about)}
        if any(one.subject in subjects for one in self.rows.incidents.values()):
            return True
        return any(self._is_taken(one) for one in about if one.safe_on == milestone.safe_on)

    def _is_taken(self, one):
        sent = self.rows.deliveries.get(one.bundle_id, one)
        return self.run.channels[sent.channel].has(sent.id)
