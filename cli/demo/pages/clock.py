"""``/demo/clock``: let time pass, and see what arrives meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from cli.demo.house import ZONE
from engine.zones import zone
from jobs.catalogue import JOBS
from notifiers.wording import counted
from web.frame.forms import PostedByAnybody
from web.frame.rendering import go, show
from web.frame.viewer import Anybody
from web.frame.visits import bound
from web.frame.words import instant

if TYPE_CHECKING:
    from cli.demo.opened import Demo

_STEPS: Final = {"day": timedelta(days=1), "week": timedelta(days=7)}
_FARTHEST: Final = timedelta(days=120)  # how far the next message is looked for
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that has arrived: where, for whom, and its first line. *path* shows it."""

    at: datetime
    channel: str
    reader: str
    text: str
    path: str


@dataclass(slots=True)
class _Marks:
    """How many mails and posts were there before the clock was moved, and where it stood."""

    mails: int
    posts: int
    from_at: datetime


def router(demo: Demo) -> APIRouter:
    made = APIRouter(prefix="/demo/clock")
    marks: list[_Marks] = []
    keeping = Lock()

    @made.api_route("", methods=["GET", "HEAD"])
    def look(seen: Anybody) -> HTMLResponse:
        """What time it is here, and what the last move has brought."""
        with keeping:
            last = marks[-1] if marks else None
        arrived = _arrived(demo, last) if last else []
        now = demo.monitor.clock.now()
        content: dict[str, Any] = {
            "now": now,
            "clock_zone": zone(ZONE),
            "ahead": round(demo.conductor.clock.ahead / timedelta(days=1)),
            "next_at": _next_at(demo),
            "last": last,
            "arrived": arrived[-_SHOWN:],
            "number": len(arrived),
        }
        return bound(seen, lambda who: show(who, "demo-clock.html", **content))

    @made.post("")
    def move(seen: Anybody, form: PostedByAnybody) -> RedirectResponse:
        """Let time pass. Raises OnTheWay."""
        before = _Marks(len(demo.sink.mails), len(demo.workspace.messages), demo.monitor.clock.now())
        has_come = _moved(demo, form.get("by"), before.from_at)
        demo.keep_time()
        with keeping:
            marks.append(before)
        return go(seen, "/demo/clock", _said(demo, before, has_come=has_come))

    return made


def _moved(demo: Demo, by: str, now: datetime) -> bool:
    if by in _STEPS:
        demo.conductor.move(now + _STEPS[by])
        return True
    told = demo.told()
    return demo.conductor.move_on(now + _FARTHEST, lambda: demo.told() > told)


def _said(demo: Demo, before: _Marks, *, has_come: bool) -> str:
    now = instant(demo.monitor.clock.now(), zone(ZONE))
    number = len(_arrived(demo, before))
    if not has_come:
        return f"Nothing is said in the next {_FARTHEST.days} days. It is {now}."
    return f"It is {now}. {counted(number, 'message')} arrived on the way."


def _arrived(demo: Demo, since: _Marks) -> list[Arrival]:
    mails = [
        Arrival(one.written_at, "Mail", one.recipient, one.subject, f"/demo/mail?to={one.recipient}&mail={one.number}")
        for one in demo.sink.mails[since.mails :]
    ]
    posts = [
        Arrival(
            datetime.fromtimestamp(float(one["ts"]), tz=since.from_at.tzinfo),
            "Slack",
            _reader(demo, one["channel"]),
            one.get("text", ""),
            f"/demo/slack?in={one['channel']}#m{one['ts']}",
        )
        for one in demo.workspace.messages[since.posts :]
    ]
    return sorted([*mails, *posts], key=lambda one: one.at)


def _reader(demo: Demo, conversation: str) -> str:
    user = demo.workspace.users.get(f"U{conversation[1:]}")
    if conversation.startswith("D") and user is not None:
        return str(user["profile"]["email"])
    return f"#{demo.workspace.channels[conversation]['name']}"


def _next_at(demo: Demo) -> datetime | None:
    """When a job has something to do next."""
    planned = (job.due_at(demo.monitor) for job in JOBS)
    return min((at for at in planned if at is not None), default=None)
