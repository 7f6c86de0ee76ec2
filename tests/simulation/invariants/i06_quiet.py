"""I6. An acknowledgement ends as the next stage begins and before the last safe day, a snooze within its limit.

I16: generation and revision only grow; what has ended has no instant, and nothing of it waits once its end is kept.
"""

from tests.simulation.house import instant
from tests.simulation.invariants.base import Invariant
from tests.simulation.snapshots import LIVE


class QuietEnds(Invariant):
    name = "I6"

    def after(self, step):
        for old, changed in step.changed("milestones"):
            if old is None or changed.state != "acknowledged" or old.state == "acknowledged":
                continue
            until = instant(changed.acknowledged_until_at)
            row, agreement = self.ladders.milestone(changed.id)
            ahead = self.ladders.ahead(row, self.ladders.planned(row, agreement, until=until))
            following = ahead and next((one for one in ahead if one.at > step.now), None)
            if following and following.at < until:
                yield f"acknowledged until {until}, but {following.place} begins at {following.at}"
            if not following and (until - step.now).days > 366:
                yield f"acknowledged until {until}, and nothing stands before"
            last_at = self.ladders.last_call(row, agreement) if row.is_deadline else None
            if last_at and step.now < last_at < until:
                yield f"acknowledged until {until}, after the last call of {last_at}"


class SnoozeEnds(Invariant):
    name = "I6"

    def after(self, step):
        for old, changed in step.changed("milestones"):
            if changed.state != "snoozed" or (old is not None and old.snoozed_until_at == changed.snoozed_until_at):
                continue
            until, limit = instant(changed.snoozed_until_at), self.ladders.snooze_limit(changed.id, step.now)
            if until > limit:
                yield f"snoozed until {until}, and {limit} is the latest: {changed}"


class Growing(Invariant):
    name = "I16"

    def after(self, step):
        for old, row in step.changed("milestones"):
            if old and (row.generation < old.generation or row.revision < old.revision):
                yield f"a generation or a revision went back: {old} to {row}"
            if row.state not in LIVE and row.next_step_at is not None:
                yield f"an ended milestone is looked at again: {row}"
            if old and old.generation != row.generation and step.point == "acted":
                yield from self._nothing_waits(row, step)

    @staticmethod
    def _nothing_waits(milestone, step):
        for one in step.after.deliveries.values():
            is_old = one.kind == "step" and one.milestone_id == milestone.id and one.generation < milestone.generation
            if is_old and one.state in {"pending", "held"}:
                yield f"{milestone.kind} was answered or changed, and a message waits: {one}"
