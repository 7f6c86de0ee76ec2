"""A real mail server on this machine that keeps every mail, in a folder where it has one, and passes none on."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parsedate_to_datetime
from functools import cached_property
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage
    from pathlib import Path
    from types import TracebackType

HOST = "127.0.0.1"
_START = 10.0  # seconds
_SUFFIX: Final = ".eml"


@dataclass(frozen=True)
class Mail:
    """A mail as it arrived: its envelope and every byte. *number* is which it is, from 1 on."""

    number: int
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

    @cached_property
    def written_at(self) -> datetime:
        """The instant at which it was written."""
        return parsedate_to_datetime(str(self.headers["Date"]))

    @property
    def text(self) -> str:
        """Its plain text."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """Its HTML; "" where it has none."""
        return self._body("html")

    def _body(self, kind: str) -> str:
        body = message_from_bytes(self.data, policy=default).get_body((kind,))
        return str(body.get_content()) if body else ""


class Sink:
    """The server, in a thread of its own; use it in a ``with`` statement. It takes a free port.

    What lies in *folder* from before is there; what arrives is kept there.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.port = 0
        self.mails: list[Mail] = _kept(folder)
        self._folder = folder
        self._arrived: SimpleQueue[Mail] = SimpleQueue()
        self._server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        """Listen."""
        from aiosmtpd.smtp import SMTP

        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail-sink", daemon=True)
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(
            self._loop.create_server(lambda: SMTP(self, hostname="localhost", loop=self._loop), HOST, self.port),
            self._loop,
        )
        self._server = listening.result(_START)
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
            self._take(Mail(len(self.mails) + 1, recipient, bytes(envelope.content)))
        return "250 kept here, and passed on to nobody"

    def mail(self, number: int) -> Mail | None:
        """The mail of that number."""
        return self.mails[number - 1] if 0 < number <= len(self.mails) else None

    def next(self, within: float) -> Mail | None:
        """The next mail, or None when none arrives *within* so many seconds."""
        try:
            return self._arrived.get(timeout=within)
        except Empty:
            return None

    def _take(self, mail: Mail) -> None:
        if self._folder is not None:
            (self._folder / f"{mail.number:05d} {mail.recipient}{_SUFFIX}").write_bytes(mail.data)
        self.mails.append(mail)
        self._arrived.put(mail)

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


def _kept(folder: Path | None) -> list[Mail]:
    """The mails of an earlier time, in their order."""
    if folder is None:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(folder.glob(f"*{_SUFFIX}"))
    names = [file.name.removesuffix(_SUFFIX).partition(" ")[2] for file in files]
    return [
        Mail(number, name, file.read_bytes()) for number, (file, name) in enumerate(zip(files, names, strict=True), 1)
    ]
