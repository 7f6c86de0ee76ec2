"""People who subscribe: feeds of a ``World``, and an app that fetches them over HTTP. Every calendar is linted.

olga = Subscribers(world)
mine = olga.subscribe("olga")
assert mine.get().status_code == 200
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from fastapi import FastAPI
from icalendar import Calendar

from engine.feeds import create_feed
from lifecycle.events import Actor
from lifecycle.feeds import Detail, Feed
from notifiers.calendar import Body
from tests.support.asking import Client
from tests.support.ics_lint import lint
from web.feeds.bodies import Bodies
from web.feeds.door import Feeds, router
from web.feeds.limits import Allowance, Strangers
from web.feeds.rendering import Reader, Style, rendered, scene_of

BASE_URL = "https://longstop.example"


class Subscribers:
    """The door of feeds over a world. *an_hour*: so many fetches, so that tests of other things meet no limit."""

    def __init__(self, world, *, an_hour=100_000, style=None, most_bytes=64 * 1024 * 1024, root_path=""):
        self.world, self.monitor = world, world.monitor
        self.style = style or Style()
        self.most_bytes, self.an_hour, self.root_path = most_bytes, an_hour, root_path
        with self.monitor.work() as work:
            if work.keeping.fact("instance") is None:
                work.keeping.set_fact("instance", "5b0a9a52-3c1f-4d0e-9a77-0c6f2a1e8d34")
        self.start()

    def start(self):
        """As after a start of the process: nothing is kept of what was served before."""
        self.bodies = Bodies(self.monitor, self.style, most_bytes=self.most_bytes)
        burst = 20 if self.an_hour == 120 else self.an_hour
        self.feeds = Feeds(
            monitor=self.monitor,
            bodies=self.bodies,
            started_at=self.monitor.clock.now(),
            allowance=Allowance(self.an_hour, burst),
            strangers=Strangers(),
        )
        self.app = FastAPI(redirect_slashes=False, root_path=self.root_path)
        self.app.router.routes.extend(router(self.feeds).routes)

    def app_at(self, peer="192.0.2.7"):
        """A program at an address that asks over HTTP, and follows nothing."""
        return Client(self.app, base_url=BASE_URL, follow_redirects=False, client=(peer, 4711))

    def subscribe(self, who="olga", *, expires_on=None, **said):
        """A feed of somebody; its settings as ``Feed`` names them."""
        with self.monitor.work(Actor(f"{who}@example.com", "test")) as work:
            person_id = work.people.by_email(f"{who}@example.com").id
            facts = {"id": "", "person_id": person_id, "name": "My deadlines", "search": ""} | said
            opened = create_feed(
                work, Feed(created_at=work.now, changed_at=work.now, **facts), most=Detail.FULL, expires_on=expires_on
            )
        return Subscription(self, opened.feed, opened.token)


class Subscription:
    """One feed, as its app sees it."""

    def __init__(self, house, feed, token):
        self.house, self.feed, self.token = house, feed, token
        self.http = house.app_at()

    @property
    def path(self):
        return f"/feeds/{self.token}.ics"

    @property
    def todo_path(self):
        return f"/feeds/{self.token}/todo.ics"

    def get(self, path=None, **headers):
        """GET, with headers written ``if_none_match``."""
        answer = self.house.app_at().get(path or self.path, headers=_headers(headers))
        if answer.status_code == 200:
            assert _faults(answer.content, self.house.monitor.house.base_url or None) == []
        return answer

    def head(self, path=None, **headers):
        return self.house.app_at().head(path or self.path, headers=_headers(headers))

    def entries(self):
        """What it shows, by UID."""
        return {str(one["UID"]): one for one in Calendar.from_ical(self.get().content).walk("VEVENT")}

    def fresh(self, *, is_todo=False) -> Body:
        """What it shows, rendered now from nothing."""
        with self.house.monitor.look() as work:
            feed = work.feeds.get(self.feed.id)
            reader = Reader(person=work.people.get(feed.person_id), is_todo=is_todo)
            return rendered(work, scene_of(work, feed, self.house.style, reader))

    def do(self, operation, **said):
        """One of ``engine.feeds`` on this feed."""
        with self.house.monitor.work(Actor("olga@example.com", "test")) as work:
            return operation(work, self.feed.id, **said)

    def change(self, **said):
        from engine.feeds import change_feed

        with self.house.monitor.work(Actor("olga@example.com", "test")) as work:
            self.feed = change_feed(work, replace(work.feeds.get(self.feed.id), **said), most=Detail.FULL)

    def address(self):
        """The row of its newest address."""
        with self.house.monitor.look() as work:
            listed = work.feeds.listed(self.feed.person_id, with_ended=True)
            return next(address for feed, address in listed if feed.id == self.feed.id)


def later(world, **by):
    """Time goes on, and no job looks."""
    world.clock.travel_to(world.clock.now() + timedelta(**by))


@lru_cache(maxsize=64)
def _faults(content, base_url):
    """The same bytes are looked through once."""
    return lint(content, base_url=base_url)


def _headers(said):
    return [(name.replace("_", "-"), value) for name, values in said.items()
            for value in (values if isinstance(values, list) else [values])]  # fmt: skip
