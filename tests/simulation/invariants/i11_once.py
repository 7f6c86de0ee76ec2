"""I11. One recipient, one step, once, whatever is edited; one line for each deadline in a digest.

I9: the day that is shown is the day that is stored. I18: a fallback follows a failure or an expiry, and chains end.
"""

from tests.simulation.invariants.base import Invariant
from tests.simulation.snapshots import LIVE


class Once(Invariant):
    name = "I11"

    def __init__(self, oracle):
        super().__init__(oracle)
        self._told = {}

    def took(self, channel, taken):
        row = self.rows.deliveries[taken.delivery_id]
        if row.kind == "step":
            place = (row.milestone_id, row.safe_on, row.place, row.channel, row.address)
            earlier = self._told.setdefault(place, row.id)
            if earlier != row.id:
                yield f"{row.address} was told twice of one step, by {earlier} and {row.id}: {place}"
        shown = [one.milestone_id for one in channel.sheets[taken.delivery_id].deadlines]
        if len(shown) != len(set(shown)):
            yield f"a digest names a deadline twice: {shown}"


class ShownDay(Invariant):
    name = "I9"

    def took(self, channel, taken):
        row = self.rows.deliveries[taken.delivery_id]
        days = {one.safe_on.isoformat() for one in channel.sheets[taken.delivery_id].deadlines}
        if row.kind == "step" and days != {row.safe_on}:
            yield f"a message shows {days}, its deadline is on {row.safe_on}"


class Fallbacks(Invariant):
    name = "I18"

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if old is None and row.fallback_of is not None:
                before = step.after.deliveries[row.fallback_of]
                if before.state not in {"failed", "expired"} and not self._is_handed_on(before):
                    yield f"somebody was told instead of a message that is {before.state}: {row}"
                if int(row.dedupe_key.rpartition(":")[2]) > 5:
                    yield f"a chain of fallbacks does not end: {row}"
            if (
                old is not None
                and old.state != row.state
                and row.state == "failed"
                and not self._is_followed(row, step)
            ):
                yield f"a message failed, and the same transaction tells nobody instead and opens no incident: {row}"

    def _is_handed_on(self, row):
        """Its reader is away, and whoever stands in gets it."""
        away = "SELECT 1 FROM absences WHERE person_id=? AND ended_at IS NULL"
        return row.state == "cancelled" and bool(self.oracle.reader.ask(away, row.recipient_id))

    @staticmethod
    def _is_followed(row, step):
        milestone = step.after.milestones.get(row.milestone_id)
        if row.kind != "step" or milestone.state not in LIVE or milestone.generation != row.generation:
            return True
        is_told = any(one.fallback_of == row.id for one in step.after.deliveries.values())
        return is_told or any(one.subject == row.id for one in step.after.incidents.values())
