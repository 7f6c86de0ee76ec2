"""I4. Nothing passes its gate after an act, and nothing that is over by then. I14: a stale token changes nothing."""

from datetime import timedelta

from lifecycle.delivery import UNHEARD
from tests.simulation.house import instant
from tests.simulation.invariants.base import Invariant
from tests.simulation.snapshots import LIVE

_A_LADDER = timedelta(days=40)


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
            if self.oracle.fences.get(row.milestone_id, -1) > self.oracle.born[row.id]:
                yield f"a message passed its gate after it was answered: {row}"


class Over(Invariant):
    """What says whose a deadline is, that its day has moved, that it is due or put off no longer; and digests."""

    name = "I4"

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if row.offered_at is None or (old is not None and old.offered_at == row.offered_at):
                continue
            if row.kind == "changed":
                yield from self._holds(row, step)
            if row.kind == "digest" and row.in_doubt_since is None:
                yield from self._is_ahead(row, step)

    def _holds(self, row, step):
        _, milestone_id, _, what, *_ = row.dedupe_key.split(":")
        milestone = step.after.milestones[milestone_id]
        if what == "withdrawn":
            holds = milestone.state == "withdrawn"
        elif what == "moved":
            holds = milestone.state in LIVE and milestone.safe_on == row.safe_on
        elif what == "resumed":
            holds = milestone.state == "open" and milestone.safe_on == row.safe_on
        elif what not in {"assigned", "owner"}:
            holds = milestone.state in LIVE
        else:
            found, agreement = self.ladders.milestone(milestone_id)
            holds = milestone.state in LIVE and (found.owner_id or agreement.owner_id) == row.recipient_id
        if not holds:
            yield f"a message passed its gate and says what no longer holds: {row}, {milestone}"

    def _is_ahead(self, row, step):
        """Of a digest of messages, up to its first offer; after that it stays as it is."""
        channel = self.run.channels[row.channel]
        has_members = any(one.bundle_id == row.id for one in step.after.deliveries.values())
        if row.id in channel.first_bytes or not has_members:
            return
        for one in channel.sheets[row.id].deadlines:
            milestone = step.after.milestones[one.milestone_id]
            if milestone.state not in LIVE:
                yield f"a digest passed its gate and tells of what is {milestone.state}: {row}"


class Corrected(Invariant):
    """Whoever was told a day that holds no longer was told the one that does, as long as anything is due."""

    name = "I4"

    def __init__(self, oracle):
        super().__init__(oracle)
        self._known = {}  # (milestone, channel, person or address) -> the message that told last

    def took(self, channel, taken):
        del channel
        row = self.rows.deliveries[taken.delivery_id]
        if row.kind == "step" or (row.kind == "changed" and row.dedupe_key.split(":")[3] == "moved"):
            self._known[row.milestone_id, row.channel, _reader_of(row)] = row.id

    def at_rest(self):
        is_here = self.ladders.absent(self.run.time.now()).is_able
        for (milestone_id, channel, reader), delivery_id in self._known.items():
            milestone, last = self.rows.milestones[milestone_id], self.rows.deliveries[delivery_id]
            if delivery_id in self.run.channels[channel].refused:
                continue  # it came back: nobody has read it
            day = last.safe_on
            if milestone.state in LIVE and milestone.safe_on != day and is_here(last.recipient_id):
                about = (milestone_id, channel, reader, milestone.safe_on)
                if not any(is_meant(row, about) for row in self.rows.deliveries.values()):
                    yield f"{last.address} was told {day} of {milestone}, and never that it is another day"


def _reader_of(row):
    """A person, whatever their address is by now; else an address."""
    return row.recipient_id or row.address


def is_meant(row, about):
    """Whether a message tells the day, or was to: one that was lost is another matter."""
    is_about = (row.milestone_id, row.channel, _reader_of(row), row.safe_on) == about
    return is_about and (row.state != "cancelled" or row.why.startswith("dropped"))


class Unheard(Invariant):
    """Whoever was asked, and not told because it was another day or over meanwhile, is told now that it is due.

    A ladder that begins anew passes over its earlier stages (L5); what was in doubt may have arrived.
    """

    name = "I4"

    def after(self, step):
        for old, milestone in step.changed("milestones"):
            was_due = old is None or (old.state in LIVE and old.safe_on == milestone.safe_on)
            if not was_due and milestone.state in LIVE:
                yield from self._are_told(milestone, step)

    def _are_told(self, milestone, step):
        messages = [row for row in step.after.deliveries.values() if row.milestone_id == milestone.id]
        row, agreement = self.ladders.milestone(milestone.id)
        planned = self.ladders.planned(row, agreement, until=step.now + _A_LADDER)
        places, is_here = {one.place for one in planned}, self.ladders.absent(step.now).is_able
        for lost in messages:
            is_of_day = (lost.kind, lost.safe_on) == ("step", milestone.safe_on) and lost.why in UNHEARD
            if not is_of_day or lost.in_doubt_since or lost.place not in places:
                continue
            about = (lost.milestone_id, lost.channel, _reader_of(lost), milestone.safe_on)
            since = [row for row in messages if row.created_at >= lost.created_at and row.id != lost.id]
            if is_here(lost.recipient_id) and not any(is_meant(row, about) for row in since):
                yield f"{lost.address} was asked, never told, and the day is due again: {lost}, {milestone}"


class Tokens(Invariant):
    name = "I14"

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if old is None or old.lease_token not in self.oracle.holders:
                continue
            is_swept = step.point == "swept" and instant(old.lease_until) <= step.now
            if self.oracle.holders[old.lease_token] != step.actor.name and not is_swept:
                yield f"{step.actor.name} moved a message that {self.oracle.holders[old.lease_token]} holds: {row}"
