"""The right to schedule: of several processes on one database one has it, and another takes over when it lapses.

The lease keeps two processes from looking twice; it is not what keeps a message from leaving twice. That is held by the
rows themselves, also while a holder that was asleep still believes in its lease.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

import structlog

from engine.watcher import instances
from jobs.trouble import Trouble

if TYPE_CHECKING:
    from engine.monitor import Monitor

log = structlog.get_logger(__name__)
NAME: Final = "scheduler"
_THIRD: Final = 3  # it is asked for again after a third of its time


class Lease:
    """Kept while it is asked for; *holder* names this process, differently from every other."""

    def __init__(self, monitor: Monitor, holder: str) -> None:
        self._monitor, self._holder = monitor, holder
        self._seconds = monitor.house.timings.lease
        self._lock = Lock()
        self._ask_at = self._until = 0.0  # on the steady clock
        self._other: str | None = None
        self._trouble = Trouble()

    @property
    def every(self) -> timedelta:
        """How often it must be asked for, at least."""
        return timedelta(seconds=self._seconds / _THIRD)

    @property
    def is_held(self) -> bool:
        """Whether it is ours now."""
        return self._monitor.clock.elapsed() < self._until

    def keep(self) -> bool:
        """Take it or keep it; whether it is ours. A database that does not answer leaves it as it is."""
        with self._lock:
            now = self._monitor.clock.elapsed()
            if self.is_held and now < self._ask_at:
                return True
            try:
                other = self._ask()
            except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, the next look asks again
                if self._trouble.is_news(type(error).__name__):
                    log.warning("the lease could not be asked for", error=type(error).__name__)
                return self.is_held
            self._trouble.over()
            self._say(other)
            self._ask_at = now + self._seconds / _THIRD
            self._until = now + self._seconds if other is None else 0.0
            return other is None

    def give_back(self) -> None:
        """Let another process have it at once, and say good-bye."""
        with self._lock:
            self._until = 0.0
            try:
                with self._monitor.work() as work:
                    work.keeping.give_back_lease(NAME, holder=self._holder, now=work.now)
                    work.instances.leave(self._holder)
            except Exception as error:  # noqa: BLE001 - it lapses by itself
                log.warning("the lease could not be given back", error=type(error).__name__)

    def _ask(self) -> str | None:
        """Who holds it, if it is not us."""
        with self._monitor.work() as work:
            until_at = work.now + timedelta(seconds=self._seconds)
            is_ours = work.keeping.take_lease(NAME, holder=self._holder, now=work.now, until=until_at) is not None
            instances.seen(work, self._holder, does="schedules" if is_ours else "stands by")
            if is_ours:
                return None
            row = work.keeping.lease(NAME)
            return str(row.holder) if row else ""

    def _say(self, other: str | None) -> None:
        """Once for each change."""
        was_held = self._until > 0.0
        if other is None and not was_held:
            log.info("this process schedules", holder=self._holder)
        elif other is not None and (was_held or other != self._other):
            log.warning("another process schedules; this one takes over when it is gone", holder=other)
        self._other = other
