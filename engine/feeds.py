"""Feeds: made, changed, given a new address, ended (CALENDAR.md F11).

The address is 256 random bits that only the answer to *create* and *rotate* ever shows; the house keeps their SHA-256.
A feed shows what its own person may see, so nobody gets the address of another person's feed; who administers the house
may end it.
"""

from __future__ import annotations

import secrets
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from engine.digests import digest_of
from engine.zones import day_at
from lifecycle import feeds as law
from lifecycle.errors import LifecycleError
from lifecycle.events import FeedChanged, FeedCreated, FeedRevoked, FeedRotated
from lifecycle.feeds import MOST_FEEDS, Detail, Feed, FeedRefused
from lifecycle.words import spoken
from store.feeds import FeedAddress
from store.queries.search import parse_search

if TYPE_CHECKING:
    from datetime import date

    from engine.monitor import Work

_BYTES: Final = 32  # of a token: 43 characters in an address
_NOT_TOLD: Final = frozenset({"acknowledged", "snoozed"})  # no event of these changes a feed
_BY_HAND: Final = frozenset({"id", "person_id", "created_at", "changed_at"})


class FeedEnded(LifecycleError):
    """A feed that has ended for good."""

    code = "feed-ended"

    def __init__(self, feed: Feed) -> None:
        super().__init__(f"The feed {feed.name!r} has ended.", remedy="Make a new one.")


class TooManyFeeds(LifecycleError):
    """Somebody has as many feeds as anybody may have."""

    code = "too-many-feeds"

    def __init__(self) -> None:
        super().__init__(f"There are {MOST_FEEDS} feeds already.", remedy="Revoke one that nobody reads any more.")


class Opened(NamedTuple):
    """A feed and its address' token, which is never to be had again."""

    feed: Feed
    token: str


def create_feed(work: Work, feed: Feed, *, most: Detail, expires_on: date | None = None) -> Opened:
    """A new feed of *feed*'s settings, and its first address; *most* is the most that feeds may tell here.

    Raises FeedRefused, TooMuchDetail, SearchRefused, TooManyFeeds.
    """
    must_be_possible(feed, most)
    if len(work.feeds.listed(feed.person_id)) >= MOST_FEEDS:
        raise TooManyFeeds
    made = replace(feed, id=work.new_id(), name=feed.name.strip(), created_at=work.now, changed_at=work.now)
    work.feeds.add(made)
    token = _issued(work, made, expires_on)
    work.record(FeedCreated(feed_id=made.id, person_id=made.person_id))
    return Opened(made, token)


def change_feed(work: Work, feed: Feed, *, most: Detail) -> Feed:
    """Keep other settings of a feed under the same address; nothing changed is no event.

    Raises NotFound, FeedEnded, FeedRefused, TooMuchDetail, SearchRefused.
    """
    known = work.feeds.get(feed.id)
    must_be_possible(feed, most)
    _must_be_open(work, known)
    new = replace(feed, name=feed.name.strip(), person_id=known.person_id, created_at=known.created_at)
    changed = tuple(
        field.name
        for field in fields(new)
        if field.name not in _BY_HAND and getattr(new, field.name) != getattr(known, field.name)
    )
    if not changed:
        return known
    new = replace(new, changed_at=work.now)
    work.feeds.save(new)
    work.record(FeedChanged(feed_id=new.id, fields=changed))
    return new


def rotate_feed(work: Work, feed_id: str, *, expires_on: date | None = None) -> Opened:
    """A new address; the old one has ended. Without *expires_on* it lasts as long as the old one would have.

    Raises NotFound, FeedEnded, FeedRefused for an address that would be dead at once.
    """
    feed = work.feeds.get(feed_id)
    old = _must_be_open(work, feed)
    work.feeds.end(feed_id, work.now, "rotated")
    token = _issued(work, feed, expires_on or old.expires_on)
    work.record(FeedRotated(feed_id=feed_id))
    return Opened(feed, token)


def revoke_feed(work: Work, feed_id: str, *, because: str = "revoked") -> bool:
    """End a feed; whether it was not ended before. Raises NotFound."""
    feed = work.feeds.get(feed_id)
    if not work.feeds.end(feed.id, work.now, because):
        return False
    work.record(FeedRevoked(feed_id=feed.id, because=because))
    return True


def revoke_feeds(work: Work, person_id: str | None = None, *, because: str = "revoked") -> int:
    """End every feed of a person, or of everybody; how many there were."""
    return sum(revoke_feed(work, feed.id, because=because) for feed, _ in work.feeds.listed(person_id))


def must_be_possible(feed: Feed, most: Detail) -> None:
    """The one law of calendars that are subscribed to, looked at before and rendered once.

    Raises FeedRefused for what none can be, TooMuchDetail above *most*, SearchRefused.
    """
    law.must_be_possible(feed, most)
    said = {value for key, value in parse_search(feed.search).keyed if key == "is"}
    if not said.isdisjoint(_NOT_TOLD):
        told = f"A feed does not know what is {' or '.join(sorted(said & _NOT_TOLD))}."
        raise FeedRefused("search", told, remedy="Leave the word out: an acknowledgement changes no calendar.")


def _issued(work: Work, feed: Feed, expires_on: date | None) -> str:
    if expires_on is not None and expires_on < day_at(work.now, work.house.time_zone):
        told = f"{spoken(expires_on)} is over."
        raise FeedRefused("expires_on", told, remedy="Give a last day that is still to come, or none.")
    token = secrets.token_urlsafe(_BYTES)
    work.feeds.issue(
        FeedAddress(token_sha256=digest_of(token), feed_id=feed.id, issued_at=work.now, expires_on=expires_on)
    )
    return token


def _must_be_open(work: Work, feed: Feed) -> FeedAddress:
    found = next((address for one, address in work.feeds.listed(feed.person_id) if one.id == feed.id), None)
    if found is None:
        raise FeedEnded(feed)
    return found
