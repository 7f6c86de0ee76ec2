"""Channels of a simulation. What one has *taken* is kept apart from what it *answered*, and a plan says how it errs.

A fault strikes before the effect (nothing arrived) or after it (it arrived, and nobody was told). A channel with a
history answers ``find`` from it, where a message may appear late ("lag"); a channel without one cannot tell.
"""

from typing import NamedTuple

from engine.points import Point
from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused, Scope
from lifecycle.pacing import Pace
from lifecycle.reports import Fate, Report, Reports
from notifiers.base import Absent, Action, CannotTell, Found, Frozen, Gone, OneWay, Shown
from tests.simulation.plans import Trouble

SECONDS_TO_TIME_OUT = 15
EVERY, IN_A_ROOM = 1.0, 3  # seconds between two messages; how many at once to one address
_NOTHING = Trouble("", 0, "")


class Taken(NamedTuple):
    """A message that the channel has."""

    passed: float
    at: object  # by the channel's own clock, which is right
    address: str
    delivery_id: str
    frozen: Frozen
    visible: float  # from when the history shows it


class SimulatedChannel(OneWay):
    """*run* tells the time, lets it pass, and hands out the troubles of the plan.

    One that can be searched can also show a message anew.
    """

    has_rooms, knows_copies = False, True

    def __init__(self, name, run, *, can_find):
        self.name, self.can_find, self._run = name, can_find, run
        self.has_rooms, self.knows_copies = name == "slack", name != "slack"
        self.sheets = {}  # what each message was composed of
        self.taken = []
        self.first_bytes = {}  # what was offered first, of each message that may have left
        self.patience = {}  # message -> seconds for which it last asked to be left alone
        self.dead = set()  # addresses that it refuses
        self.refused = set()  # messages that it said no to
        self.bounced = []  # what has come back of what was taken
        self.shown = {}  # ref -> what the message reads now, once it was shown anew

    def compose(self, facts):
        self.sheets[facts.delivery_id] = facts
        lines = [f"{one.reference} {one.kind} {one.cycle} {one.safe_on}" for one in facts.deadlines]
        said = [
            facts.delivery_id,
            facts.kind,
            facts.heading,
            facts.text,
            facts.stage,
            str(facts.composed_at),
            _standing(facts),
            *lines,
        ]
        return Frozen(f"{facts.kind}: {', '.join(lines)}", "\n".join(said).encode(), "text/plain")

    def send(self, outgoing, still_ours):
        trouble = self._run.trouble_at(f"send/{self.name}") or _NOTHING
        if not still_ours():
            return NotSent("lease lost")
        if outgoing.address in self.dead:
            return self._refuse(outgoing, "no such mailbox", Scope.ADDRESS)
        match trouble.what:
            case "later":
                return NotSent("come back", None if trouble.much < 0 else trouble.much)
            case "too_fast":
                self.patience[outgoing.delivery_id] = trouble.much
                return NotSent("too many", trouble.much, is_too_fast=True)
            case "refuse_address" | "refuse_channel" | "refuse_message":
                return self._refuse(outgoing, "refused", Scope(trouble.what.removeprefix("refuse_")))
        return self._try(outgoing, trouble)

    def find(self, outgoing, since_at):
        trouble = self._run.trouble_at(f"find/{self.name}") or _NOTHING
        match trouble.what:
            case "raise":
                raise RuntimeError("the history broke")
            case "nonsense":
                return None
        if trouble.what == "cannot_tell" or not self.can_find:
            return CannotTell("it keeps no history")
        now = self._run.time.passed
        for one in self.taken:
            if one.delivery_id == outgoing.delivery_id and one.at >= since_at and one.visible <= now:
                return Found(_ref(one.delivery_id))
        return Absent()

    def paces(self, action, address):
        """Where there are rooms: one message a second in all, and in each three at once."""
        if not self.can_find or action is not Action.SEND:
            return ()
        return (Pace(self.name, EVERY), Pace(f"{self.name} {address}", EVERY, IN_A_ROOM))

    @property
    def can_update(self):
        return self.can_find

    def update(self, ref, frozen):
        """Before or after its effect, as a message that is sent."""
        trouble = self._run.trouble_at(f"update/{self.name}") or _NOTHING
        match trouble.what:
            case "later":
                return NotSent("too many", None if trouble.much < 0 else trouble.much)
            case "gone":
                return Gone("message_not_found")
            case "slow":
                self._run.pass_time(trouble.much)
        if not trouble.what.endswith("_before"):
            self.shown[ref] = frozen
        if trouble.what.startswith("raise"):
            raise RuntimeError("the channel broke")
        return NotSent(trouble.what) if trouble.what.startswith("drop") else Shown()

    @property
    def has_reports(self):
        """From the first message on that comes back."""
        return bool(self.bounced)

    def reports(self, mark, now):
        del now
        return Reports(found=tuple(self.bounced[int(mark or 0) :]), mark=str(len(self.bounced)))

    def bounce(self, delivery_id, *, is_of_address):
        self.refused.add(delivery_id)
        self.bounced.append(Report(delivery_id, Fate.FAILED, "550 nobody there", is_of_address=is_of_address))

    def close(self):
        pass

    def has(self, delivery_id):
        return any(one.delivery_id == delivery_id for one in self.taken)

    def _refuse(self, outgoing, why, scope):
        self.refused.add(outgoing.delivery_id)
        return Refused(why, scope)

    def _try(self, outgoing, trouble):
        """From here on bytes leave."""
        self._run.oracle.offered(self, outgoing)
        self.first_bytes.setdefault(outgoing.delivery_id, outgoing.frozen)
        if trouble.what == "drip":
            self._run.pass_time(trouble.much)
        if trouble.what.endswith("_before"):
            return self._broken(trouble)
        self._take(outgoing, lag=trouble.much if trouble.what == "lag" else 0)
        self._run.reached_wire(Point.WRITTEN)
        if trouble.what.endswith("_after") or trouble.what == "lag":
            return self._broken(trouble)
        if trouble.what == "slow_reply":
            self._run.pass_time(trouble.much)
        return "yes" if trouble.what == "nonsense" else Accepted(_ref(outgoing.delivery_id))

    def _take(self, outgoing, *, lag):
        time = self._run.time
        at = time.true_now()
        taken = Taken(time.passed, at, outgoing.address, outgoing.delivery_id, outgoing.frozen, time.passed + lag)
        self.taken.append(taken)
        self._run.oracle.took(self, taken)

    def _broken(self, trouble):
        if trouble.what.startswith("raise"):
            raise RuntimeError("the channel broke")
        if trouble.what.startswith("timeout"):
            self._run.pass_time(SECONDS_TO_TIME_OUT)
        return InDoubt(trouble.what)


def _standing(facts):
    """What a message that is shown anew says of its deadline."""
    return f"standing: {facts.standing.state}" if facts.standing else ""


def _ref(delivery_id):
    return f"C1:{delivery_id}"
