"""I4. Nothing passes its gate after an act. I14: a stale token changes nothing."""

from tests.simulation.house import instant
from tests.simulation.invariants.base import Invariant
from tests.simulation.snapshots import LIVE


class Fence(Invariant):
    name = "I4"

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if row.offered_at is None or row.milestone_id is None or row.kind != "step":
                continue
            if old is not None and old.offered_at == row.offered_at:
                continue
            milestone = step.after.milestones[row.milestone_id]
            if milestone.state not in LIVE or milestone.safe_on != row.safe_on:
                yield f"a message passed its gate, and its deadline is {milestone.state} on {milestone.safe_on}: {row}"
            if self.oracle.fences.get(row.milestone_id, -1) >= self.oracle.born[row.id]:
                yield f"a message passed its gate after it was answered: {row}"


class Tokens(Invariant):
    name = "I14"

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if old is None or old.lease_token is None:
                continue
            is_swept = step.point == "swept" and instant(old.lease_until) <= step.now
            if self.oracle.holders[old.lease_token] != step.actor.name and not is_swept:
                yield f"{step.actor.name} moved a message that {self.oracle.holders[old.lease_token]} holds: {row}"
