"""A real SMTP server that can be told to misbehave, and keeps what it *accepted* apart from what it answered.

::

    with SmtpServer() as server:
        server.script("rcpt", Reply("550 5.1.1 nobody"), recipient="gone@example.com")
        server.script("accepted", DROP, times=1)   # keeps the mail and says nothing
        ...
        assert [mail.recipient for mail in server.accepted] == ["olga@example.com"]

Phases in their order: ``connect``, ``ehlo``, ``mail``, ``rcpt``, ``data`` (the command), ``content`` (all bytes are
here, nothing is kept yet), ``accepted`` (it is kept, nothing is answered yet). A refused login: ``password``.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

if TYPE_CHECKING:
    import ssl
    from email.message import EmailMessage

PHASES = ("connect", "ehlo", "mail", "rcpt", "data", "content", "accepted")


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer this instead."""

    text: str


@dataclass(frozen=True, slots=True)
class Slow:
    """Wait so many seconds, then go on."""

    seconds: float


class _Silent:
    """An instruction without facts."""


DROP = _Silent()  # cut the connection, answer nothing
HANG = _Silent()  # keep the connection, answer nothing
Act = Reply | Slow | _Silent


@dataclass(slots=True)
class _Rule:
    phase: str
    act: Act
    recipient: str | None
    times: int | None


@dataclass(frozen=True, slots=True)
class Mail:
    """What the server has kept: the envelope and every byte."""

    sender: str
    recipient: str
    data: bytes
    connection: int

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.data, policy=default)
        assert not parsed.defects
        return parsed


@dataclass(slots=True)
class SmtpServer:
    """Listens on 127.0.0.1, on a port of its own, in a thread of its own."""

    password: str = ""
    starttls: ssl.SSLContext | None = None
    tls: ssl.SSLContext | None = None
    utf8: bool = True
    pipelining: bool = True  # as most servers have it
    most: int = 100  # connections at once; who comes then is sent away
    accepted: list[Mail] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)  # recipients whose mail was answered with 250
    connections: int = 0
    port: int = 0
    host: str = "127.0.0.1"
    _rules: list[_Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sessions: set[_Session] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None
    _server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="smtp-server", daemon=True)
        self._thread.start()
        assert ready.wait(10), "the SMTP server did not start"
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        assert self._thread is not None
        self._thread.join(10)
        self._loop.close()

    def script(self, phase: str, act: Act, *, recipient: str | None = None, times: int | None = None) -> None:
        """At *phase* do *act*: for *recipient* or all, so many *times* or always."""
        assert phase in PHASES
        with self._lock:
            self._rules.append(_Rule(phase, act, recipient, times))

    def behave(self) -> None:
        """Forget every instruction."""
        with self._lock:
            self._rules.clear()

    def cut(self) -> None:
        """Cut every open connection, as a server does that restarts."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(10)

    def due(self, phase: str, recipient: str | None) -> Act | None:
        """The instruction for this moment; using it counts."""
        with self._lock:
            for rule in self._rules:
                if rule.phase == phase and rule.recipient in {None, recipient} and rule.times != 0:
                    rule.times = None if rule.times is None else rule.times - 1
                    return rule.act
        return None

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        ready.set()
        self._loop.run_forever()

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(self._session, self.host, 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        for session in list(self._sessions):
            if session.transport is not None:
                session.transport.abort()
        await asyncio.sleep(0)

    async def _stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._cut()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _session(self) -> _Session:
        self.connections += 1
        login = {"authenticator": self._authenticate, "auth_require_tls": False} if self.password else {}
        session = _Session(
            _Handler(self), owner=self, number=self.connections, hostname="mail.test", ident="test",
            enable_SMTPUTF8=self.utf8, tls_context=self.starttls, loop=self._loop, **login,
        )  # fmt: skip
        session.is_sent_away = sum(not one.is_sent_away for one in self._sessions) >= self.most
        self._sessions.add(session)
        return session

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and data.password == self.password.encode()
        return AuthResult(success=is_right, handled=False)


class _Session(SMTP):
    """One connection; the phases that a handler does not see."""

    def __init__(self, handler: _Handler, *, owner: SmtpServer, number: int, **settings: Any) -> None:
        super().__init__(handler, **settings)
        self.owner = owner
        self.number = number
        self.is_sent_away = False
        self._greeted = False

    def connection_lost(self, error: Exception | None) -> None:
        self.owner._sessions.discard(self)
        super().connection_lost(error)

    async def obey(self, phase: str, recipient: str | None = None) -> str | None:
        """What is scripted for *phase*; the answer to give instead, if there is one."""
        act = self.owner.due(phase, recipient)
        if isinstance(act, Reply):
            return act.text
        if isinstance(act, Slow):
            await asyncio.sleep(act.seconds)
        elif act is DROP:
            self.transport.abort()
            await asyncio.sleep(3600)  # cancelled when the connection is gone
        elif act is HANG:
            await asyncio.sleep(3600)
        return None

    async def push(self, status: str | bytes) -> None:
        if not self._greeted:
            self._greeted = True
            too_many = "421 4.3.2 too many connections" if self.is_sent_away else None
            status = await self.obey("connect") or too_many or status
        await super().push(status)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's name
        instead = await self.obey("ehlo")
        if instead:
            await self.push(instead)
        else:
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:  # noqa: N802 - aiosmtpd's name
        instead = await self.obey("ehlo")
        if instead:
            await self.push(instead)
        else:
            await super().smtp_HELO(hostname)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        instead = await self.obey("data", next(iter(self.envelope.rcpt_tos), None))
        if instead:
            await self.push(instead)
        else:
            await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, owner: SmtpServer) -> None:
        self._owner = owner

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: _Session, session: Any, _envelope: Any, name: str, offered: list[str]
    ) -> list[str]:
        session.host_name = name
        return [offered[0], "250-PIPELINING", *offered[1:]] if self._owner.pipelining else offered

    async def handle_MAIL(self, server: _Session, _session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        instead = await server.obey("mail")
        if instead:
            return instead
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: _Session, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        instead = await server.obey("rcpt", address)
        if instead:
            return instead
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: _Session, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        recipient = envelope.rcpt_tos[0]
        assert len(envelope.rcpt_tos) == 1, "one recipient in a transaction"
        instead = await server.obey("content", recipient)
        if instead:
            return instead
        self._owner.accepted.append(Mail(envelope.mail_from, recipient, envelope.original_content, server.number))
        instead = await server.obey("accepted", recipient)
        if instead:
            return instead
        self._owner.answered.append(recipient)
        return f"250 2.0.0 kept as {len(self._owner.accepted)}"
