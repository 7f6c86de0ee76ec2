"""A register that somebody subscribes to, and its door."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bench import registers
from bench.harness import scaled
from bench.templates import made
from engine.feeds import create_feed
from lifecycle.feeds import Detail, Feed
from web.feeds.bodies import Bodies, Which
from web.feeds.door import Feeds, router
from web.feeds.limits import Allowance
from web.feeds.rendering import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from engine.monitor import Monitor

_AGREEMENTS: Final = 1_100  # about 5,000 entries over the longest window
_UNBOUNDED: Final = 10**9


class Subscribed(NamedTuple):
    """A feed of everything over the longest window: what is kept of it, and its token."""

    monitor: Monitor
    bodies: Bodies
    which: Which
    token: str


@cache
def subscribed() -> Subscribed:
    """The register and its one feed, made once."""
    monitor = registers.house_at(made("subscribed", _fill))
    with monitor.work() as work:
        person = work.people.all()[0]
        wanted = Feed(
            id="", person_id=person.id, name="All", search="", months_ahead=60, created_at=work.now, changed_at=work.now
        )
        feed, token = create_feed(work, wanted, most=Detail.FULL)
    bodies = Bodies(monitor, Style(max_bytes=_UNBOUNDED), most_bytes=_UNBOUNDED)
    return Subscribed(monitor, bodies, Which(feed.id, is_todo=False), token)


def application() -> FastAPI:
    """The application with its health pages and the door, which counts no fetches against its reader."""
    from web.app import make_app
    from web.health import Watched

    monitor, bodies, _, _ = subscribed()
    watched = Watched(monitor=monitor, is_current=lambda: True, intervals={}, data_dir=Path("/"))
    feeds = Feeds(
        monitor=monitor,
        bodies=bodies,
        started_at=monitor.clock.now(),
        allowance=Allowance(an_hour=10**9, burst=10**9),
    )
    return make_app(watched, doors=[router(feeds)])


@contextmanager
def served(app: FastAPI) -> Iterator[int]:
    """*app* on a port of this machine."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def _fill(path: Path) -> None:
    monitor = registers.house_at(path)
    registers.fill(monitor, scaled(_AGREEMENTS))
    monitor.database.close()
