"""I1. Each owed (stage, step, recipient) is accepted, or was cancelled or expired first, or somebody else has it
instead, or an incident says so. And I5: where nobody is to be told, an incident says so at once.
"""

from typing import NamedTuple

from lifecycle.playbooks.quiet import QUIET_HOURS, THEIR_HOUR, WEEKEND
from tests.simulation.house import instant, micros
from tests.simulation.invariants.base import Invariant
from tests.simulation.ladders import cursor_of
from tests.simulation.snapshots import LIVE

_HOURS = {THEIR_HOUR, QUIET_HOURS, WEEKEND}  # which a message waits for


class Debt(NamedTuple):
    milestone_id: str
    safe_on: str
    place: str
    who: frozenset
    channel: str | None


class Owed(Invariant):
    name = "I1"

    def __init__(self, oracle):
        super().__init__(oracle)
        self.debts = []
        self._in_shadow = set()  # messages that expired while nothing was to leave: nobody is told instead

    def after(self, step):
        for _, raised in step.changed("raised"):
            for debt in _debts(self, step, raised):
                self.debts.append(debt)
                if not self._messages(debt, step.after):
                    yield f"a step was raised and {set(debt.who)} has no message in the outbox: {debt}"
        for old, row in step.changed("deliveries"):
            if old is None or old.state != row.state:
                yield from self._ended(row, step)

    def at_rest(self):
        for debt in self.debts:
            for row in self._messages(debt, self.rows):
                if why := self._open(row):
                    yield f"{why}: {debt}, {row}"

    def _ended(self, row, step):
        """A message may end unsent for a reason only."""
        if row.state == "cancelled" and row.kind == "step" and not self._may_be_cancelled(row, step):
            yield f"a message was cancelled though it is wanted: {row}"
        if row.state == "expired" and step.actor.monitor.house.shadow_mode:
            self._in_shadow.add(row.id)
        if row.state == "expired" and instant(row.expires_at) > step.now:
            yield f"a message expired before its time: {row}"
        if row.state in {"accepted", "delivered"} and not self.run.channels[row.channel].has(row.id):
            yield f"a message counts as accepted, and the channel has never seen it: {row}"

    def _may_be_cancelled(self, row, step):
        """Unwanted; dropped by a silence; its reader is away; a message about the same takes its place.

        That is a later step, or the news of the day that it names.
        """
        if not self._is_wanted(row, step.after):
            return True
        if not self.ladders.is_critical(row, step.now) and (self._is_dropped(step) or self._is_handed_on(row, step)):
            return True
        others = [
            one
            for one in step.after.deliveries.values()
            if (one.milestone_id, one.address) == (row.milestone_id, row.address)
            and one.id != row.id and one.state != "cancelled"
        ]  # fmt: skip
        return any(
            one.created_at >= row.created_at if one.kind == "step" else _is_news(one) and one.safe_on == row.safe_on
            for one in others
        )

    def _is_dropped(self, step):
        dropping = "SELECT 1 FROM silences WHERE mode='drop' AND ended_at IS NULL AND starts_at<=? AND ends_at>?"
        now = micros(step.now)
        return bool(self.oracle.reader.ask(dropping, now, now))

    def _is_handed_on(self, row, step):
        """Its reader is away, and whoever stands in has it."""
        absent = self.ladders.absent(step.now)
        if not absent.is_away(row.recipient_id):
            return False
        instead, about = absent.stand_in(row.recipient_id), (row.milestone_id, row.safe_on, row.place)
        return any(
            (one.milestone_id, one.safe_on, one.place) == about and one.recipient_id == instead
            for one in step.after.deliveries.values()
        )

    def _messages(self, debt, rows):
        return [
            row
            for row in rows.deliveries.values()
            if (row.milestone_id, row.safe_on, row.place) == (debt.milestone_id, debt.safe_on, debt.place)
            and debt.channel in {row.channel, None}
            and debt.who & {row.recipient_id, row.address}
        ]

    def _open(self, row):
        """Why a message is not at its end; "" if it is."""
        match row.state:
            case "accepted" | "delivered" | "cancelled":
                return ""
            case "bundled":
                digest = self.rows.deliveries.get(row.bundle_id)
                return "its digest is gone" if digest is None else self._open(digest)
            case "failed" | "expired":
                return self._replaced(row)
            case "held" if instant(row.next_attempt_at) > self.run.time.now():
                return ""
            case "pending" if row.why in _HOURS and instant(row.next_attempt_at) > self.run.time.now():
                return ""
        return f"two days after all was healed it is still {row.state}"

    def _replaced(self, row):
        following = next((one for one in self.rows.deliveries.values() if one.fallback_of == row.id), None)
        if following is not None:
            return self._open(following)
        if row.id in self._in_shadow:
            return ""
        is_said = any(one.subject in {row.id, row.milestone_id} for one in self.rows.incidents.values())
        if is_said or row.kind != "step" or not self._is_wanted(row, self.rows):
            return ""
        return f"it {row.state}, nobody was told instead, and no incident says so"

    @staticmethod
    def _is_wanted(row, rows):
        milestone = rows.milestones[row.milestone_id]
        return (
            milestone.state in LIVE and (milestone.generation, milestone.safe_on) == (row.generation, row.safe_on)
        )  # fmt: skip


def _is_news(row):
    """Whether a message says that a day has moved, and to which."""
    return row.kind == "changed" and ":moved:" in row.dedupe_key


def _debts(check, step, raised):
    """Who had to be told by the step that was just raised; the union of all that were due (L6)."""
    milestone, agreement = check.ladders.milestone(raised.milestone_id)
    place = f"{raised.stage}.{raised.step}.{raised.repeat}"
    told = {cursor_of(one) for one in step.before.raised.values()
            if (one.milestone_id, one.safe_on) == (raised.milestone_id, raised.safe_on)}  # fmt: skip
    planned = [one for one in check.ladders.planned(milestone, agreement, until=step.now) if one.cursor not in told]
    meant = next((one for one in planned if one.place == place), None)
    if meant is None:
        return
    first = max(0, planned.index(meant) - raised.skipped)
    audience = dict.fromkeys(one for due in planned[first : planned.index(meant) + 1] for one in due.audience)
    for owed in check.ladders.audience(audience, meant.channels, milestone, agreement, now=step.now):
        yield Debt(milestone.id, raised.safe_on, place, owed.who, owed.channel)


class Nobody(Invariant):
    name = "I5"

    def after(self, step):
        for _, raised in step.changed("raised"):
            if any(_debts(self, step, raised)):
                continue
            yield from self._is_hurried(step, raised)
            said = [one for one in step.after.incidents.values() if one.subject == raised.milestone_id]
            if not any(one.kind == "no_recipient" and one.closed_at is None for one in said):
                yield f"nobody was there to be told, and no incident says so: {raised}"

    def _is_hurried(self, step, raised):
        """The next step of the same stage is looked at now, unless it asks the same people again."""
        milestone = step.after.milestones[raised.milestone_id]
        row, agreement = self.ladders.milestone(raised.milestone_id)
        planned = self.ladders.planned(row, agreement, until=step.now)
        places = [one.cursor for one in planned]
        if milestone.state != "open" or cursor_of(raised) not in places:
            return
        following = next(iter(planned[places.index(cursor_of(raised)) + 1 :]), None)
        is_same_stage = following is not None and following.stage == raised.stage and not following.repeat
        if is_same_stage and instant(milestone.next_step_at) > step.now:
            yield f"nobody was there to be told, and the next step is not brought forward: {raised}, {milestone}"
