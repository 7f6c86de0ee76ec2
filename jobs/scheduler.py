"""When the catalogue is looked at: at the next due instant, 30 seconds at most, and at once when woken.

APScheduler only looks: three jobs in a memory job store, one that raises, one that delivers and one that watches the
house, so that raising never waits for a mail server. What is due is a row, so a look that was missed or repeated
changes nothing.

1. Of several processes on one database the holder of the lease looks; the others ask for it until it lapses. On
   PostgreSQL all of them deliver, each what it claims, and help to raise when they hear that it has begun.
2. A job that fails is told to the log, without its text, and is tried again with the next look; the others go on.
3. The first audit comes before anything leaves.
4. ``stop`` claims nothing new and waits for what is in flight, 20 seconds at most.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, Final

import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from engine.clock import SystemClock
from engine.delivery.outbox import deliver
from engine.watcher.audit import audit
from engine.watcher.watching import watches
from jobs.catalogue import DELIVER, JOBS, LONGEST, WATCH, Job, assist, look
from jobs.lease import Lease
from jobs.loop import Loop
from jobs.watching import Watched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.monitor import Monitor

log = structlog.get_logger(__name__)
IN_FLIGHT: Final = 20.0  # seconds for which ``stop`` waits
_AGAIN: Final = timedelta(milliseconds=20)  # until a look that was asked for while the one before was still ending
_WORKING: Final = ("look", "deliver")
_DEFAULTS: Final = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Scheduler:
    """Looks at the catalogue from background threads; for one start and one stop.

    Hand ``wake`` to the monitor, then ``start`` with that monitor. *holder* names this process in the lease.
    """

    def __init__(self, holder: str, *, jobs: tuple[Job, ...] = JOBS, watch: tuple[Job, ...] = WATCH) -> None:
        self._holder, self._jobs, self._watch = holder, jobs, watch
        self._clock = SystemClock()  # APScheduler's own
        self._stopping = Event()
        self._loops: dict[str, Loop] = {}
        self._lease: Lease | None = None
        self._background = BackgroundScheduler(
            timezone=UTC, job_defaults=_DEFAULTS, executors={"default": ThreadPoolExecutor(3)}
        )
        self._background.add_listener(self._once_more, EVENT_JOB_MAX_INSTANCES)

    @property
    def is_holder(self) -> bool:
        """Whether this process is the one that schedules."""
        return self._lease is not None and self._lease.is_held

    def start(self, monitor: Monitor) -> None:
        """Look at once, and from then on."""
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # that a look still runs is no news
        lease = self._lease = Lease(monitor, self._holder)
        # Each delivery is claimed by itself: where the database hands rows to many, whoever is there sends.
        leases = {"look": lease, "deliver": lease if monitor.database.is_sqlite else None, "watch": lease}
        _first_audit(monitor)
        for name, jobs in self._grouped().items():
            watched = Watched(monitor)
            asked = partial(_look, monitor, tuple(map(watched, jobs)), leases[name], watched)
            loop = self._loops[name] = Loop(asked, partial(self._schedule, name), self._stopping)
            self._background.add_job(loop.run, "interval", seconds=LONGEST.total_seconds(), id=name)
        self._background.start()
        self._wake(self._loops)

    def wake(self) -> None:
        """Raise and deliver at once: something is due now. Does nothing before ``start`` and after ``stop``.

        Those who watch the house are not disturbed: what they look at comes by the clock alone.
        """
        self._wake(name for name in _WORKING if name in self._loops)

    def stop(self, *, within: float = IN_FLIGHT) -> bool:
        """Claim nothing new and end what is in flight; False when it was not over *within* so many seconds."""
        self._stopping.set()
        until = self._clock.elapsed() + within
        is_over = all(loop.idle.wait(max(0.0, until - self._clock.elapsed())) for loop in self._loops.values())
        if self._background.running:
            self._background.shutdown(wait=False)
        if self._lease is not None and is_over:
            self._lease.give_back()
        return is_over

    def _grouped(self) -> dict[str, list[Job]]:
        """Raising, delivering and watching apart; delivering ends with the message in hand when it is to stop."""
        sending = [
            replace(job, run=lambda monitor: deliver(monitor, until_stopped=self._stopping.is_set))
            for job in self._jobs
            if job is DELIVER
        ]
        return {
            "look": [job for job in self._jobs if job is not DELIVER],
            "deliver": sending,
            "watch": list(self._watch),
        }

    def _wake(self, names: Iterable[str]) -> None:
        if not self._stopping.is_set():
            for name in list(names):
                self._loops[name].wake()

    def _schedule(self, name: str, wait: timedelta) -> None:
        with suppress(JobLookupError):  # it was stopped in this moment
            if not self._stopping.is_set():
                self._background.modify_job(name, next_run_time=self._clock.now() + wait)

    def _once_more(self, event: Any) -> None:  # noqa: ANN401 - an event of a library without types
        """A look was asked for in the moment in which the one before was ending."""
        self._schedule(event.job_id, _AGAIN)


def _first_audit(monitor: Monitor) -> None:
    """Before anything leaves: what stands wrong since the last end is known from the first moment on."""
    if watches(monitor) is None:
        return
    try:
        audit(monitor)
    except Exception as error:  # noqa: BLE001 - an audit that cannot be made is made again, and the house goes on
        log.warning("the first audit failed", error=type(error).__name__)


def _look(monitor: Monitor, jobs: tuple[Job, ...], lease: Lease | None, watched: Watched) -> timedelta:
    """Look if it is ours to look, or help whoever does; how long until the next look."""
    longest = min(job.interval for job in jobs) if jobs else LONGEST
    if lease is not None:
        longest = min(longest, lease.every)
        if not lease.keep():
            if not monitor.database.is_sqlite:
                assist(monitor, jobs)
            return longest
    at = look(monitor, jobs)
    watched.keep()
    return longest if at is None else min(longest, max(at - monitor.clock.now(), timedelta()))
