"""One run: the real engine, several workers, people and channels, in one order that a plan decides.

1. Whoever is to wake first goes on; time passes to that moment.
2. At every point of the engine the oracle looks at all rows, then the plan's troubles for that point happen.
3. When the plan is over the world is healed, goes on for two days, and the oracle asks what was owed.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import time
from functools import cache, partial

from structlog.testing import capture_logs

from engine.points import Moment
from lifecycle.days.calendars import Holiday, with_closures
from store.errors import DatabaseBusy, DatabaseFull
from tests.simulation import house, places, plans, registers
from tests.simulation.channels import SimulatedChannel
from tests.simulation.clocks import SimulatedTime
from tests.simulation.oracle import Oracle
from tests.simulation.people import People
from tests.simulation.remembering import Remembering
from tests.simulation.troubles import SimulatedCrash, Violated
from tests.simulation.workers import AT_LATEST, Worker
from tests.support.world import calendar

DAY = 86400.0
HEALED_FOR = 2 * DAY + 1000.0  # ends at no hour at which messages leave
SLOW = 20.0  # seconds that any trouble may cost whoever meets it: a timeout, a restart
MOST_POINTS_AT_ONE_TIME = 3000
HOURS = (time(7), time(8, 30), time(11, 15))  # at which messages may leave


class Run:
    """``Run(plan).outcome()`` is None, or the first violation.

    *variant* changes the engine: a mutant. *place* is where the register lies.
    """

    def __init__(self, plan, variant=None, *, place=None):
        self.plan, self.place = plan, place or places.usual()
        self.time = SimulatedTime(registers.START)
        self.house = variant.house(house.HOUSE) if variant else house.HOUSE
        self.database = self.place.filled(plan.register, partial(registers.fill, plan.register))
        if variant:
            variant.prepare(self.place)
        self.remembering = Remembering(self.place.tables)
        self.channels = {
            "email": SimulatedChannel("email", self, can_find=False),
            "slack": SimulatedChannel("slack", self, can_find=True),
        }
        notifiers = {name: variant.channel(one) if variant else one for name, one in self.channels.items()}
        self._copy = None  # rows, and from when they are
        self.closed = ()  # days on which the office is, beside those of the calendars
        said = {"house": self.house, "calendars": self.calendar, **(variant.monitor_values() if variant else {})}
        self._monitor = house.monitor_of(self.database, self.time, notifiers, **said)
        self.is_healed, self._calm_since = False, 0.0
        self.logs = []
        self.reached_points = Counter()  # how often each was reached: what a plan can aim at
        self.struck = set()  # the troubles that came about
        self._troubles = defaultdict(list)
        for one in plan.troubles:
            self._troubles[one.where, one.nth].append(one)
        self._now_running, self._points_here, self._here = None, 0, -1.0
        self.oracle = Oracle(self)
        self.people = People(self)
        self.workers = [Worker(self, number) for number in range(plan.workers)]

    def outcome(self):
        """Run to the end. Answers the violation, or None."""
        try:
            with capture_logs() as self.logs:
                for at, one in self._weather():
                    self.live_until(at)
                    self.meet(one)
                self.live_until(plans.DAYS * DAY)
                self.come_to_rest()
        except Violated as violated:
            return violated
        finally:
            self.end()
        return None

    def end(self):
        """Let go of all threads."""
        for worker in self.workers:
            worker.end()

    # -- the course of a run -------------------------------------------------------------------------------------------

    def live_until(self, passed):
        """Let everybody do what is due until so many true seconds have passed."""
        while True:
            worker = min(self.workers, key=lambda one: (one.wake_at, one.number))
            if worker.wake_at > passed:
                break
            self.time.passed = max(self.time.passed, worker.wake_at)
            self._now_running = worker
            worker.runner.go_on()
        self.time.passed = max(self.time.passed, passed)

    def meet(self, trouble):
        """Cause it now, between two steps of all others."""
        self._calm_since = max(self._calm_since, self.time.passed + max(SLOW, abs(trouble.much)))
        self.struck.add(trouble)
        self._cause(trouble, self.people)

    def expect(self, trouble):
        """Cause it when its place is reached for its *nth* time from now on."""
        self._troubles[trouble.where, self.reached_points[trouble.where] + trouble.nth].append(trouble)

    def come_to_rest(self):
        """No more trouble, two more days, and then the question what was owed."""
        self.is_healed = True
        self.choose(shadow_mode=False)
        for channel in self.channels.values():
            channel.dead.clear()
        self._nudge(self.people, 0.0)
        self.live_until(self.time.passed + HEALED_FOR)
        self.oracle.at_rest()

    # -- what the actors are given -------------------------------------------------------------------------------------

    def monitor_of(self, actor, **said):
        wake = partial(self._nudge, actor, 0.0)
        return replace(self._monitor, reached=partial(self._reached, actor), wake=wake, **said)

    def calendar(self, code):
        """The business days that hold now."""
        return _closed_on(code, self.closed)

    def choose(self, **values):
        """The house chooses otherwise; workers hear of it with their next look, as after a restart."""
        self.house = replace(self.house, **values)

    def trouble_at(self, where):
        """What a channel does now."""
        return next(iter(self._due(where)), None)

    def pass_time(self, seconds):
        """Whoever runs now waits for the network; others go on meanwhile."""
        self._now_running.pause(seconds)

    def reached_wire(self, point):
        self._reached(self._now_running, point)

    def was_calm_for(self, seconds):
        """Whether nothing has held anybody up for so long."""
        return self.time.passed - self._calm_since >= seconds

    # -- inside ----------------------------------------------------------------------------------------------------

    def _weather(self):
        return sorted((one.nth * 60.0, one) for one in self.plan.troubles if one.where == "minute")

    def _nudge(self, actor, within):
        for worker in self.workers:
            if worker is not actor:
                worker.nudge(within)

    def _reached(self, actor, point, moment=Moment.AFTER):
        if moment is Moment.AFTER:
            self._must_pass_time()
            self.oracle.look(actor, point)
            self._nudge(actor, AT_LATEST)
        for one in self._due(f"{point}/{moment}"):
            self._cause(one, actor)

    def _due(self, where):
        self.reached_points[where] += 1
        due = () if self.is_healed else self._troubles.get((where, self.reached_points[where]), ())
        self.struck.update(due)
        if due:
            until = self.time.passed + max(SLOW, *(abs(one.much) for one in due))
            self._calm_since = max(self._calm_since, until)
        return due

    def _must_pass_time(self):
        if self.time.passed > self._here:
            self._here, self._points_here = self.time.passed, 0
        self._points_here += 1
        if self._points_here > MOST_POINTS_AT_ONE_TIME:
            raise Violated("I0", "time does not pass: something is due and never done")

    def _cause(self, trouble, actor):
        match trouble.what:
            case "crash":
                raise SimulatedCrash
            case "busy" | "lost":
                raise DatabaseBusy
            case "full":
                raise DatabaseFull
            case "pause":
                if actor.is_worker:
                    actor.pause(trouble.much)
            case "jump":
                self.time.shift += trouble.much
                self._nudge(None, AT_LATEST)
            case "sleep":
                self.time.passed += trouble.much
            case "skew":
                self.workers[-1].clock.skew = trouble.much
            case "backup" | "go_back" | "hour" as what:
                getattr(self, f"_{what}")(trouble.much)
            case what:
                self.people.act(what, trouble.much)

    def _hour(self, much):
        """All end, and begin anew with another hour at which messages leave."""
        for worker in self.workers:
            worker.kill()
        self.choose(send_at=HOURS[much % len(HOURS)])
        self.people.start()

    def _backup(self, much):
        del much
        self._copy = self.place.backup and (self.place.backup(), self.time.now())

    def _go_back(self, much):
        """The old house is ended for good; the new one says nothing until somebody ends its shadow mode.

        What happened since the backup is forgotten, by the register and by the oracle.
        """
        del much
        if self._copy is None:
            return
        rows, made_at = self._copy
        for worker in self.workers:
            worker.kill()
        self.place.restore(rows, made_at=made_at, now=self.time.now())
        composed = self._composed()
        for channel in self.channels.values():
            kept = channel.first_bytes.items()
            channel.first_bytes = {one: frozen for one, frozen in kept if composed.get(one) == frozen.body}
        self.choose(shadow_mode=True)
        self.oracle = Oracle(self)
        self.people.forget()
        self.people.start()

    def _composed(self):
        """The bytes that the backup has; what the old house composed anew since, it cannot know."""
        return {one: bytes(body) for one, body in self.place.ask("SELECT delivery_id, body FROM bodies")}


@cache
def _closed_on(code, days):
    closures = [Holiday(one, "the office moves") for one in days]
    return with_closures(calendar(code), closures) if closures else calendar(code)
