"""A part of the application that is built when somebody first asks for it.

To describe some hundred routes to FastAPI takes a good part of a start, and in most houses most parts are asked for
late or never. The routes of a part's routers are taken as they are: FastAPI describes each route of a router that it
includes a second time, and looks for it twice at every request. A part is known by the first segment of its paths:
``/audits``, ``/audits/AR-7`` and ``/audits.csv`` all lie in ``audits``.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import Receive, Scope, Send


class Later(BaseRoute):
    """Everything under some first *segments*; *make* gives its routers, and is called once."""

    def __init__(self, segments: Iterable[str], make: Callable[[], Iterable[APIRouter]]) -> None:
        """Only say where it lies."""
        self._segments = frozenset(segments)
        self._make = make
        self._lock = threading.Lock()
        self._router: APIRouter | None = None

    @property
    def original_router(self) -> APIRouter:
        """What it is made of, built by now; called as FastAPI calls the router that a route includes."""
        with self._lock:
            if self._router is None:
                made = APIRouter(redirect_slashes=False)
                for one in self._make():
                    made.routes.extend(one.routes)
                self._router = made
            return self._router

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """All that lies there, whether or not there is such a place."""
        if scope["type"] != "http":
            return Match.NONE, {}
        first = scope["path"].removeprefix(scope.get("root_path", "")).split("/", 2)[1:2]
        is_here = bool(first) and first[0].partition(".")[0] in self._segments
        return (Match.FULL if is_here else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the part answer."""
        router = await run_in_threadpool(lambda: self.original_router)
        await router(scope, receive, send)
