"""Connections that say nothing, or their head byte by byte, are closed: nobody holds a place by keeping us waiting.

Uvicorn closes a connection that is idle between two requests, but waits without end for the head of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

HEAD: Final = 15.0  # seconds in which the whole head of a request has to be there


class Patient(H11Protocol):
    """See the module. Patience begins with the connection, and again with the first byte of each later head."""

    seconds = HEAD
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._timer = self.loop.call_later(self.seconds, self._lose_it)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._is_waiting():
            self._calm()
        elif self._timer is None:
            self._timer = self.loop.call_later(self.seconds, self._lose_it)

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def _calm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _lose_it(self) -> None:
        self._timer = None
        if self._is_waiting():
            self.transport.close()

    def _is_waiting(self) -> bool:
        """Whether the next thing to come is the head of a request."""
        cycle: Any = self.cycle  # None before the first one
        return cycle is None or bool(cycle.response_complete)
