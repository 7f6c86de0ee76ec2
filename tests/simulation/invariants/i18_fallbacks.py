"""I18. A message fails for a reason, a fallback follows a failure or an expiry, and chains end.

I19: a delegation ends, and not at somebody who is away.
"""

from datetime import timedelta

from tests.simulation.house import instant
from tests.simulation.invariants.base import Invariant
from tests.simulation.snapshots import LIVE

LONG_DOUBT = timedelta(hours=1)
COPIES = 3
CHAIN = 5
IN_A_ROW = 5  # tries that the channel did not answer: it is down
TRIES = f"""SELECT a.result FROM attempts a JOIN deliveries d ON d.id = a.delivery_id WHERE d.channel=?
  AND (a.action='send' AND a.why <> 'the sender was gone before it could say' OR a.result IN ('found','absent'))
  ORDER BY a.id DESC LIMIT {IN_A_ROW}"""


class Fallbacks(Invariant):
    name = "I18"

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if old is None and row.fallback_of is not None:
                yield from self._may_follow(row, step.after.deliveries[row.fallback_of])
            if old is not None and old.state != row.state and row.state == "failed":
                if not self._may_fail(old, row, step):
                    yield f"a message failed, and nobody had refused it: {row}"
                if not _is_followed(row, step):
                    yield f"a message failed, and its transaction tells nobody instead and opens no incident: {row}"

    @staticmethod
    def _may_follow(row, before):
        if before.state not in {"failed", "expired"}:
            yield f"somebody was told instead of a message that is {before.state}: {row}"
        if int(row.dedupe_key.rpartition(":")[2]) > CHAIN:
            yield f"a chain of fallbacks does not end: {row}"

    def _may_fail(self, old, row, step):
        """The channel said no or is down, nobody is there, it was offered too often, or it was in doubt for long."""
        ask, people = self.oracle.reader.ask, self.ladders.absent(step.now)
        tries = [result for (result,) in ask(TRIES, row.channel)]
        if len(tries) == IN_A_ROW and set(tries) <= {"in_doubt", "unreachable"}:
            return True
        if row.id in self.run.channels[row.channel].refused or not people.is_able(row.recipient_id):
            return True
        dead = "SELECT 1 FROM contact_points WHERE address=? AND channel=? AND state='dead'"
        copies = (
            "SELECT count(DISTINCT token) FROM attempts WHERE delivery_id=? AND action='send' AND result='in_doubt'"
        )
        if ask(dead, row.address, row.channel) or ask(copies, row.id)[0][0] >= COPIES:
            return True
        if old.in_doubt_since is None:
            return False
        since = instant(old.in_doubt_since)
        return step.now - since >= min(LONG_DOUBT, (instant(row.expires_at) - since) / 4)


def _is_followed(row, step):
    milestone = step.after.milestones.get(row.milestone_id)
    if row.kind != "step" or milestone.state not in LIVE or milestone.generation != row.generation:
        return True
    is_told = any(one.fallback_of == row.id for one in step.after.deliveries.values())
    return is_told or any(one.subject in {row.id, row.milestone_id} for one in step.after.incidents.values())


class Delegation(Invariant):
    name = "I19"

    def after(self, step):
        for old, row in step.changed("deliveries"):
            if row.kind != "step" or row.recipient_id is None:
                continue
            is_offered = row.offered_at is not None and (old is None or old.offered_at != row.offered_at)
            if old is None and row.stands_in_for is not None:
                yield from self._may_stand_in(row, self.ladders.absent(step.now))
            if is_offered and old is not None and old.in_doubt_since is None:
                yield from self._is_here(row, self.ladders.absent(step.now), step)

    @staticmethod
    def _may_stand_in(row, absent):
        if absent.is_away(row.recipient_id):
            yield f"somebody stands in who is away: {row}"
        if not absent.is_absent(row.stands_in_for):
            yield f"somebody stands in for a person who is here: {row}"

    def _is_here(self, row, absent, step):
        """Whoever is away is spared, unless it is critical or nobody stands in."""
        if absent.is_away(row.recipient_id) and not self.ladders.is_critical(row, step.now):
            instead = absent.stand_in(row.recipient_id)
            if instead is not None:
                yield f"somebody was told who is away, though {instead} stands in: {row}"
