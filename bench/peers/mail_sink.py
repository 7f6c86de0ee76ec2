"""An SMTP server that takes every mail and keeps none, in a process of its own: the same for both sides.

It offers PIPELINING, as Postfix, Exim and Exchange do, and answers all that it heard at once in one write.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_END = b"\r\n.\r\n"
_ANSWERS = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class _Session(asyncio.Protocol):
    """Commands by line; between DATA and the closing dot only the dot is looked for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._rest = b""
        self._is_data = False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        self._transport.write(b"".join(self._answers()))

    def _answers(self) -> Iterator[bytes]:
        while True:
            taken, found, rest = self._rest.partition(_END if self._is_data else b"\r\n")
            if not found:
                return
            self._rest = rest
            if self._is_data:
                self._is_data = False
                yield b"250 taken\r\n"
            else:
                command = taken[:4].upper()
                self._is_data = command == b"DATA"
                yield _ANSWERS.get(command, b"250 ok\r\n")


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def listening() -> Iterator[int]:
    """Its port, while it runs."""
    process = subprocess.Popen([sys.executable, "-m", "bench.peers.mail_sink"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    asyncio.run(_serve())
