"""A line to the mail server: dialled when it is first needed, greeted, encrypted, logged in, and kept.

MAIL, RCPT and DATA leave in one write where the server offers PIPELINING (RFC 2920), and one after the other where it
does not. Nothing of the mail itself leaves with them, so whatever is answered, nothing has been offered yet:

1. The first refusal decides, in the order of the commands.
2. What is still owed is read, so that the line stays good for the next mail; a server that says 354 although it has
   refused waits for a mail, and gets a closed line instead.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn, Protocol

from lifecycle.delivery import NotSent, Refused, Scope
from notifiers.mime import ascii_address
from notifiers.words.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecycle.delivery import SendResult

_DONE: Final = range(200, 300)
_SEND_NOW: Final = range(354, 355)
_UNREADY: Final = 421  # the server closes the connection, whatever was asked
_UNREADABLE: Final = -1  # what smtplib calls an answer without a code
_SPOILT: Final = frozenset({354, _UNREADY, _UNREADABLE})  # after a refusal: what is said next is no longer certain
_AUTH_REQUIRED: Final = 530
_TOO_LARGE: Final = 552


class SmtpSettings(Protocol):
    """What a line needs of the settings; *timeout* is seconds for one socket operation."""

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


class Answered(Exception):
    """The server's answer decides."""

    def __init__(self, result: SendResult) -> None:
        super().__init__()
        self.result = result


class Unready(Answered):
    """The answer is that the server is closing the connection."""


class Undialled(Answered):
    """The server refused a connection for now, before it heard of any mail."""


class Line:
    """One connection after the other; for one mail at a time."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._connection = smtplib.SMTP(local_hostname=settings.domain)  # not dialled yet

    @property
    def is_open(self) -> bool:
        """Whether it was dialled and neither side has closed it, as far as we know."""
        return self._connection.sock is not None

    def open(self) -> None:
        """Dial, greet, encrypt and log in, as for a mail. Raises Answered, and OSError, which closes the line."""
        try:
            self._dialled()
        except OSError:
            self.drop()
            raise

    def announce(self, envelope: Envelope) -> None:
        """Dial if need be; then MAIL, RCPT and DATA up to the 354.

        Raises Answered, and OSError when the connection is lost, which closes the line.
        """
        try:
            connection = self._connection if self.is_open else self._dialled()
            self._ask(connection, _commands(connection, envelope))
        except OSError:
            self.drop()
            raise

    def transmit(self, data: bytes) -> tuple[int, bytes]:
        """The mail's bytes and the closing dot; what is answered. Raises OSError, which closes the line."""
        closed = data if data.endswith(b"\r\n") else data + b"\r\n"
        stuffed = (b"." + closed if closed.startswith(b".") else closed).replace(b"\r\n.", b"\r\n..")
        try:
            self._connection.send(stuffed + b".\r\n")
            return self._connection.getreply()
        except OSError:
            self.drop()
            raise

    def drop(self) -> None:
        """Close it, whatever is under way."""
        with suppress(OSError):
            self._connection.close()

    def _dialled(self) -> smtplib.SMTP:
        """A greeted, encrypted, authenticated connection."""
        settings = self._settings
        try:
            connection = self._connection = self._dial()
            self._expect(connection.ehlo_or_helo_if_needed)
            if settings.tls == "starttls":
                self._expect(lambda: connection.starttls(context=ssl.create_default_context()))
                self._expect(connection.ehlo_or_helo_if_needed)
            if settings.username:
                self._expect(lambda: connection.login(settings.username, settings.password))
        except smtplib.SMTPConnectError as refused:
            raise _undialled(refused) from refused
        except smtplib.SMTPNotSupportedError as missing:
            self.drop()
            what = "STARTTLS" if "STARTTLS" in str(missing) else "AUTH"
            raise Answered(Refused(f"the server does not offer {what}", Scope.CHANNEL)) from missing
        except UnicodeEncodeError as unsaid:
            self.drop()
            raise Answered(
                Refused("the name or password to log in with has letters outside ASCII", Scope.CHANNEL)
            ) from unsaid
        return connection

    def _dial(self) -> smtplib.SMTP:
        host, port, timeout = self._settings.host, self._settings.port, self._settings.timeout
        if self._settings.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, self._settings.domain, timeout=timeout, context=context)
        return smtplib.SMTP(host, port, self._settings.domain, timeout=timeout)

    def _expect(self, command: Callable[[], object]) -> None:
        """A command of ``smtplib`` that raises the server's refusal."""
        try:
            command()
        except smtplib.SMTPResponseException as refused:
            self.drop()
            raise _undialled(refused) from refused

    def _ask(self, connection: smtplib.SMTP, commands: tuple[bytes, ...]) -> None:
        is_at_once = connection.has_extn("pipelining")
        if is_at_once:
            connection.send(b"".join(commands))
        for number, (scope, wanted) in enumerate(_STEPS):
            if not is_at_once:
                connection.send(commands[number])
            code, text = connection.getreply()
            if code not in wanted:
                owed = len(commands) - number - 1 if is_at_once else 0
                self._end(connection, owed, code=code, result=verdict(code, text, scope))

    def _end(self, connection: smtplib.SMTP, owed: int, *, code: int, result: SendResult) -> NoReturn:
        """End the transaction so that the connection can be kept, and say what the refusal means."""
        if code == _UNREADY:
            self.drop()
            raise Unready(result)
        try:
            said = [code, *(connection.getreply()[0] for _ in range(owed))]
            if not _SPOILT.isdisjoint(said) or connection.rset()[0] not in _DONE:
                self.drop()
        except OSError:
            self.drop()
        raise Answered(result)


#: Of MAIL, RCPT and DATA: what a refusal is about, and with which answer it goes on.
_STEPS: Final = ((Scope.CHANNEL, _DONE), (Scope.ADDRESS, _DONE), (Scope.MESSAGE, _SEND_NOW))


def _undialled(refused: smtplib.SMTPResponseException) -> Answered:
    result = verdict(refused.smtp_code, refused.smtp_error, Scope.CHANNEL)
    return Undialled(result) if isinstance(result, NotSent) else Answered(result)


def verdict(code: int, text: bytes | str, scope: Scope) -> SendResult:
    """What a refusal means: 4xx may pass, 5xx will not; *scope* says what the refused command was about."""
    why = f"{code} {said(text)}"
    if not 500 <= code < 600:
        return NotSent(why, is_unreachable=code == _UNREADY or scope is Scope.CHANNEL)
    if code == _AUTH_REQUIRED:
        return Refused(why, Scope.CHANNEL)
    return Refused(why, Scope.MESSAGE if code == _TOO_LARGE and scope is Scope.CHANNEL else scope)


def said(text: bytes | str) -> str:
    """What a server answered, on one line."""
    return one_line(text.decode("utf-8", "replace") if isinstance(text, bytes) else text, 200)


def _commands(connection: smtplib.SMTP, envelope: Envelope) -> tuple[bytes, ...]:
    """MAIL, RCPT, DATA. A domain with other letters is said in ASCII; a mailbox only where the server takes it."""
    sender, recipient = ascii_address(envelope.sender), ascii_address(envelope.recipient)
    option = ""
    if not (sender + recipient).isascii():
        if not connection.has_extn("smtputf8"):
            raise Answered(Refused("the server takes no address with letters outside ASCII", Scope.ADDRESS))
        option = " SMTPUTF8"
    return f"MAIL FROM:<{sender}>{option}\r\n".encode(), f"RCPT TO:<{recipient}>\r\n".encode(), b"DATA\r\n"
