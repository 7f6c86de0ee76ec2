"""What holds for every feed that is served: the same bytes everywhere, no secret word, no token in a log."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest
import structlog

from config.logging import configure_logging
from config.playbooks import shipped
from engine import operations as ops
from engine.feeds import revoke_feed
from lifecycle.feeds import Detail, Reminders
from store.database import open_database
from store.queries.feeds import CHANGES_FEEDS, CHANGES_NO_FEED
from tests.support import peers
from tests.support.agreements import every
from tests.support.databases import fresh_at
from tests.support.house import PROJECT
from tests.support.ics_lint import lint
from tests.support.subscribing import BASE_URL, Subscribers, later
from tests.support.world import living

ELSEWHERE = """
import sys
from datetime import UTC, datetime
from dataclasses import replace
from cli import bootstrap
from engine.clock import VirtualClock
from web.feeds.bodies import Bodies, Which
from web.feeds.rendering import Style

url, folder, feed_id, at = sys.argv[1:]
given = {"DATABASE_URL": url, "DATA_DIR": folder, "BASE_URL": "https://longstop.example", "TIME_ZONE": "Europe/Berlin"}
monitor = bootstrap.assembled(bootstrap.settings_of(given))
monitor = replace(monitor, clock=VirtualClock(datetime.fromisoformat(at).replace(tzinfo=UTC)))
for is_todo in (False, True):
    sys.stdout.buffer.write(Bodies(monitor, Style()).fresh(Which(feed_id, is_todo))[0].body.data)
bootstrap.closed(monitor)
"""


@pytest.fixture
def world(tmp_path):
    url = fresh_at(tmp_path)
    with living("2026-11-20T09:00", database=open_database(url), base_url=BASE_URL) as made:
        made.url = url
        made.playbooks(*shipped())
        made.staff()
        yield made


def test_other_processes_in_other_places_on_another_day_of_the_month_give_the_same_bytes(world, tmp_path):
    audit = every("audit", "Access review", 3, since="2025-01-15")
    world.agreement("ACME-7", title="Ü \N{GRINNING FACE} large", obligations=(audit,))
    world.agreement("ACME-8")
    world.say(ops.waive, "ACME-8 notice", by="leo", because="x")
    house = Subscribers(world)
    feed = house.subscribe("leo", reminders=Reminders.BOTH, todo=True)
    served = feed.get().content + feed.get(feed.todo_path).content
    for at, zone, language, seed in (
        ("2026-11-01T00:30", "Pacific/Kiritimati", "de_DE.UTF-8", "1"),
        ("2026-11-30T20:00", "America/Los_Angeles", "C", "2"),
    ):
        around = os.environ | {"TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONHASHSEED": seed}
        words = [sys.executable, "-c", ELSEWHERE, world.url, str(tmp_path), feed.feed.id, at]
        done = subprocess.run(words, env=around, cwd=PROJECT, capture_output=True, check=False)
        assert done.stderr.decode() == ""
        assert done.stdout == served


def test_a_canary_is_in_no_feed_that_does_not_tell_it(world):
    house = Subscribers(world)
    with world.monitor.work() as work:
        ops.change_person(work, replace(work.people.by_email("olga@example.com"), name="Canary"))
    world.agreement("REF-1", title="canary", counterparty="Canary Ltd", tags=("canary",))
    world.agreement("REF-2", title="canary", counterparty="Canary Ltd", restricted_to=("leo@example.com",))
    for detail in (Detail.BUSY, Detail.REDACTED):
        feed = house.subscribe(
            "leo", name="canary", search="canary", detail=detail, reminders=Reminders.BOTH, todo=True
        )  # fmt: skip
        told = feed.get().content + feed.get(feed.todo_path).content
        assert b"canary" not in told.lower()
        assert (b"REF-1" in told, b"REF-2" in told) == (detail is Detail.REDACTED,) * 2
    full = house.subscribe("leo")
    restricted = [one for one in full.entries().values() if "REF-2" in str(one)]
    assert "canary" not in str(restricted).lower()
    assert "canary" in str(full.entries()).lower()


def test_below_what_the_house_allows_an_old_feed_tells_less(world):
    world.agreement("ACME-7")
    house = Subscribers(world)
    feed = house.subscribe("leo")
    assert b"Acme Labs" in feed.get().content
    house.style = replace(house.style, most=Detail.BUSY)
    house.start()
    assert b"Acme Labs" not in feed.get().content
    assert b"SUMMARY:Deadline\r\n" in feed.get().content


def test_links_begin_with_the_base_url_and_an_empty_feed_says_so_on_its_first_day(world):
    house = Subscribers(world)
    feed = house.subscribe("ben")
    (only,) = feed.entries().values()
    assert (str(only["SUMMARY"]), only["DTSTART"].dt) == ("No deadlines in this feed", date(2026, 11, 20))
    later(world, days=70)
    assert next(iter(feed.entries().values()))["DTSTART"].dt == date(2026, 11, 20)
    world.agreement("ACME-7")
    assert "No deadlines" not in str(feed.entries())
    assert {str(one["URL"]).partition("/deadlines/")[0] for one in feed.entries().values()} == {BASE_URL}
    assert lint(feed.get().content, base_url=BASE_URL) == []


def test_what_is_closed_goes_with_the_month_in_which_fourteen_days_are_over(world):
    world.agreement("ACME-7")
    feed = Subscribers(world).subscribe("leo", kinds=("notice",))
    world.clock.travel_to(world.instant("2026-11-20T12:00"))
    uid = next(iter(feed.entries()))
    world.say(ops.waive, "ACME-7 notice", by="leo", because="x")
    for at, is_shown in (("2026-11-30T23:59", True), ("2026-12-31T23:59", True), ("2027-01-01T00:00", False)):
        world.clock.travel_to(world.instant(at))
        assert (uid in feed.entries()) is is_shown


def test_no_log_of_a_served_feed_holds_its_token(world):
    house, said = Subscribers(world), io.StringIO()
    feed = house.subscribe("leo")
    import logging

    before = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logging(form="json", level="debug", stream=said)
    try:
        with peers.served(house.app) as url:
            for path in (feed.path, f"{feed.path}/", f"/feeds/{feed.token}", f"/feeds/{feed.token}.ics?x={feed.token}"):
                _status(f"{url}{path}")
            with world.monitor.work() as work:
                work.connection.exec_driver_sql("ALTER TABLE feeds RENAME TO elsewhere")
            assert _status(f"{url}{feed.path}") == 503
            with world.monitor.work() as work:
                work.connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO feeds")
            feed.do(revoke_feed)
            assert _status(f"{url}{feed.path}") == 410
        structlog.get_logger("access").info(f"GET {feed.path} 200")
    finally:
        logging.getLogger().handlers[:], level = before
        logging.getLogger().setLevel(level)
        structlog.reset_defaults()
    assert "a feed could not be served" in said.getvalue()
    assert "GET /feeds/***.ics 200" in said.getvalue()
    assert feed.token not in said.getvalue()


def test_every_event_that_is_said_to_change_no_feed_exists():
    from typing import get_args

    from lifecycle.events import Event

    assert {one.__name__ for one in get_args(Event)} >= CHANGES_NO_FEED
    assert {"AgreementAmended", "MilestoneVerified", "PersonChanged", "FeedChanged"} <= CHANGES_FEEDS


def _status(url):
    from urllib.error import HTTPError
    from urllib.request import urlopen

    try:
        with urlopen(url) as answer:  # noqa: S310 - our own server
            return answer.status
    except HTTPError as error:
        with error:
            return error.code
