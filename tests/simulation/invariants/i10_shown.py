"""I10. A message that can be shown anew shows the present: what has become of its deadline since it was told."""

from tests.simulation.invariants.base import Invariant


class Shown(Invariant):
    name = "I10"

    def at_rest(self):
        posted = "SELECT delivery_id, channel, ref, milestone_id, shown, wanted, is_gone FROM posted"
        for delivery_id, channel, ref, milestone_id, shown, wanted, is_gone in self.oracle.reader.ask(posted):
            if is_gone or milestone_id is None:
                continue
            milestone = self.rows.milestones[milestone_id]
            if shown < wanted:
                yield f"a message is to be shown anew for days: {delivery_id} shows {shown}, wanted {wanted}"
            reads = self.run.channels[channel].shown.get(ref)
            told = self.rows.deliveries[delivery_id]
            if reads is None and told.kind == "step" and milestone.generation > told.generation:
                yield f"{delivery_id} was never shown anew, and its deadline is {milestone.state}"
            if reads is not None and f"standing: {milestone.state}" not in reads.body.decode().splitlines():
                yield f"{delivery_id} shows something else than {milestone.state}: {reads.body.decode()}"
