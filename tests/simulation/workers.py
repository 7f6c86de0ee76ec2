"""A worker: the real catalogue of jobs, looked at again and again; killed, it comes back as a new one."""

import traceback
from collections import deque
from contextlib import suppress
from dataclasses import replace

from jobs.catalogue import look
from store.errors import DatabaseBusy, DatabaseFull
from tests.simulation.baton import Runner
from tests.simulation.clocks import OwnClock
from tests.simulation.troubles import SimulatedCrash, Violated

LONG = 366 * 86400.0
AGAIN = 2.0  # seconds after a database that was busy or full
RESTART = 5.0  # seconds until a process that was killed is there again
AT_LATEST = 30.0  # seconds within which everybody sees what others have changed


class Worker:
    """``wake_at`` is in true seconds; a paused one sleeps in the middle of something and hears nothing."""

    is_worker = True

    def __init__(self, run, number):
        self._run, self.number, self.life = run, number, 0
        self.clock = OwnClock(run.time)
        self.runner = Runner(self._live)
        self.wake_at = 0.0
        self.is_paused = self._is_killed = False
        self.monitor = None

    @property
    def name(self):
        """Of this life: what an earlier one held is not its own."""
        return f"worker {self.number}.{self.life}"

    def pause(self, seconds):
        """In the middle of something, while others go on."""
        self.is_paused = True
        self._sleep(seconds)
        self.is_paused = False

    def nudge(self, within):
        """Something has changed: look *within* so many seconds, if idle."""
        if not self.is_paused:
            self.wake_at = min(self.wake_at, self._run.time.passed + within)

    def kill(self):
        """It is gone wherever it is, and comes back."""
        self._is_killed, self.wake_at = True, self._run.time.passed

    def end(self):
        self.runner.end()

    def _live(self, runner):
        del runner
        while True:
            self.life += 1
            self.monitor = self._run.monitor_of(self, clock=self.clock, unwritten=deque())
            try:
                while True:
                    self._look()
            except SimulatedCrash:
                self.is_paused = False
                with suppress(SimulatedCrash):
                    self._sleep(RESTART)

    def _look(self):
        self.monitor = replace(self.monitor, house=self._run.house)
        try:
            at = look(self.monitor, self._run.remembering.jobs)
        except (DatabaseBusy, DatabaseFull):
            self._sleep(AGAIN)
            return
        except Exception as error:
            raise Violated("I0", "a job broke\n" + "".join(traceback.format_exception(error))) from error
        self._sleep(LONG if at is None else self.clock.until(at))

    def _sleep(self, seconds):
        self.wake_at = self._run.time.passed + seconds
        self.runner.rest()
        if self._is_killed:
            self._is_killed = False
            raise SimulatedCrash
