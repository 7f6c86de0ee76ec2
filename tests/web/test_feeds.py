"""A feed as an app meets it: headers, conditions, and what is answered instead (CALENDAR.md F9, F10, F13)."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from engine.feeds import revoke_feed, rotate_feed
from store.schema import agreements, metadata
from tests.support.subscribing import BASE_URL, Subscribers, later
from tests.support.world import living

HEADERS = {
    "content-type": "text/calendar; charset=utf-8",
    "content-disposition": 'inline; filename="longstop.ics"',
    "cache-control": "private, max-age=300, no-transform",
    "x-robots-tag": "noindex",
}
OTHER = "A" * 43


@pytest.fixture(scope="module")
def house():
    with living("2026-11-20T09:00", base_url=BASE_URL) as world:
        world.staff()
        world.agreement()
        made = Subscribers(world)
        later(world, hours=1)
        yield made


@pytest.fixture(scope="module")
def mine(house):
    subscription = house.subscribe(todo=True)
    later(house.world, hours=1)
    return subscription


def test_a_calendar_is_served_with_exactly_these_headers(mine):
    answer = mine.get()
    assert answer.status_code == 200
    assert dict(answer.headers) == HEADERS | {
        "content-length": str(len(answer.content)),
        "etag": f'"{sha256(answer.content).hexdigest()[:32]}"',
        "last-modified": "Fri, 20 Nov 2026 09:00:00 GMT",  # when it was made, the newest event
    }
    assert b"Acme Labs" in answer.content


def test_head_says_the_same_without_the_calendar(mine):
    assert dict(mine.head().headers) == dict(mine.get().headers)
    assert mine.head().content == b""
    assert dict(mine.head(mine.todo_path).headers) == dict(mine.get(mine.todo_path).headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"accept": "text/html"},
        {"accept": "application/xml;q=0.1"},
        {"accept_encoding": "gzip, br"},
        {"range": "bytes=0-9"},
        {"host": "evil.example"},
        {"x_forwarded_host": "evil.example"},
        {"cookie": "longstop_session=x"},
        {"accept_language": "de"},
    ],
)
def test_nothing_that_an_app_says_changes_a_byte(mine, headers):
    plain, answer = mine.get(), mine.get(**headers)
    assert (answer.status_code, answer.content) == (200, plain.content)
    assert "content-encoding" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_the_query_is_ignored(mine):
    assert mine.get(f"{mine.path}?nocache=1&x=%00").content == mine.get().content


# -- conditions -------------------------------------------------------------------------------------------------------

NOW = "Fri, 20 Nov 2026 10:00:00 GMT"
BEFORE = "Fri, 20 Nov 2026 08:59:59 GMT"
EXACTLY = "Fri, 20 Nov 2026 09:00:00 GMT"
OLD = "Thu, 01 Jan 1970 00:00:00 GMT"
SAME = [
    {"if_none_match": "{etag}"},
    {"if_none_match": "W/{etag}"},
    {"if_none_match": '"other", {etag}'},
    {"if_none_match": '"other",W/{etag},"more"'},
    {"if_none_match": ['"other"', "{etag}"]},
    {"if_none_match": "*"},
    {"if_none_match": "{gzip}"},
    {"if_none_match": "W/{gzip}"},
    {"if_none_match": "{etag}", "if_modified_since": OLD},
    {"if_modified_since": EXACTLY},
    {"if_modified_since": NOW},
    {"if_modified_since": "Friday, 20-Nov-26 10:00:00 GMT"},
    {"if_modified_since": "Fri Nov 20 10:00:00 2026"},
]
CHANGED = [
    {},
    {"if_none_match": '"other"'},
    {"if_none_match": "{bare}"},
    {"if_none_match": ""},
    {"if_none_match": '"other"', "if_modified_since": NOW},
    {"if_none_match": "{bare}", "if_modified_since": NOW},
    {"if_none_match": "", "if_modified_since": NOW},
    {"if_modified_since": BEFORE},
    {"if_modified_since": OLD},
    {"if_modified_since": "yesterday"},
    {"if_modified_since": ""},
    {"if_modified_since": [NOW, NOW]},
]


def filled(headers, etag):
    def one(value):
        return value.format(etag=etag, bare=etag.strip('"'), gzip=f'{etag[:-1]}-gzip"')

    return {name: [one(each) for each in value] if isinstance(value, list) else one(value)
            for name, value in headers.items()}  # fmt: skip


@pytest.mark.parametrize("headers", SAME, ids=str)
def test_what_an_app_has_already_is_not_sent_again(mine, headers):
    plain = mine.get()
    for ask in (mine.get, mine.head):
        answer = ask(**filled(headers, plain.headers["etag"]))
        assert (answer.status_code, answer.content) == (304, b"")
        assert dict(answer.headers) == {
            name: plain.headers[name] for name in ("etag", "last-modified", "cache-control")
        }


@pytest.mark.parametrize("headers", CHANGED, ids=str)
def test_what_an_app_may_not_have_is_sent(mine, headers):
    plain = mine.get()
    for ask, body in ((mine.get, plain.content), (mine.head, b"")):
        answer = ask(**filled(headers, plain.headers["etag"]))
        assert (answer.status_code, answer.content) == (200, body)


def test_a_change_of_this_second_is_not_relied_upon():
    with living("2026-11-20T09:00", base_url=BASE_URL) as world:
        world.staff()
        feed = Subscribers(world).subscribe()
        later(world, seconds=1.9)
        assert "last-modified" not in feed.get().headers
        assert feed.get(if_modified_since=NOW).status_code == 200
        assert feed.get(if_none_match=feed.get().headers["etag"]).status_code == 304
        later(world, seconds=0.1)
        assert feed.get(if_modified_since=NOW).status_code == 304


def test_a_new_month_and_a_new_start_are_newer_than_the_last_event():
    with living("2026-11-20T09:00", base_url=BASE_URL) as world:
        world.staff()
        made = Subscribers(world)
        feed = made.subscribe()
        later(world, days=12)
        assert feed.get().headers["last-modified"] == "Mon, 30 Nov 2026 23:00:00 GMT"  # midnight in Berlin
        made.start()
        later(world, hours=1)
        assert feed.get().headers["last-modified"] == "Wed, 02 Dec 2026 08:00:00 GMT"


# -- other answers ----------------------------------------------------------------------------------------------------


def plain(answer):
    return answer.status_code, answer.text, {name: answer.headers[name] for name in answer.headers}


def said(status, text, **more):
    headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(text)),
               "cache-control": "no-store"}  # fmt: skip
    return status, text, headers | {name.replace("_", "-"): value for name, value in more.items()}


UNKNOWN = said(404, "There is no such calendar.\n")


@pytest.mark.parametrize(
    "path",
    [
        f"/feeds/{OTHER}.ics", "/feeds/", "/feeds/.ics", "/feeds/x.ics", f"/feeds/{'é' * 43}.ics", "/feeds/a/b/c",
        "{path}/", "{bare}", "{bare}.ICS", "{bare}.ics.ics", "{bare}/todo.ics", "{bare}/todo.ics/", "{bare}/other.ics",
        "/feeds//{token}.ics", "/feeds/{token}%00.ics", "/feeds/{token}.ics%2F",
    ],
)  # fmt: skip
def test_all_that_is_not_there_is_the_same_404(house, path):
    feed = house.subscribe()  # without a side feed
    made = path.format(path=feed.path, bare=feed.path.removesuffix(".ics"), token=feed.token)
    house.feeds.strangers._came.clear()
    assert plain(house.app_at().get(made)) == UNKNOWN
    assert house.app_at().head(made).status_code == 404


def test_a_rotated_address_is_gone_and_the_new_one_serves(house):
    feed = house.subscribe()
    assert feed.get().status_code == 200
    new = feed.do(rotate_feed)
    assert plain(feed.get()) == said(410, "This calendar has ended.\n")
    assert plain(feed.get(feed.todo_path)) == said(410, "This calendar has ended.\n")
    assert house.app_at().get(f"/feeds/{new.token}.ics").status_code == 200


def test_a_revoked_feed_is_gone(house):
    feed = house.subscribe()
    feed.do(revoke_feed)
    assert feed.get().status_code == 410
    assert feed.get(if_none_match="*").status_code == 410


def test_an_address_serves_on_its_last_day_and_is_gone_the_day_after():
    with living("2026-11-20T09:00", base_url=BASE_URL) as world:
        world.staff()
        feed = Subscribers(world).subscribe(expires_on=datetime(2026, 11, 21, tzinfo=UTC).date())
        world.clock.travel_to(world.instant("2026-11-21T23:59"))
        assert feed.get().status_code == 200
        world.clock.travel_to(world.instant("2026-11-22T00:00"))
        assert feed.get().status_code == 410


def test_whoever_left_has_no_feed_any_more():
    with living("2026-11-20T09:00", base_url=BASE_URL) as world:
        world.staff()
        house = Subscribers(world)
        feed, other = house.subscribe("ben", todo=True), house.subscribe("olga")
        world.leave("ben")
        assert [feed.get().status_code, feed.get(feed.todo_path).status_code] == [410, 410]
        assert feed.address().ended_because == "disabled"
        assert other.get().status_code == 200
        assert [one["payload"]["because"] for one in world.events("FeedRevoked")] == ["disabled"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "BREW"])
def test_a_calendar_can_only_be_read(mine, method):
    for path in (mine.path, f"/feeds/{OTHER}.ics"):
        answer = mine.house.app_at().request(method, path)
        assert plain(answer) == said(405, "A calendar can only be read.\n", allow="GET, HEAD")


def test_when_the_register_cannot_be_read_the_app_shall_come_again():
    with living("2026-11-20T09:00", base_url=BASE_URL) as world:
        world.staff()
        feed = Subscribers(world).subscribe()
        before = feed.get()
        with world.monitor.work() as work:
            work.connection.exec_driver_sql("ALTER TABLE feed_tokens RENAME TO elsewhere")
        broken = said(503, "The calendar cannot be shown now.\n", retry_after="300")
        assert plain(feed.get()) == broken
        assert plain(feed.get(if_none_match=before.headers["etag"])) == broken
        with world.monitor.work() as work:
            work.connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO feed_tokens")
        assert feed.get().content == before.content


def test_a_rendering_that_fails_is_503_and_nothing_of_it_is_kept():
    with living("2026-11-20T09:00", base_url=BASE_URL) as world:
        world.staff()
        world.agreement()
        feed = Subscribers(world).subscribe()
        later(world, minutes=1)
        with world.monitor.work() as work:
            kept = work.connection.execute(select(agreements.c.doc)).scalar()
            work.connection.execute(update(agreements).values(doc="{"))
        assert feed.get().status_code == 503
        with world.monitor.work() as work:
            work.connection.execute(update(agreements).values(doc=kept))
        assert feed.get().status_code == 200


def test_robots_may_fetch_feeds_and_nothing_else(house):
    assert house.app_at().get("/robots.txt").text == "User-agent: *\nAllow: /feeds/\nDisallow: /\n"
    assert house.app_at().head("/robots.txt").status_code == 200


# -- limits -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def limited():
    with living("2026-11-20T09:00", base_url=BASE_URL) as world:
        world.staff()
        yield Subscribers(world, an_hour=120)


def test_a_feed_is_fetched_twenty_times_at_once_and_120_times_an_hour(limited):
    feed, other = limited.subscribe(), limited.subscribe()
    assert {feed.get().status_code for _ in range(20)} == {200}
    assert plain(feed.get()) == said(429, "Too many requests.\n", retry_after="30")
    assert other.get().status_code == 200
    served = 20
    for _ in range(119):
        later(limited.world, seconds=30)
        served += feed.get().status_code == 200
        assert feed.get().status_code == 429
    assert served == 139  # the burst, and then one every half minute


def test_who_guesses_is_stopped_and_known_addresses_behind_the_same_one_are_served(limited):
    feed = limited.subscribe()
    guesser = limited.app_at("198.51.100.9")
    answers = [guesser.get(f"/feeds/{number:043}.ics") for number in range(21)]
    assert [answer.status_code for answer in answers] == [404] * 20 + [429]
    assert answers[-1].headers["retry-after"] == "600"
    assert guesser.get(feed.path).status_code == 200
    assert limited.app_at("198.51.100.10").get(f"/feeds/{OTHER}.ics").status_code == 404
    later(limited.world, minutes=10)
    assert guesser.get(f"/feeds/{OTHER}.ics").status_code == 404


# -- what is known of fetches -----------------------------------------------------------------------------------------


def test_the_last_fetch_is_kept_every_ten_minutes_at_most_and_is_no_event(house):
    feed = house.subscribe()
    head = house.world.events()[-1]["position"]
    feed.get(user_agent="Mozilla/5.0 Thunderbird/140\u202e".encode())
    first = feed.address()
    assert (first.last_fetched_by, first.fetches) == ("Mozilla/5.0 Thunderbird/140", 1)
    later(house.world, minutes=9)
    feed.get(user_agent="khal")
    assert feed.address() == first
    later(house.world, minutes=1)
    feed.head(user_agent="khal")
    assert (feed.address().last_fetched_by, feed.address().fetches) == ("khal", 3)
    assert feed.address().last_fetched_at == first.last_fetched_at + timedelta(minutes=10)
    assert house.world.events()[-1]["position"] == head


def test_a_refused_fetch_is_none(house):
    feed = house.subscribe()
    feed.do(revoke_feed)
    feed.get()
    assert feed.address().fetches == 0


def test_an_address_has_43_characters_and_the_house_keeps_only_their_hash(house):
    feed = house.subscribe()
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", feed.token)
    with house.monitor.look() as work:
        dump = "\n".join(str(row) for table in metadata.sorted_tables for row in work.connection.execute(select(table)))
    assert feed.token not in dump
    assert sha256(feed.token.encode()).hexdigest() in dump
