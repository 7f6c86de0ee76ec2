"""A real mail server on this machine that keeps every mail and passes none on."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.parser import BytesHeaderParser
from email.policy import default
from functools import cached_property
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Self

from cli.errors import Failed

if TYPE_CHECKING:
    from email.message import EmailMessage
    from types import TracebackType

HOST = "127.0.0.1"
_START = 10.0  # seconds


@dataclass(frozen=True)
class Mail:
    """A mail as it arrived: its envelope and every byte."""

    recipient: str
    data: bytes

    @cached_property
    def headers(self) -> EmailMessage:
        """Its headers alone."""
        return BytesHeaderParser(policy=default).parsebytes(self.data)

    @cached_property
    def subject(self) -> str:
        """Its subject."""
        return str(self.headers["Subject"] or "")

    @property
    def text(self) -> str:
        """Its plain text."""
        body = message_from_bytes(self.data, policy=default).get_body(("plain",))
        return str(body.get_content()) if body else ""


class Sink:
    """The server, in a thread of its own; use it in a ``with`` statement. *port* 0 takes a free one."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self._arrived: SimpleQueue[Mail] = SimpleQueue()
        self._server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        """Listen. Raises Failed where the port is taken."""
        from aiosmtpd.smtp import SMTP

        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-sink", daemon=True)
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(
            self._loop.create_server(lambda: SMTP(self, hostname="localhost", loop=self._loop), HOST, self.port),
            self._loop,
        )
        try:
            self._server = listening.result(_START)
        except OSError as error:
            self._end()
            raise Failed(
                f"Port {self.port} of {HOST} cannot be used: {error.strerror}.", remedy="Say --port 0."
            ) from None
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            asyncio.run_coroutine_threadsafe(self._close(self._server), self._loop).result(_START)
        self._end()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ANN401, ARG002, N802 - its name
        """Keep a mail."""
        for recipient in envelope.rcpt_tos:
            self._arrived.put(Mail(recipient, bytes(envelope.content)))
        return "250 kept here, and passed on to nobody"

    def next(self, within: float) -> Mail | None:
        """The next mail, or None when none arrives *within* so many seconds."""
        try:
            return self._arrived.get(timeout=within)
        except Empty:
            return None

    async def _close(self, server: asyncio.Server) -> None:
        """Let nobody in any more, and end the conversations that still go on."""
        server.close()
        talks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START)
        self._loop.close()
