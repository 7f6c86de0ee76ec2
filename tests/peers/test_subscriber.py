"""Real programs on real addresses: vdirsyncer and khal subscribe, icalevents fetches, Radicale and caldav keep."""

import json
import os
import socket
import subprocess
import time
from datetime import date
from itertools import pairwise
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from config.playbooks import shipped
from engine import operations as ops
from lifecycle.feeds import Detail
from store.database import open_database
from tests.support import peers
from tests.support.databases import fresh_at
from tests.support.ics_lint import lint
from tests.support.subscribing import Subscribers, later
from tests.support.world import living

pytestmark = pytest.mark.peers


@pytest.fixture
def house(tmp_path):
    with living("2026-11-20T09:00", database=open_database(fresh_at(tmp_path)), base_url="http://127.0.0.1") as world:
        world.playbooks(*shipped())
        world.staff()
        yield Subscribers(world)


class Khal:
    """vdirsyncer with khal, as its owner has set it up."""

    def __init__(self, folder, url):
        self.folder = folder
        folder.mkdir()
        (folder / "calendar").mkdir()
        (folder / "vdirsyncer").write_text(
            f"[general]\nstatus_path = {str(folder / 'status')!r}\n\n"
            "[pair deadlines]\na = 'here'\nb = 'there'\ncollections = null\n\n"
            f"[storage here]\ntype = 'filesystem'\npath = {str(folder / 'calendar')!r}\nfileext = '.ics'\n\n"
            f"[storage there]\ntype = 'http'\nurl = {url!r}\n".replace("'", '"')
        )
        (folder / "khal").write_text(
            f"[calendars]\n[[deadlines]]\npath = {folder / 'calendar'}\n\n[sqlite]\npath = {folder / 'khal.db'}\n\n"
            "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
            "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        )
        self._env = os.environ | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "LC_ALL": "C.UTF-8"}
        self._sync("discover")

    def shown(self):
        """What its owner sees after a look: days and titles."""
        self._sync("sync")
        words = ["list", "--day-format", "", "--format", "{start-date}|{title}", "2026-08-01", "2028-11-30"]
        told = peers.said("khal", "-c", self.folder / "khal", *words, env=self._env)
        return sorted(tuple(line.split("|", 1)) for line in told.splitlines() if "|" in line)

    def _sync(self, word):
        peers.said("vdirsyncer", "-c", self.folder / "vdirsyncer", word, env=self._env)


def entries(feed):
    """What is served, in the same words."""
    return sorted((str(one["DTSTART"].dt), str(one["SUMMARY"])) for one in feed.entries().values())


def test_a_subscriber_sees_an_addition_a_move_a_close_and_a_removal(house, tmp_path):
    peers.skip_without("vdirsyncer", "khal")
    world, feed = house.world, house.subscribe("leo")
    world.agreement("ACME-7", title="Hosting, large; \\ \N{SNOWMAN}")
    with peers.served(house.app) as url:
        khal = Khal(tmp_path / "khal", f"{url}{feed.path}")
        seen = [khal.shown()]
        assert seen[0] == entries(feed) != []

        world.agreement("BETA-1", counterparty="Beta Ltd", effective_on="2024-05-01")
        seen.append(khal.shown())
        assert {title.rpartition(" ")[2] for _, title in set(seen[1]) - set(seen[0])} == {"Ltd"}

        world.say(ops.pin, "ACME-7 notice", by="leo", on=date(2026, 11, 26), because="their letter")
        seen.append(khal.shown())
        assert [day for day, _ in set(seen[2]) - set(seen[1])] == ["2026-11-26"]

        world.say(ops.waive, "ACME-7 notice", by="leo", because="they leave")
        seen.append(khal.shown())
        (closed,) = [title for _, title in set(seen[3]) - set(seen[2])]
        assert closed.startswith("Waived: Last safe day: send non-renewal notice")

        world.amend("ACME-7", restricted_to=("mia@example.com",))
        seen.append(khal.shown())
        assert [title for _, title in seen[4] if "Acme" in title] == []
        assert seen[4] == entries(feed)
    for before, after in pairwise(seen):
        assert before != after


def test_two_busy_entries_of_a_day_are_two_to_a_program_that_ignores_uids(house, tmp_path):
    peers.skip_without("vdirsyncer", "khal")
    feed = house.subscribe("leo", detail=Detail.BUSY)
    for reference in ("ACME-7", "ACME-8"):
        house.world.agreement(reference)
    with peers.served(house.app) as url:
        shown = Khal(tmp_path / "khal", f"{url}{feed.path}").shown()
    assert shown == entries(feed)
    assert len(shown) == 2 * len(set(shown))


def test_over_a_real_connection_head_has_no_body_and_a_second_look_is_304(house):
    feed = house.subscribe("leo")
    house.world.agreement("ACME-7")
    later(house.world, hours=1)
    with peers.served(house.app) as url:
        with _open(f"{url}{feed.path}") as answer:
            data, etag, length = answer.read(), answer.headers["ETag"], answer.headers["Content-Length"]
        assert lint(data, base_url="http://127.0.0.1") == []
        with _open(f"{url}{feed.path}", "HEAD") as answer:
            assert (answer.read(), answer.headers["Content-Length"], answer.headers["ETag"]) == (b"", length, etag)
        host, port = url.removeprefix("http://").split(":")
        raw = f"GET {feed.path} HTTP/1.1\r\nHost: x\r\nIf-None-Match: {etag}\r\nConnection: close\r\n\r\n".encode()
        with socket.create_connection((host, int(port))) as line:
            line.sendall(raw)
            told = b"".join(iter(lambda: line.recv(4096), b""))
        assert told.startswith(b"HTTP/1.1 304 ")
        assert told.endswith(b"\r\n\r\n")


def test_icalevents_fetches_it_itself(house):
    if "icalendar" not in peers.parsers():
        pytest.skip("icalevents not installed (make peers)")
    feed = house.subscribe("leo")
    house.world.agreement("ACME-7")
    script = (
        "import sys, json; from datetime import date; from icalevents.icalevents import events\n"
        "found = events(sys.argv[1], start=date(2026, 8, 1), end=date(2028, 12, 1))\n"
        "print(json.dumps(sorted((str(one.start)[:10], one.summary) for one in found)))"
    )
    with peers.served(house.app) as url:
        told = peers.said("python", "-c", script, f"{url}{feed.path}")
    assert [tuple(one) for one in json.loads(told)] == entries(feed)


def test_a_server_of_calendars_keeps_every_entry_and_refuses_a_uid_twice(house, tmp_path):
    peers.skip_without("radicale")
    feed = house.subscribe("leo")
    for reference in ("ACME-7", "ACME-8"):
        house.world.agreement(reference)
    data = feed.get().content
    with Radicale(tmp_path) as url:
        script = (
            "import sys, caldav; from datetime import datetime\n"
            "client = caldav.DAVClient(sys.argv[1], username='dana', password='x')\n"
            "calendar = caldav.Calendar(client=client, url=sys.argv[1] + '/dana/deadlines/')\n"
            "found = calendar.search(event=True, expand=False)\n"
            "print('\\n'.join(sorted(str(one.icalendar_component['UID']) for one in found)))"
        )
        assert _put(f"{url}/dana/deadlines/", data) == 201
        told = peers.said("python", "-W", "ignore", "-c", script, url).split()
        assert told == sorted(feed.entries())
        twice = data.replace(
            b"END:VCALENDAR\r\n", b"BEGIN:VEVENT" + data.split(b"BEGIN:VEVENT")[1] + b"END:VCALENDAR\r\n"
        )
        assert _put(f"{url}/dana/twice/", twice) == 400


def _put(url, data):
    try:
        with _open(url, "PUT", data) as answer:
            return answer.status
    except HTTPError as error:
        with error:
            return error.code


def _open(url, method="GET", data=None):
    headers = {"Content-Type": "text/calendar", "Authorization": "Basic ZGFuYTp4"} if data else {}
    return urlopen(Request(url, method=method, data=data, headers=headers))  # noqa: S310 - our own servers


class Radicale:
    """A Radicale of its own on a free port."""

    def __init__(self, folder):
        self._folder = folder

    def __enter__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        options = ["--server-hosts", f"127.0.0.1:{port}", "--auth-type", "none", "--storage-filesystem-folder"]
        self._process = subprocess.Popen(
            [str(peers.BIN / "radicale"), "--config", "", *options, str(self._folder / "dav")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(10)
