"""An SMTP server that answers by a table, however wrong, and keeps every write that it heard.

::

    with ScriptedSmtp({"RCPT": b"550 nobody\r\n"}) as server:
        ...
        assert server.heard == [b"EHLO longstop.example\r\n", b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"]

An answer of no bytes closes the connection. After a 354 all is taken for a mail up to its closing dot, whose answer is
the one to ``.``; what is said to anything unknown is 250. A client that waits for answers is heard write by write.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

_USUAL = {"": b"220 script\r\n", "EHLO": b"250-script\r\n250 PIPELINING\r\n", "DATA": b"354 go on\r\n"}


class ScriptedSmtp:
    """Listens on 127.0.0.1; one connection at a time, each from the beginning of the table."""

    host = "127.0.0.1"

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self._answers = _USUAL | dict(answers)
        self.heard: list[bytes] = []
        self.connections = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server((self.host, 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="scripted-smtp", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        connection.sendall(self._answers[""])
        rest, is_mail = b"", False
        while heard := _received(connection):
            self.heard.append(heard)
            rest += heard
            while True:
                command, found, after = rest.partition(b"\r\n.\r\n" if is_mail else b"\r\n")
                if not found:
                    break
                rest = after
                answer = self._answers.get("." if is_mail else command[:4].decode().upper(), b"250 ok\r\n")
                if not answer:
                    return
                is_mail = answer.startswith(b"354")
                connection.sendall(answer)


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65_536)
    except OSError:
        return b""
