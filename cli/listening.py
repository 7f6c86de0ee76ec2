"""A process that people reach: where it listens, the server of its pages, and an end in order, or else at last."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import threading
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from cli.errors import Failed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from uvicorn import Server

_REMEDIES: Final = {
    errno.EADDRINUSE: "Say another one with --port, or end the process that has it.",
    errno.EACCES: "Say a port above 1023 with --port, or let this user listen below.",
}
_MOST_AT_ONCE: Final = 1000  # connections; whoever comes then is told to come again
_LAST: Final = 28.0  # seconds from the signal on; systemd and Docker have patience for 30


@contextmanager
def orderly(ended: threading.Event, *, within: float = _LAST) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the process in order and with 0, *within* so many seconds whatever it waits for.

    A database that keeps silent lets threads wait without end. What they were at is found out at the next start, as
    after ``kill -9``.
    """
    asked = SimpleQueue[int]()  # a signal may come while another is heard: locks are no place for that

    def end(number: int, _frame: Any) -> None:  # noqa: ANN401 - a frame of the interpreter
        asked.put(number)

    threading.Thread(target=_end, args=(asked, ended, within), name="ending at last", daemon=True).start()
    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(asked: SimpleQueue[int], ended: threading.Event, within: float) -> None:
    """In order; at last also after all else is over, where the interpreter waits for its threads."""
    asked.get()
    ended.set()
    threading.Event().wait(within)
    logging.getLogger(__name__).warning("Something still waits, and is left; the next start finds out what it was at.")
    os._exit(0)


def server_of(app: FastAPI, ended: threading.Event) -> Server:
    """The server of an application, which ends when *ended* is set; ``run`` it on sockets that listen."""
    import uvicorn

    from web.patience import Patient

    class Deaf(uvicorn.Server):
        """Leaves signals to ours, which are heard from before its beginning until after its end."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the edge believes proxies, and only those that are trusted
        server_header=False,
        lifespan="off",
        http=Patient,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=5,
    )
    server = Deaf(config)
    threading.Thread(target=_pass_on, args=(ended, server), name="ending", daemon=True).start()
    return server


def _pass_on(ended: threading.Event, server: Server) -> None:
    ended.wait()
    server.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises Failed where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # who comes before the pages are there waits, instead of being sent away
    except OSError as error:
        listening.close()
        remedy = _REMEDIES.get(error.errno or 0, "Say an address of this machine with --host, or LONGSTOP_HOST.")
        raise Failed(f"{host}:{port} cannot be listened on: {error.strerror}.", remedy=remedy) from None
    return listening
