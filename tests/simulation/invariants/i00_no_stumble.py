"""I0. The engine never stumbles: it sets nothing aside, breaks no job, and moves rows only as the table allows."""

from lifecycle.delivery import DELIVERY_TRANSITIONS, DeliveryState
from tests.simulation.invariants.base import Invariant


class NoStumble(Invariant):
    name = "I0"

    def after(self, step):
        for old, row in step.changed("incidents"):
            if old is None and "set_aside" in row.kind:
                why = self.oracle.reader.ask("SELECT text FROM incidents WHERE id=?", row.id)
                yield f"something was set aside: {why}"
        for old, row in step.changed("deliveries"):
            if old is None or old.state == row.state:
                continue
            if DeliveryState(row.state) not in DELIVERY_TRANSITIONS.get(DeliveryState(old.state), ()):
                yield f"a message went from {old.state} to {row.state}: {row}"
