"""One after the other, in the order in which they asked.

SQLite has one writer at a time, and whoever finds it busy sleeps and asks again, longer each time. Within a process
everybody is told as soon as it is their turn, and nobody is overtaken by somebody who writes again and again.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from store.errors import DatabaseBusy

if TYPE_CHECKING:
    from types import TracebackType


class Turns:
    """A lock that is handed on to whoever has waited the longest; to be held in a ``with``."""

    def __init__(self, patience: float) -> None:
        """Whoever waits gives up after *patience* seconds."""
        self._patience = patience
        self._lock = Lock()
        self._waiting: deque[Lock] = deque()
        self._is_taken = False

    def __enter__(self) -> None:
        """Have it to oneself. Raises DatabaseBusy."""
        self._take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hand it on."""
        self._hand_on()

    def _take(self) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            told = Lock()
            told.acquire()
            self._waiting.append(told)
        if not told.acquire(timeout=self._patience) and not self._is_too_late(told):
            raise DatabaseBusy

    def _is_too_late(self, told: Lock) -> bool:
        """Whether it was handed to us in the moment in which we gave up."""
        with self._lock:
            if told in self._waiting:
                self._waiting.remove(told)
                return False
            return True

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
