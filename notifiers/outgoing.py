"""Calls to addresses that others named: only to where the public internet is, unless the operator allows it (W3).

1. https only. 2. The name is resolved once, and if any of its addresses is one of ours, of this machine, of a
neighbour or of a group, nothing is called. 3. The call goes to that very address: a name that means something else a
moment later leads nowhere new. 4. No redirect is followed, no proxy asked; so many seconds, so many bytes: who answers
byte by byte holds a sender no longer than a few who do not answer.

An operator may allow hosts and networks (``OUTGOING_ALLOW``); those may be private, and speak plain http.
"""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, IncompleteRead
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TIMEOUT: Final = 15.0  # seconds of one socket operation
MOST: Final = 64 * 1024  # bytes of an answer that are read
_WHOLE: Final = 3  # times the seconds of one operation: what a call takes at most, less than its lease
_UNWRITABLE: Final = re.compile(r"[^!-~]")
_PORTS: Final = {"https": 443, "http": 80}
_COMPATIBLE: Final = ip_network("::/96")  # RFC 4291, 2.5.5.1
_NAT64: Final = ip_network("64:ff9b::/96")  # RFC 6052
_LOCAL_NAT64: Final = ip_network("64:ff9b:1::/48")  # RFC 8215
_Address = IPv4Address | IPv6Address


class NotAllowed(Exception):
    """Longstop does not call there; *why* is a clause for the operator."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotReached(Exception):
    """Nobody answered. *is_sent* tells whether something may have arrived."""

    def __init__(self, why: str, *, is_sent: bool) -> None:
        super().__init__(why)
        self.why, self.is_sent = why, is_sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Calls addresses that people typed in. *allow* are hosts and networks that may be private."""

    allow: tuple[str, ...] = ()
    timeout: float = TIMEOUT
    resolver: Callable[[str, int], list[str]] = resolve
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)

    def place(self, url: str) -> tuple[str, int, str]:
        """The host, the port and the one address to call. Raises NotAllowed, NotReached."""
        try:
            parts = urlsplit(url)
        except ValueError:  # brackets that hold no address
            raise NotAllowed("it is no https address") from None
        host = (parts.hostname or "").lower()
        if parts.scheme not in _PORTS or not host or parts.username is not None:
            raise NotAllowed("it is no https address")
        if _UNWRITABLE.search(parts.path + parts.query):
            raise NotAllowed("it has a space or a letter outside ASCII behind its host, to be written as %XX")
        try:
            port = parts.port or _PORTS[parts.scheme]
            found = [ip_address(one.partition("%")[0]) for one in self.resolver(host, port)]
        except (OSError, ValueError, UnicodeError) as error:
            raise NotReached(f"{host} is not known ({type(error).__name__})", is_sent=False) from None
        if not found:
            raise NotReached(f"{host} has no address", is_sent=False)
        is_allowed = self._allows(host, found)
        if parts.scheme != "https" and not is_allowed:
            raise NotAllowed("it is not encrypted (https)")
        if not is_allowed and (ours := next((one for one in found if not is_public(one)), None)):
            raise NotAllowed(f"{host} leads to {ours}, which is not on the public internet")
        return host, port, str(found[0])

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], still_ours: Callable[[], bool] = lambda: True
    ) -> Answer | None:
        """Post and read the answer; None where *still_ours* said no. Raises NotAllowed, NotReached."""
        with self._connected(url) as (connection, path):
            if not still_ours():
                return None
            return _answer(connection, "POST", path, headers, body)

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """What lies there. Raises NotAllowed, NotReached."""
        with self._connected(url) as (connection, path):
            answer = _answer(connection, "GET", path, headers)
            if connection.was_cut_off:  # a part of it is no answer, while of a call its status is one
                raise TimeoutError
            return answer

    @contextmanager
    def _connected(self, url: str) -> Iterator[tuple[_Pinned, str]]:
        """A connection to the one address, and the path to ask it for. Raises NotAllowed, NotReached."""
        host, port, address = self.place(url)
        parts = urlsplit(url)
        connection = _Pinned(host, port, address, self.timeout)
        cutting = connection.cut_off_after(self.timeout * _WHOLE)
        try:
            connection.connect()
            if parts.scheme == "https":
                connection.encrypt(self.tls(), host)
            yield connection, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        except (OSError, HTTPException) as error:
            raise NotReached(type(error).__name__, is_sent=connection.is_asked) from None
        finally:
            cutting.cancel()
            connection.close()

    def _allows(self, host: str, found: list[_Address]) -> bool:
        """The host by its name, or every one of its addresses by a network."""
        networks = list(_networks(self.allow))
        return host in {one.lower() for one in self.allow} or all(
            any(one.version == network.version and one in network for network in networks) for one in found
        )


def _answer(
    connection: _Pinned, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
) -> Answer:
    connection.is_asked = True
    connection.request(method, path, body=body, headers=dict(headers))
    answer = connection.getresponse()
    try:
        found = answer.read(MOST)
    except IncompleteRead as part:
        if not connection.was_cut_off:
            raise
        found = part.partial
    return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, found)


class _Pinned(HTTPConnection):
    """Connects to the address that was looked at, whatever the name means by now."""

    def __init__(self, host: str, port: int, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address
        self.is_asked = False  # whether something may have arrived
        self.was_cut_off = False
        self._line: socket.socket | None = None  # kept while an answer is read, when the connection may have let it go

    def connect(self) -> None:
        self.sock = self._line = socket.create_connection((self._address, self.port), self.timeout)

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from now on, with *host*; all of the handshake has the time of one operation."""
        self.sock = self._line = context.wrap_socket(self.sock, server_hostname=host)

    def cut_off_after(self, seconds: float) -> Timer:
        """Whatever is under way then has ended; to be cancelled."""
        cutting = Timer(seconds, self._cut_off)
        cutting.daemon = True
        cutting.start()
        return cutting

    def _cut_off(self) -> None:
        self.was_cut_off = True
        if self._line is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)  # also of TLS, whose own would ask the other side


def is_public(address: _Address) -> bool:
    """Whether an address lies on the public internet, and so does every IPv4 address that it carries."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return True
    if address in _LOCAL_NAT64:
        return False
    return all(is_public(one) for one in _carried(address))


def _carried(address: IPv6Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses within: mapped, compatible, translated, 6to4, Teredo."""
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64 or address in _COMPATIBLE:
        yield IPv4Address(int(address) & 0xFFFFFFFF)


def _networks(allow: tuple[str, ...]) -> Iterator[Any]:
    for one in allow:
        try:
            yield ip_network(one, strict=False)
        except ValueError:
            continue  # a host's name
