"""I13. What is due is tried within a minute, unless somebody was held up meanwhile.

I8: what a silence held leaves within a minute of its end, one message about a deadline for each recipient. What
happened while that one was on its way is told by another one. Quiet hours hold what can wait.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.simulation.house import HOUSE, instant
from tests.simulation.invariants.base import Invariant

WITHIN = 60.0
OPEN, CLOSED, FRIDAY_IS_OVER = time(9, 15), time(18), 5
_TRIED = {"pending", "held", "in_doubt"}


class InTime(Invariant):
    name = "I13"

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if not old or old.state not in _TRIED or row.state in {old.state, "cancelled"}:
                continue
            waited = (step.now - instant(old.next_attempt_at)).total_seconds()
            if waited > WITHIN and self.run.was_calm_for(waited + WITHIN):
                yield f"a message was due for {waited:.0f} s before it was tried: {row}"


class Released(Invariant):
    name = "I8"

    def __init__(self, oracle):
        super().__init__(oracle)
        self._held_by = {}  # message -> what is said of the silence that holds it
        self._told = {}
        self._leaving = {}  # message -> since when a sender has it, or nobody knows

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if row.state in {"sending", "in_doubt"}:
                self._leaving.setdefault(row.id, step.now)
            elif row.state in _TRIED:
                self._leaving.pop(row.id, None)
            if row.state == "held" and row.why.startswith("silenced"):
                self._held_by[row.id] = row.why
            elif old and old.state == "held" and old.why.startswith("silenced"):
                yield from self._may_leave(old, row, step)

    def _may_leave(self, old, row, step):
        """At the silence's end, or before it if the deadline has become critical meanwhile."""
        silence = "SELECT ends_at, ended_at FROM silences WHERE id=?"
        ((ends_at, ended_at),) = self.oracle.reader.ask(silence, old.why.rpartition(" ")[2])
        late = (step.now - instant(min(ends_at, ended_at or ends_at))).total_seconds()
        if late > WITHIN and self.run.was_calm_for(late + WITHIN):
            yield f"a silence was over for {late:.0f} s before what it held went on: {row}"

    def took(self, channel, taken):
        del channel
        row = self.rows.deliveries[taken.delivery_id]
        if row.id not in self._held_by:
            return
        milestone_id = row.dedupe_key.split(":")[1] if row.kind == "changed" else row.milestone_id
        about = (self._held_by[row.id], milestone_id, row.channel, row.address)
        earlier, left_at = self._told.setdefault(about, (row.id, self._leaving.get(row.id, taken.at)))
        if earlier != row.id and instant(row.created_at) < left_at:
            yield f"a silence is over, and {row.address} is told of one deadline by {earlier} and by {row.id}"


class Hushed(Invariant):
    """In quiet hours nothing leaves, but what is critical, or would wait past the next step or the target's hour."""

    name = "I8"

    def after(self, step):
        for old, row in step.changed("deliveries"):
            is_offered = row.offered_at is not None and (old is None or old.offered_at != row.offered_at)
            if is_offered and row.kind == "step" and row.in_doubt_since is None and row.fallback_of is None:
                yield from self._may_leave(row, instant(row.offered_at))

    def _may_leave(self, row, at):
        milestone, agreement = self.ladders.milestone(row.milestone_id)
        if milestone.playbook != "hushed" or self.ladders.is_critical(row, at):
            return
        open_at = _next_open(at)
        limits = [milestone.next_step_at, *self.ladders.hours_of(milestone, agreement)]
        if open_at > at and not any(limit and at < limit <= open_at for limit in limits):
            yield f"a message passed its gate in quiet hours, {open_at} is open: {row}"


def _next_open(at):
    """The next instant from *at* on that is neither from 18:00 to 09:15 nor on a weekend, where all people live."""
    here = at.astimezone(ZoneInfo(HOUSE.time_zone))
    if here.weekday() < FRIDAY_IS_OVER and OPEN <= here.time() < CLOSED:
        return at
    day = here.date() + timedelta(days=here.time() >= OPEN)
    while day.weekday() >= FRIDAY_IS_OVER:
        day += timedelta(days=1)
    return datetime.combine(day, OPEN, here.tzinfo).astimezone(UTC)
