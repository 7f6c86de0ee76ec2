"""I11. One recipient, one step, once, whatever is edited; one line for each deadline in a digest.

I9: the day that is shown is the day that is stored.
"""

from tests.simulation.invariants.base import Invariant


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
