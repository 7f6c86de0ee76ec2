"""One look at a time: being woken while one runs means looking once more when it is over.

*look* answers how long until the next one; *schedule* is told so, or told zero when somebody wakes the loop. It is told
under the lock under which that was decided, so no waking is lost between the end of a look and its rest.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Loop:
    """``run`` is called by the scheduler, never twice at the same time; ``wake`` by anybody."""

    def __init__(
        self, look: Callable[[], timedelta], schedule: Callable[[timedelta], None], stopping: Event
    ) -> None:  # fmt: skip
        self._look, self._schedule, self._stopping = look, schedule, stopping
        self._lock = Lock()
        self._is_running = self._is_woken = False
        self.idle = Event()
        self.idle.set()

    def wake(self) -> None:
        """Look at once."""
        with self._lock:
            self._is_woken = True
            if not self._is_running:
                self._schedule(timedelta())

    def run(self) -> None:
        """Look, and again as long as somebody woke us meanwhile."""
        with self._lock:
            self._is_running = True
            self.idle.clear()
        while not self._rest(self._look_once()):
            pass

    def _look_once(self) -> timedelta:
        with self._lock:
            self._is_woken = False
            if self._stopping.is_set():
                return timedelta()
        return self._look()

    def _rest(self, wait: timedelta) -> bool:
        """Whether it is over: then the next look is scheduled."""
        with self._lock:
            if self._is_woken and not self._stopping.is_set():
                return False
            self._is_running = False
            self.idle.set()
            self._schedule(wait)
            return True
