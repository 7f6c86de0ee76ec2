"""``longstop feed create | change | list | rotate | revoke``: addresses shown once, and whose they are."""

import re
from datetime import timedelta

import pytest

from tests.support.databases import in_a_file

ADDRESS = re.compile(r"http://localhost:8080/feeds/[A-Za-z0-9_-]{43}\.ics")
OLGA, LEO, ADA = (f"{name}@example.com" for name in ("olga", "leo", "ada"))


def made(longstop, *words, person=OLGA):
    return longstop("feed", "create", "--for", person, *words, "--json").item


def listed(longstop, *words):
    return longstop("feed", "list", *words, "--json").items


def test_the_address_is_shown_when_it_is_made_and_never_again(longstop):
    feed = made(longstop, "--name", "Mine")
    assert ADDRESS.fullmatch(feed["url"])
    assert (feed["search"], feed["detail"], feed["reminders"], feed["person"]) == ("owner:me", "full", "none", OLGA)
    token = feed["url"].rsplit("/", 1)[1].removesuffix(".ics")
    (known,) = listed(longstop)
    assert known == {name: value for name, value in feed.items() if name not in {"result", "is_dry_run"}} | {
        "url": None
    }
    assert token not in longstop("feed", "list").out
    assert token not in longstop("--verbose", "feed", "list").err
    told = longstop("feed", "create", "--for", OLGA)
    assert ADDRESS.fullmatch(told.lines[1])


def test_a_list_of_things_to_do_is_told_with_its_address(longstop):
    _, calendar, todo, warning = longstop("feed", "create", "--for", OLGA, "--todo").lines
    assert ADDRESS.fullmatch(calendar)
    assert todo == f"Things to do: {calendar.removesuffix('.ics')}/todo.ics"
    feed = made(longstop, "--todo")
    assert feed["todo_url"] == f"{feed['url'].removesuffix('.ics')}/todo.ics"
    assert {one["todo_url"] for one in listed(longstop)} == {None}
    assert made(longstop)["todo_url"] is None
    assert warning.startswith("Whoever has this address")


def test_every_setting_is_kept_and_another_can_be_changed(longstop):
    feed = made(
        longstop, "tag:critical", "--name", "Critical", "--detail", "redacted", "--kind", "notice", "--reminders",
        "both", "--reminder-days", "14", "--reminder-days", "60", "--months-ahead", "12", "--timed", "--todo",
        "--colour", "teal", "--expires", "2026-12-31",
    )  # fmt: skip
    settings = {
        "search": "tag:critical", "name": "Critical", "detail": "redacted", "kinds": ["notice"], "reminders": "both",
        "reminder_days": [60, 14], "months_ahead": 12, "timed": True, "todo": True, "colour": "teal",
        "expires_on": "2026-12-31",
    }  # fmt: skip
    assert {name: feed[name] for name in settings} == settings
    changed = longstop("feed", "change", feed["id"], "--detail", "busy", "--no-timed", "--json").item
    assert {name: changed[name] for name in settings} == settings | {"detail": "busy", "timed": False}
    assert (changed["result"], changed["url"]) == ("changed", None)
    again = longstop("feed", "change", feed["id"], "--detail", "busy", "--json").item
    assert again["result"] == "was so already"


def test_a_rotated_feed_has_another_address_and_a_revoked_one_none(longstop):
    feed = made(longstop)
    longstop.now += timedelta(minutes=1)
    new = longstop("feed", "rotate", feed["id"], "--json").item
    assert ADDRESS.fullmatch(new["url"])
    assert new["url"] != feed["url"]
    assert longstop("feed", "revoke", feed["id"], "--json").item == {"revoked": 1, "is_dry_run": False}
    assert longstop("feed", "revoke", feed["id"], "--json").item["revoked"] == 0
    assert listed(longstop) == []
    assert [one["ended_because"] for one in listed(longstop, "--ended")] == ["revoked"]
    assert longstop("feed", "rotate", feed["id"], "--json", expect=4).document["code"] == "feed-ended"
    assert longstop("feed", "change", feed["id"], "--name", "x", "--json", expect=4).document["code"] == "feed-ended"


def test_all_of_one_person_or_of_everybody_end_at_once(longstop):
    for person in (OLGA, OLGA, LEO):
        made(longstop, person=person)
    assert longstop("feed", "revoke", "--person", OLGA, "--json").item["revoked"] == 2
    assert [one["person"] for one in listed(longstop)] == [LEO]
    longstop("feed", "revoke", "--all", expect=2)  # nobody is there to be asked
    assert longstop("feed", "revoke", "--all", "--yes", "--json").item["revoked"] == 1


def test_whoever_is_disabled_loses_their_feeds_for_good(longstop):
    made(longstop, person=LEO)
    longstop("person", "disable", LEO, "--yes")
    assert [one["ended_because"] for one in listed(longstop, "--ended")] == ["disabled"]
    longstop("feed", "create", "--for", LEO, expect=4)


def test_people_see_and_touch_their_own_feeds_alone(longstop):
    mine, theirs = made(longstop, person=OLGA), made(longstop, person=LEO)
    assert [one["id"] for one in listed(longstop, "--as", OLGA)] == [mine["id"]]
    assert {one["id"] for one in listed(longstop, "--as", ADA)} == {mine["id"], theirs["id"]}
    longstop("feed", "list", "--as", OLGA, "--for", LEO, expect=4)
    longstop("feed", "rotate", theirs["id"], "--as", OLGA, expect=3)
    longstop("feed", "change", theirs["id"], "--name", "x", "--as", OLGA, expect=3)
    longstop("feed", "revoke", theirs["id"], "--as", OLGA, expect=4)
    longstop("feed", "revoke", "--all", "--yes", "--as", OLGA, expect=4)
    longstop("feed", "revoke", "--person", OLGA, "--as", OLGA)
    assert [one["id"] for one in listed(longstop)] == [theirs["id"]]


def test_not_even_an_admin_gets_the_address_of_somebody_elses_feed_but_may_end_it(longstop):
    theirs = made(longstop, person=LEO)
    longstop("feed", "create", "--for", LEO, "--as", ADA, expect=4)
    longstop("feed", "rotate", theirs["id"], "--as", ADA, expect=3)
    assert longstop("feed", "revoke", theirs["id"], "--as", ADA, "--json").item["revoked"] == 1


def test_a_person_has_twenty_feeds_at_most(longstop):
    for _ in range(20):
        made(longstop)
    assert longstop("feed", "create", "--for", OLGA, "--json", expect=4).document["code"] == "too-many-feeds"
    longstop("feed", "revoke", listed(longstop)[0]["id"])
    made(longstop)


def test_a_trial_keeps_nothing(longstop):
    assert made(longstop, "--dry-run")["is_dry_run"]
    assert listed(longstop) == []


@pytest.mark.parametrize(
    "words",
    [
        ("--name", " "),
        ("--name", "x" * 61),
        ("--months-ahead", "2"),
        ("--reminder-days", "0"),
        ("--colour", "red"),
        ("--kind", "party"),
        ("--expires", "2026-11-21"),
        ("colour:red",),
        ("is:acknowledged",),
        ("is:snoozed",),
    ],
)
def test_what_a_feed_cannot_be_is_wrong_usage(longstop, words):
    longstop("feed", "create", "--for", OLGA, *words, expect=2)
    assert listed(longstop) == []


def test_more_than_the_house_allows_is_refused_and_later_less_is_told(longstop, monkeypatch):
    longstop.agreement()
    monkeypatch.setenv("LONGSTOP_FEED_MAX_DETAIL", "redacted")
    refused = longstop("feed", "create", "--for", OLGA, "--detail", "full", "--json", expect=4).document
    assert refused["code"] == "feed-detail"
    assert made(longstop)["detail"] == "redacted"


def test_without_anybody_named_it_says_what_to_say(longstop):
    assert "--for EMAIL" in longstop("feed", "create", expect=2).err
    longstop("feed", "create", "--as", OLGA)
    longstop("feed", "revoke", expect=2)


def test_what_happened_to_feeds_is_in_the_log_without_an_address(longstop):
    feed = made(longstop)
    longstop("feed", "change", feed["id"], "--detail", "busy")
    longstop("feed", "rotate", feed["id"])
    longstop("feed", "revoke", feed["id"])
    rows = longstop.sql("SELECT type, payload FROM events WHERE substr(type, 1, 4) = 'Feed' ORDER BY position")
    assert [row[0] for row in rows] == ["FeedCreated", "FeedChanged", "FeedRotated", "FeedRevoked"]
    assert feed["url"].rsplit("/", 1)[1].removesuffix(".ics") not in str(rows)


@in_a_file
def test_feeds_move_house_with_the_register_and_stay_at_their_address(longstop, tmp_path):
    feed = made(longstop)
    before = listed(longstop)
    target = f"sqlite:///{tmp_path / 'other.db'}"
    longstop("db", "copy", f"sqlite:///{longstop.data_dir / 'longstop.db'}", target)
    longstop.url = target
    assert listed(longstop) == before
    assert before[0]["id"] == feed["id"]
