"""I13. While all is well, what is due is tried within a minute. I8: what was held leaves within a minute of its end."""

from tests.simulation.house import instant
from tests.simulation.invariants.base import Invariant

WELL_AFTER = 2 * 3600.0  # seconds after healing: waits of earlier faults are over
WITHIN = 60.0


class InTime(Invariant):
    name = "I13"

    def __init__(self, oracle):
        super().__init__(oracle)
        self._well_at = None

    def after(self, step):
        if not self.run.is_healed:
            return
        self._well_at = self._well_at or self.run.time.passed + WELL_AFTER
        if self.run.time.passed < self._well_at:
            return
        for old, row in step.changed("deliveries"):
            if old and old.state in {"pending", "held"} and row.state not in {old.state, "cancelled"}:
                waited = (step.now - instant(old.next_attempt_at)).total_seconds()
                if waited > WITHIN:
                    yield f"a message was due for {waited:.0f} s before it was tried: {row}"
