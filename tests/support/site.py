"""The pages as people see them: a real application over the demo's house, made once per module.

    site = Site()
    olga = site.as_("olga")
    assert olga.get("/me").status_code == 200
    olga.post("/me", theme="dark")          # with the token of the page and the browser's headers

``site.page(answer)`` is what a page says, without its markup.
"""

import random
import re
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn

from cli.demo.people import DOMAIN, ORGANISATION, first_name, newcomers
from cli.demo.sample import Shelf
from cli.demo.seeding import samples
from cli.rules import WrittenRules
from engine import operations as ops
from engine.access.entering import begin
from lifecycle.events import Actor
from tests.support.asking import Client
from tests.support.databases import let_go
from tests.support.world import World
from web.app import make_app
from web.frame.sessions import SESSION
from web.frame.site import Site as Pages
from web.health import Watched

BASE = "https://longstop.example"
KEY = "k" * 48
PASSWORD = "a long enough password"
NOW = "2026-11-23T09:30"  # a Monday
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Browser:
    """One person's browser: cookies, and the headers that browsers send."""

    def __init__(self, app, *, base=BASE, peer="192.0.2.7"):
        self.http = Client(app, base_url=base, follow_redirects=False, client=(peer, 4711))
        self.http.headers["accept"] = "text/html,application/xhtml+xml"
        self.root = app.state.site.root_path
        self._token = "", ""  # of a session's forms, and the session

    def get(self, path, **said):
        return self.http.get(f"{self.root}{path}", **said)

    def head(self, path, **said):
        return self.http.head(f"{self.root}{path}", **said)

    def token(self, page="/me"):
        """The token that stands in the forms of a page."""
        found = _TOKEN.search(self.get(page).text)
        return found[1] if found else ""

    def post(self, path, *, on=None, files=None, headers=None, **fields):
        """Send a form as its page *on* would (``/me`` has a form for everybody); fields may be lists."""
        data = {"form_token": self.token(on) if on else self._any_token(), **fields}
        said = {"sec-fetch-site": "same-origin", "origin": str(self.http.base_url).rstrip("/"), **(headers or {})}
        return self.http.post(f"{self.root}{path}", data=data, files=files, headers=said)

    def _any_token(self):
        """A token of whoever is signed in; the page that gives it is looked at once."""
        session = self.http.cookies.get(SESSION)
        if session is None:
            return self.token("/login")
        if self._token[1] != session:
            self._token = self.token("/me"), session
        return self._token[0]

    def followed(self, answer):
        """The page to which an answer leads."""
        assert answer.status_code == 303, (answer.status_code, text_of(answer))
        return self.http.get(answer.headers["location"])


class Site:
    """A house, its pages, and people who look; *filled* with the demo's agreements, *peopled* by its people."""

    def __init__(self, *, filled=True, peopled=True, at=NOW, root_path="", **said):
        if peopled:
            stands, people = _house(at, filled=filled)
            self.world, self.people = stands.twin(), dict(people)
        else:
            self.world, self.people = _empty(at), {}
        self.monitor = self.world.monitor
        given = {"monitor": self.monitor, "key": KEY, "data_dir": Path("/nonexistent"), "base_url": BASE}
        given["rules"] = WrittenRules()
        self.pages = Pages(**given | {"root_path": root_path} | said)
        watched = Watched(monitor=self.monitor, is_current=lambda: True, intervals={}, data_dir=Path("/"))
        self.app = make_app(watched, site=self.pages)

    def as_(self, name):
        """The browser of somebody who is signed in: ``olga``, or a whole address."""
        browser = self.anybody()
        with self.work() as work:
            person = work.people.by_email(name if "@" in name else f"{name.lower()}@{DOMAIN}")
            token = begin(work, person, via="password", days=14).token
        browser.http.cookies.set(SESSION, token)
        return browser

    def anybody(self, **said):
        """A browser in which nobody is signed in."""
        return Browser(self.app, **said)

    @contextmanager
    def work(self, name="henrik"):
        """Do something in somebody's name."""
        with self.monitor.work(Actor(f"{name}@{DOMAIN}", "web")) as work:
            yield work

    def look(self):
        return self.monitor.look()

    @contextmanager
    def served(self, port=0, **said):
        """The same on a real port of this machine, for real browsers; its address."""
        given = {"log_config": None, "access_log": False, "lifespan": "off", "proxy_headers": False}
        config = uvicorn.Config(self.app, **given | said)
        server = uvicorn.Server(config)
        with socket.create_server(("127.0.0.1", port)) as listening:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            server.should_exit = True
            thread.join(10)

    def close(self):
        let_go(self.monitor.database)


def _empty(at):
    world = World(at, organisation=ORGANISATION, base_url=BASE, calendar="DE-BE")
    world.monitor = replace(world.monitor, random=random.Random(7))
    return world


@cache
def _house(at, *, filled):
    """The demo's house as it stands on a day, made once; everybody gets a copy."""
    world, people = _empty(at), {}
    with world.monitor.work(Actor("demo", "demo")) as work:
        password = world.monitor.hashing.hashed(PASSWORD)
        for person, manager in newcomers():
            known = ops.add_person(work, replace(person, manager_id=people.get(manager)))
            people[first_name(person)] = known.id
            work.entering.set_password(known.id, password, work.now)
        if filled:
            _fill(work, people)
    return world, people


def _fill(work, people):
    today = datetime.fromisoformat(NOW).replace(tzinfo=ZoneInfo("Europe/Berlin")).date()
    for sample in samples(Shelf(today, people)):
        kept = ops.register(work, sample.agreement)
        work.settle()
        for then in sample.then:
            then(work, work.agreements.get(kept.id))
            work.settle()
    ops.disable_person(work, work.people.get(people["Lars"]))


def text_of(answer):
    """What a page says, without its markup, blanks made one."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
