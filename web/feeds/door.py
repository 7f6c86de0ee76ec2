"""The door for calendar apps: ``/feeds/<token>.ics`` and ``/feeds/<token>/todo.ics`` (CALENDAR.md F9 to F13).

It speaks ASGI itself, so that nothing stands between it and the app: no redirect that would repeat the token, no other
method than it knows, no cookie, no page. Whoever has the address is the reader; nothing of the address is ever logged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import structlog
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from engine.digests import digest_of
from engine.monitor import place_of
from engine.zones import day_at, zone
from web.feeds import answers
from web.feeds.answers import ALLOWED, BROKEN, ENDED, ONLY_READ, UNKNOWN, Answer
from web.feeds.bodies import Which
from web.feeds.conditions import is_unchanged
from web.feeds.fetches import Fetches
from web.feeds.limits import Allowance, Strangers

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from starlette.types import Receive, Scope, Send

    from engine.monitor import Monitor
    from store.queries.feeds import Revision
    from web.feeds.bodies import Bodies

log = structlog.get_logger(__name__)
_EVENTS: Final = ".ics"
_ADDRESS: Final = re.compile(r"([A-Za-z0-9_-]{43})(\.ics|/todo\.ics)")
_SETTLED: Final = timedelta(seconds=2)  # as old must a change be before an app may rely on its whole second


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as far as a feed looks at it: no query, no ``Accept``, no ``Host``."""

    rest: str  # of the path, behind /feeds/
    client: str  # the address that it came from
    if_none_match: tuple[str, ...] = ()
    if_modified_since: tuple[str, ...] = ()
    program: str = ""

    @classmethod
    def of(cls, scope: Scope) -> Asked:
        """From what the server hands over."""

        def told(name: bytes) -> tuple[str, ...]:
            return tuple(value.decode("latin-1") for given, value in scope["headers"] if given == name)

        return cls(
            rest=scope["path_params"]["rest"],
            client=(scope.get("client") or ("", 0))[0],
            if_none_match=told(b"if-none-match"),
            if_modified_since=told(b"if-modified-since"),
            program=" ".join(told(b"user-agent")).encode("ascii", "ignore").decode(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """Everything that serving takes. After a start apps ask anew: its settings may be others."""

    monitor: Monitor
    bodies: Bodies
    started_at: datetime
    allowance: Allowance = field(default_factory=Allowance)
    strangers: Strangers = field(default_factory=Strangers)

    def answer(self, asked: Asked) -> Answer:
        """What is said to somebody who asks for ``/feeds/{rest}``.

        1. Whose address it is. 2. Whether it is still open. 3. Not too often. 4. As it is kept, else rendered anew.
        Whatever fails, the answer is to come again: never a part of it, an old one, or an empty one.
        """
        try:
            return self._answered(asked)
        except Exception as error:  # noqa: BLE001 - see above
            log.error("a feed could not be served", why=f"{type(error).__name__} in {place_of(error)}")  # noqa: TRY400 - it may hold texts
            return BROKEN

    def _answered(self, asked: Asked) -> Answer:
        with self.monitor.look() as work:
            found = _ADDRESS.fullmatch(asked.rest)
            known = work.feeds.by_token(digest_of(found[1])) if found else None
            if found is None or known is None:
                patience = self.strangers.take(asked.client, work.now)
                return answers.wait(patience) if patience else UNKNOWN
            feed, address = known
            if not address.is_open(day_at(work.now, work.house.time_zone)):
                return ENDED
            which = Which(feed.id, found[2] != _EVENTS)
            if which.is_todo and not feed.todo:
                return UNKNOWN
            if patience := self.allowance.take(feed.id, work.now):
                return answers.wait(patience)
            at = self.bodies.revision(work)
            ready = self.bodies.kept(work, feed, which, at)
            home, now = zone(work.house.time_zone), work.now
        if ready is None:
            ready, at = self.bodies.fresh(which)
        modified_at = _modified_at(now, home, at, self.started_at)
        is_same = is_unchanged(
            ready.etag, modified_at, if_none_match=asked.if_none_match, if_modified_since=asked.if_modified_since
        )
        if is_same:
            return answers.unchanged(ready.etag, modified_at, address.token_sha256)
        return answers.calendar(ready.body.data, ready.etag, modified_at, address.token_sha256)


class Door:
    """An ASGI application below ``/feeds/``."""

    def __init__(self, feeds: Feeds) -> None:
        """Serve *feeds*."""
        self._feeds, self._fetches = feeds, Fetches(feeds.monitor)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then remember who fetched."""
        del receive  # nobody has anything to tell a feed
        if scope["method"] not in ALLOWED:
            await said(scope, send, ONLY_READ)
            return
        asked = Asked.of(scope)
        answer = await run_in_threadpool(self._feeds.answer, asked)
        await said(scope, send, answer)
        now = self._feeds.monitor.clock.now()
        if answer.token_sha256 and self._fetches.is_due(answer.token_sha256, now):
            await run_in_threadpool(self._fetches.write, answer.token_sha256, at=now, by=asked.program)


class Robots:
    """``/robots.txt``."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What may be fetched by programs that ask."""
        del receive
        await said(scope, send, answers.robots() if scope["method"] in ALLOWED else ONLY_READ)


def router(feeds: Feeds) -> APIRouter:
    """The door of feeds, and what robots are told of it."""
    made = APIRouter()
    made.routes.append(Route("/feeds/{rest:path}", Door(feeds), name="feeds", include_in_schema=False))
    made.routes.append(Route("/robots.txt", Robots(), name="robots", include_in_schema=False))
    return made


async def said(scope: Scope, send: Send, answer: Answer) -> None:
    """Send an answer; to HEAD without its bytes."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.raw_headers()})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})


def _modified_at(now: datetime, home: ZoneInfo, at: Revision, started_at: datetime) -> datetime | None:
    """The latest of what can have changed a body: an event, the month with its window, a start of this process.

    None while a change of the same second could still follow (RFC 9110 8.8.2.2).
    """
    month_at = datetime.combine(now.astimezone(home).date().replace(day=1), time.min, home)
    latest = max(one for one in (at.at, month_at, started_at) if one is not None)
    return latest.astimezone(UTC).replace(microsecond=0) if now - latest >= _SETTLED else None
