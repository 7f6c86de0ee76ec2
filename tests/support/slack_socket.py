"""Slack's end of a socket: a WebSocket server that hands out envelopes and hears what was acknowledged (RFC 6455)."""

from __future__ import annotations

import base64
import hashlib
import json
import queue
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


class SlackSocket:
    """Takes one client after the other. ``send`` hands it an envelope, ``heard`` waits for what it says."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._client: socket.socket | None = None
        self._connected = threading.Event()
        self.connections = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, name="slack-socket-server", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        self.drop()

    @property
    def url(self) -> str:
        """Where apps.connections.open points to."""
        return f"ws://127.0.0.1:{self._listening.getsockname()[1]}/link/?ticket=1"

    def send(self, envelope: dict[str, Any]) -> None:
        """Hand an envelope to whoever is connected."""
        assert self._connected.wait(20), "nobody connects"
        assert self._client is not None
        self._client.sendall(_frame(_TEXT, json.dumps(envelope).encode()))

    def heard(self, seconds: float = 20.0) -> dict[str, Any] | None:
        """What the client said next; None where it says nothing for so long."""
        try:
            return self._said.get(timeout=seconds)
        except queue.Empty:
            return None

    @contextmanager
    def talking(self) -> Iterator[None]:
        """Ping all the time: a client that waits for words closes its socket seconds later, unless it hears some."""
        is_over = threading.Event()

        def talk() -> None:
            while not is_over.wait(0.02):
                with suppress(OSError, AttributeError):  # there is none yet, or none any more
                    self._client.sendall(_frame(_PING, b""))  # type: ignore[union-attr]

        thread = threading.Thread(target=talk, name="slack-socket-pings", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def drop(self) -> None:
        """Break the connection."""
        client, self._client = self._client, None
        self._connected.clear()
        if client is not None:
            client.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            try:
                self._greet(client)
                self.connections += 1
                self._client = client
                self._connected.set()
                self._listen(client)
            except OSError:
                continue

    def _greet(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        key = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:"))
        accept = base64.b64encode(hashlib.sha1(key.split(b":")[1].strip() + _GUID).digest())  # noqa: S324 - RFC 6455
        client.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )

    def _listen(self, client: socket.socket) -> None:
        while True:
            opcode, data = _read(client)
            if opcode == _PING:
                client.sendall(_frame(_PONG, data))
            elif opcode == _TEXT:
                self._said.put(json.loads(data))
            elif opcode == _CLOSE:
                return


def _frame(opcode: int, data: bytes) -> bytes:
    length = bytes([len(data)]) if len(data) < 126 else struct.pack("!BH", 126, len(data))
    return bytes([0x80 | opcode]) + length + data


def _read(client: socket.socket) -> tuple[int, bytes]:
    first, second = _exactly(client, 2)
    length = second & 0x7F
    if length == 126:
        (length,) = struct.unpack("!H", _exactly(client, 2))
    mask = _exactly(client, 4) if second & 0x80 else b"\0\0\0\0"
    data = _exactly(client, length)
    return first & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))


def _exactly(client: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = client.recv(count - len(data))
        if not more:
            raise ConnectionResetError
        data += more
    return data
