"""The demo on the web: where its pages are, and how it is said."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cli.demo.people import PASSWORD
from cli.demo.slack_api import HOST
from cli.doors import doors, site
from cli.errors import Failed
from cli.listening import listen, orderly, server_of
from jobs.catalogue import JOBS
from store.migrate import is_current
from web.health import Watched

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from fastapi import FastAPI

    from cli.demo.opened import Demo
    from cli.render import Terminal

_PORT: Final = 8080


@contextmanager
def listening(port: int | None) -> Iterator[socket.socket]:
    """A socket of this machine alone; without *port* the usual one, or a free one if that is taken. Raises Failed."""
    try:
        found = listen(HOST, _PORT if port is None else port)
    except Failed:
        if port is not None:
            raise
        found = listen(HOST, 0)
    with found:
        yield found


def address_of(found: socket.socket) -> str:
    """Where pages are that are served on a socket."""
    return f"http://{HOST}:{found.getsockname()[1]}"


def app_of(demo: Demo) -> FastAPI:
    """The pages of the house, as everywhere, and the demo's own."""
    from cli.demo.pages import router
    from web.app import make_app

    watched = Watched(
        monitor=demo.monitor,
        is_current=lambda: is_current(demo.monitor.database),
        intervals={job.name: job.interval for job in JOBS},
        data_dir=demo.folder,
    )
    pages = replace(site(demo.monitor, demo.settings), is_demo=True)
    return make_app(watched, doors=[*doors(demo.monitor, demo.settings), router(demo)], site=pages)


def serve(demo: Demo, found: socket.socket) -> None:
    """Serve the pages until Ctrl-C or SIGTERM."""
    ended = threading.Event()
    with orderly(ended):
        server_of(app_of(demo), ended).run(sockets=[found])


def say_where(terminal: Terminal, demo: Demo, address: str) -> None:
    """The address, and who one can be there."""
    from cli.demo.pages.people import parts

    terminal.line()
    terminal.line(f"  Open {address}/demo and choose who you are.")
    terminal.line(f"  Mail: {address}/demo/mail  Slack: {address}/demo/slack  Clock: {address}/demo/clock")
    terminal.line()
    terminal.line(f"  Or sign in at {address}/login, all with the password: {PASSWORD}")
    for part in parts(demo):
        terminal.line(f"    {part.role.value:<12} {part.guises[0].person.email}")
