"""I3. A step is raised once; the cursor of a live milestone stands on a step that was raised.

I7: no step before its instant, and every live milestone is looked at when the next step of its ladder stands.
I20: of several that are due only the latest is raised, once.
"""

from tests.simulation.house import instant
from tests.simulation.invariants.base import Invariant
from tests.simulation.ladders import cursor_of
from tests.simulation.snapshots import LIVE


class RaisedOnce(Invariant):
    name = "I3"

    def __init__(self, oracle):
        super().__init__(oracle)
        self._seen = {(row.milestone_id, *row[2:6]) for row in self.rows.raised.values()}

    def after(self, step):
        for _, row in step.changed("raised"):
            place = (row.milestone_id, row.safe_on, row.stage, row.step, row.repeat)
            if place in self._seen:
                yield f"a step was raised twice: {row}"
            self._seen.add(place)
        for _, row in step.changed("milestones"):
            if row.state in LIVE and row.stage is not None:
                place = (row.id, row.safe_on, row.stage, row.step, row.repeat)
                if place not in self._seen:
                    yield f"the cursor stands on a step that was never raised: {row}"


class LatestOnly(Invariant):
    name = "I20"

    def after(self, step):
        for _, raised in step.changed("raised"):
            row, agreement = self.ladders.milestone(raised.milestone_id)
            planned = self.ladders.planned(row, agreement, until=step.now)
            places = [one.cursor for one in planned]
            if cursor_of(raised) not in places:
                continue
            meant = planned[places.index(cursor_of(raised))]
            before = step.before.milestones[raised.milestone_id]
            is_hurried = before.stage == raised.stage and meant.at > step.now
            if meant.at > step.now and not is_hurried:
                yield f"a step was raised before its instant {meant.at}: {raised}"
            told = {cursor_of(one) for one in step.before.raised.values() if one.milestone_id == row.id
                    and one.safe_on == raised.safe_on}  # fmt: skip
            later = [one for one in planned[places.index(meant.cursor) + 1 :] if one.at <= step.now]
            if any(one.cursor not in told for one in later):
                yield f"a step was raised and a later one was due as well: {raised}, {later[-1]}"


class NextLook(Invariant):
    name = "I7"

    def after(self, step):
        for _, changed in step.changed("milestones"):
            if changed.state != "open":
                continue
            row, agreement = self.ladders.milestone(changed.id)
            at = instant(changed.next_step_at) if changed.next_step_at else None
            if at is not None and at <= step.now:
                continue  # looked at at once: a hurry, or a step that is due
            planned = self.ladders.planned(row, agreement, until=max(step.now, at or step.now))
            told = {cursor_of(one) for one in step.after.raised.values() if one.milestone_id == row.id
                    and one.safe_on == changed.safe_on}  # fmt: skip
            ahead = self.ladders.ahead(row, planned)
            if ahead is None:
                continue
            following = next((one for one in ahead if one.cursor not in told), None)
            if following is not None and following.at != at:
                yield f"the next step stands at {following.at} and is looked at at {at}: {changed}"
