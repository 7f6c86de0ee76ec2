"""SMTP by phases: after every answer we know whether the mail may have left (DELIVERY.md E1).

::

    connect, EHLO, TLS, AUTH, MAIL, RCPT, DATA   lost or 4xx: NotSent    5xx: Refused
    --- 354 was answered, still_ours() holds: from here on the mail may exist ---
    the mail's bytes, the closing dot            lost: InDoubt           4xx: NotSent   5xx: Refused(message)
    250                                          Accepted, whatever becomes of the connection

One recipient in a transaction, because ``smtplib``'s ``send_message`` hides the phase and takes partial refusals for
success. Connections are kept, one for each mail that is under way at the same time, whatever threads come and go; one
that turns out dead is replaced once, before anything was offered.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from lifecycle.delivery import Accepted, InDoubt, NotSent, Refused, Scope
from notifiers.mime import ascii_address, is_address
from notifiers.words.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.delivery import SendResult

_UNREADY: Final = 421  # the server closes the connection, whatever was asked
_AUTH_REQUIRED: Final = 530
_TOO_LARGE: Final = 552
_SEND_NOW: Final = 354


class SmtpSettings(Protocol):
    """What the sender needs of the settings; *timeout* is seconds for one socket operation."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def tls(self) -> str: ...
    @property
    def domain(self) -> str: ...
    @property
    def timeout(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail to one address; *data* is the whole message with CRLF line ends."""

    sender: str
    recipient: str
    data: bytes


class _Answered(Exception):
    """The server's answer decides."""

    def __init__(self, result: SendResult) -> None:
        super().__init__()
        self.result = result


class _Stale(Exception):
    """A kept connection was dead before anything was offered."""


class SmtpSender:
    """Sends mails one by one; safe to use from many threads at once."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._local = threading.local()  # the connection of the mail that this thread is sending
        self._open: set[smtplib.SMTP] = set()
        self._idle: list[smtplib.SMTP] = []  # the one that was used last is at the end
        self._lock = threading.Lock()

    def send(self, envelope: Envelope, still_ours: Callable[[], bool]) -> SendResult:
        """Offer *envelope* once. Raises nothing: what is unforeseen is *InDoubt*."""
        if not is_address(envelope.recipient):
            return Refused("this is no mail address", Scope.ADDRESS)
        if not is_address(envelope.sender):
            return Refused("the sender is no mail address: check MAIL_FROM", Scope.CHANNEL)
        self._take()
        try:
            return self._offer(envelope, still_ours)
        except _Answered as answered:
            return answered.result
        except Exception as unforeseen:  # noqa: BLE001 - whatever it was, it must not be taken for certain
            self._drop()
            return InDoubt(f"unforeseen: {type(unforeseen).__name__}")
        except BaseException:
            self._drop()
            raise
        finally:
            self._put_back()

    def close(self) -> None:
        """Let go of all connections."""
        with self._lock:
            connections, self._open = self._open, set()
            self._idle.clear()
        for connection in connections:
            with suppress(OSError, smtplib.SMTPException):
                connection.close()

    def _offer(self, envelope: Envelope, still_ours: Callable[[], bool]) -> SendResult:
        """Take the steps in their order.

        1. MAIL and RCPT and DATA, on the kept connection or, if that is dead, on a new one.
        2. Ask whether the mail is still ours to send; if not, the connection is dropped and nothing has left.
        3. The bytes. From the first of them until an answer nobody knows.
        """
        try:
            connection = self._prepared(envelope)
        except _Stale:
            connection = self._prepared(envelope)
        if not still_ours():
            self._drop()
            return NotSent("lease lost")
        return self._transmit(connection, envelope.data)

    def _prepared(self, envelope: Envelope) -> smtplib.SMTP:
        kept = self._kept()
        try:
            connection = kept or self._connect()
            self._announce(connection, envelope)
        except (OSError, smtplib.SMTPServerDisconnected) as lost:
            self._drop()
            if kept:
                raise _Stale from lost
            raise _Answered(NotSent(f"connection lost before the mail was offered: {_reason(lost)}")) from lost
        except _Answered:
            if kept and self._kept() is None:  # 421: the kept one was about to close
                raise _Stale from None
            raise
        return connection

    def _kept(self) -> smtplib.SMTP | None:
        """The connection in hand, unless there is none or ``close`` has let go of it."""
        connection: smtplib.SMTP | None = getattr(self._local, "connection", None)
        return connection if connection in self._open else None

    def _connect(self) -> smtplib.SMTP:
        """A greeted, encrypted, authenticated connection."""
        settings = self._settings
        try:
            connection = self._dial()
            self._local.connection = connection
            with self._lock:
                self._open.add(connection)
            self._expect(connection.ehlo_or_helo_if_needed, Scope.CHANNEL)
            if settings.tls == "starttls":
                self._expect(lambda: connection.starttls(context=ssl.create_default_context()), Scope.CHANNEL)
                self._expect(connection.ehlo_or_helo_if_needed, Scope.CHANNEL)
            if settings.username:
                self._expect(lambda: connection.login(settings.username, settings.password), Scope.CHANNEL)
        except smtplib.SMTPConnectError as refused:
            raise _Answered(_verdict(refused.smtp_code, refused.smtp_error, Scope.CHANNEL)) from refused
        except smtplib.SMTPNotSupportedError as missing:
            self._drop()
            what = "STARTTLS" if "STARTTLS" in str(missing) else "AUTH"
            raise _Answered(Refused(f"the server does not offer {what}", Scope.CHANNEL)) from missing
        return connection

    def _dial(self) -> smtplib.SMTP:
        host, port, timeout = self._settings.host, self._settings.port, self._settings.timeout
        if self._settings.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, self._settings.domain, timeout=timeout, context=context)
        return smtplib.SMTP(host, port, self._settings.domain, timeout=timeout)

    def _announce(self, connection: smtplib.SMTP, envelope: Envelope) -> None:
        """MAIL, RCPT and DATA up to the 354; raises what the server answered otherwise."""
        options = () if envelope.recipient.isascii() and envelope.sender.isascii() else self._utf8(connection, envelope)
        self._ask(lambda: connection.mail(ascii_address(envelope.sender), options), Scope.CHANNEL)
        self._ask(lambda: connection.rcpt(ascii_address(envelope.recipient)), Scope.ADDRESS)
        code, text = connection.docmd("data")
        if code != _SEND_NOW:
            self._settle_refusal(code, text, Scope.MESSAGE)

    def _utf8(self, connection: smtplib.SMTP, envelope: Envelope) -> tuple[str, ...]:
        if ascii_address(envelope.recipient).isascii() and ascii_address(envelope.sender).isascii():
            return ()
        if not connection.has_extn("smtputf8"):
            raise _Answered(Refused("the server takes no address with letters outside ASCII", Scope.ADDRESS))
        connection.command_encoding = "utf-8"
        return ("SMTPUTF8",)

    def _transmit(self, connection: smtplib.SMTP, data: bytes) -> SendResult:
        closed = data if data.endswith(b"\r\n") else data + b"\r\n"
        stuffed = (b"." + closed if closed.startswith(b".") else closed).replace(b"\r\n.", b"\r\n..")
        try:
            connection.send(stuffed + b".\r\n")
            code, text = connection.getreply()
        except (OSError, smtplib.SMTPException) as lost:
            self._drop()
            return InDoubt(f"connection lost after the mail was offered: {_reason(lost)}")
        return Accepted(_said(text)) if 200 <= code < 300 else _verdict(code, text, Scope.MESSAGE)

    def _ask(self, command: Callable[[], tuple[int, bytes]], scope: Scope) -> None:
        code, text = command()
        if not 200 <= code < 300:
            self._settle_refusal(code, text, scope)

    def _expect(self, command: Callable[[], object], scope: Scope) -> None:
        """A command of ``smtplib`` that raises the server's refusal."""
        try:
            command()
        except smtplib.SMTPResponseException as refused:
            self._drop()
            raise _Answered(_verdict(refused.smtp_code, refused.smtp_error, scope)) from refused

    def _settle_refusal(self, code: int, text: bytes, scope: Scope) -> None:
        """End the transaction so that the connection can be kept, and say what the answer means."""
        if code == _UNREADY:
            self._drop()
        else:
            connection = self._local.connection
            try:
                connection.rset()
            except (OSError, smtplib.SMTPException):
                self._drop()
        raise _Answered(_verdict(code, text, scope))

    def _take(self) -> None:
        with self._lock:
            self._local.connection = self._idle.pop() if self._idle else None

    def _put_back(self) -> None:
        connection = self._kept()
        self._local.connection = None
        with self._lock:
            if connection in self._open:
                self._idle.append(connection)

    def _drop(self) -> None:
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            with self._lock:
                self._open.discard(connection)
            connection.close()


def _verdict(code: int, text: bytes | str, scope: Scope) -> SendResult:
    """What a refusal means: 4xx may pass, 5xx will not; *scope* says what the refused command was about."""
    why = f"{code} {_said(text)}"
    if not 500 <= code < 600:
        return NotSent(why)
    if code == _AUTH_REQUIRED:
        return Refused(why, Scope.CHANNEL)
    return Refused(why, Scope.MESSAGE if code == _TOO_LARGE and scope is Scope.CHANNEL else scope)


def _said(text: bytes | str) -> str:
    return one_line(text.decode("utf-8", "replace") if isinstance(text, bytes) else text, 200)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {one_line(str(error), 120)}"
