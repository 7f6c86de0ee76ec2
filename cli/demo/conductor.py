"""Who lets time pass in the demo: the scheduler as everywhere, and between two of them a walk through days to come.

While the clock is moved it stands, and goes from one due instant to the next; at each the real catalogue of jobs runs.
So messages arrive in their order, each at its hour, and what would have been said in a week has been said after it.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition, Lock
from typing import TYPE_CHECKING, Final

from engine.watcher.telling import told
from jobs.catalogue import JOBS, look
from jobs.scheduler import Scheduler
from lifecycle.errors import LifecycleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from cli.demo.clock import MovableClock
    from engine.monitor import Monitor

_INTERVALS: Final = {job.name: job.interval for job in JOBS}
_MOMENT: Final = 0.05  # seconds
_SETTLED: Final = 100  # moments in which the jobs are at work again


class OnTheWay(LifecycleError):
    """The clock is being moved already."""

    code = "clock-on-the-way"

    def __init__(self) -> None:
        super().__init__("The clock is on its way already.", remedy="Wait until it has arrived.")


class Conductor:
    """See the module. Hand ``wake`` to the monitor, then ``start`` with that monitor."""

    def __init__(self, clock: MovableClock) -> None:
        self.clock = clock
        self._monitor: Monitor | None = None
        self._scheduler: Scheduler | None = None
        self._moving = Lock()

    def start(self, monitor: Monitor) -> None:
        """Let the jobs run."""
        self._monitor = monitor
        self._scheduler = Scheduler("demo")
        self._scheduler.start(monitor)

    def wake(self) -> None:
        """Something is due now."""
        if self._scheduler is not None:
            self._scheduler.wake()

    def stop(self) -> None:
        """Claim nothing new, and end what is in flight."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.stop()

    def move(self, until: datetime) -> None:
        """Let time pass until then. Raises OnTheWay."""
        with self._walking() as monitor:
            self._walk(monitor, until, lambda: False)
            self.clock.travel_to(max(until, self.clock.now()))

    def move_on(self, until: datetime, is_enough: Callable[[], bool]) -> bool:
        """Let time pass until it is enough, asked after each due instant; False when *until* comes first.

        Raises OnTheWay.
        """
        with self._walking() as monitor:
            return self._walk(monitor, until, is_enough)

    def _walk(self, monitor: Monitor, until: datetime, is_enough: Callable[[], bool]) -> bool:
        while (at := look(monitor)) is not None and not is_enough():
            if at > until:
                return False
            self.clock.travel_to(max(at, self.clock.now()))
        return is_enough()

    @contextmanager
    def _walking(self) -> Iterator[Monitor]:
        """The engine under a clock that stands; afterwards clock and scheduler go on."""
        monitor = self._monitor
        if monitor is None or not self._moving.acquire(blocking=False):
            raise OnTheWay
        try:
            self.stop()
            self.clock.travel_to(self.clock.now())
            try:
                yield monitor
            finally:
                self.clock.go_on()
                self.start(monitor)
                _settle(monitor)
        finally:
            self._moving.release()


def _settle(monitor: Monitor) -> None:
    """Wait until the jobs are at work again; before that the house would say that messages are paused."""
    waiting = Condition()
    with waiting:
        for _ in range(_SETTLED):
            with monitor.look() as work:
                if told(work, _INTERVALS).paused_since is None:
                    return
            waiting.wait(_MOMENT)
