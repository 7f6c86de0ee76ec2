"""What is with channels now: so many messages at once, each in a thread of its own; or one, in the caller's.

A message is handed over and its answer heard through one queue each way. That takes a third of what an executor and
its futures take, and it is paid for every message.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.delivery.settling import Claimed
    from lifecycle.delivery import SendResult

    Said = SendResult | None
    Job = tuple[Claimed, Callable[[], Said]]
    Answer = tuple[Claimed, Said, BaseException | None]


class Wire:
    """Messages on their way; ``close`` waits for them."""

    def __init__(self, most: int) -> None:
        """Carry *most* at once."""
        self._most = most
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._threads: list[Thread] = []
        self._under_way = 0

    @property
    def free(self) -> int:
        """How many more may go."""
        return self._most - self._under_way

    @property
    def is_busy(self) -> bool:
        """Whether any answer is still to be heard."""
        return self._under_way > 0

    def go(self, claimed: Claimed, send: Callable[[], Said]) -> None:
        """Let one go. What it raises in the caller's own thread comes out here."""
        if self._most == 1:
            self._answers.put((claimed, send(), None))
        else:
            self._jobs.put((claimed, send))
        self._under_way += 1
        if self._most > 1 and len(self._threads) < self._under_way:
            self._threads.append(Thread(target=self._carry, name=f"sender-{len(self._threads)}"))
            self._threads[-1].start()

    def answers(self, *, is_waiting: bool = False) -> Iterator[tuple[Claimed, Said]]:
        """Those who have answered; *is_waiting*: at least one. Raises what was raised in a thread; the others stay."""
        while self._under_way:
            try:
                claimed, said, error = self._answers.get(is_waiting)
            except Empty:
                return
            is_waiting = False
            self._under_way -= 1
            if error is not None:
                raise error
            yield claimed, said

    def close(self) -> Iterator[tuple[Claimed, Said]]:
        """Wait for all; those who have answered. What was raised by others is lost with what raised it."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        while not self._answers.empty():
            claimed, said, error = self._answers.get()
            if error is None:
                yield claimed, said

    def _carry(self) -> None:
        while (job := self._jobs.get()) is not None:
            claimed, send = job
            try:
                self._answers.put((claimed, send(), None))
            except BaseException as error:  # noqa: BLE001 - it comes out where it is heard
                self._answers.put((claimed, None, error))
