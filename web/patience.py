"""Connections that say nothing, or their head byte by byte, are closed: nobody holds a place by keeping us waiting.

Uvicorn closes a connection that is idle between two requests, but waits without end for the head of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
        is_waiting = self.cycle is None or self.cycle.response_complete
        if not is_waiting:
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
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
