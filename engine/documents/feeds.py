"""Feeds as scripts read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.zones import day_at

if TYPE_CHECKING:
    from engine.feeds import Opened
    from engine.monitor import Work
    from lifecycle.feeds import Feed
    from store.feeds import FeedAddress


def addresses_of(base_url: str, opened: Opened) -> dict[str, str | None]:
    """Where a feed is, and its list of things to do if it has one; the token is known once, when it is issued."""
    bare = f"{base_url.rstrip('/')}/feeds/{opened.token}"
    return {"url": f"{bare}.ics", "todo_url": f"{bare}/todo.ics" if opened.feed.todo else None}


def known_feed(work: Work, feed_id: str) -> dict[str, Any]:
    """``feed_document`` of a feed by its id, with its newest address. Raises NotFound."""
    feed = work.feeds.get(feed_id)
    listed = work.feeds.listed(feed.person_id, with_ended=True)
    return next(feed_document(work, one, address) for one, address in listed if one.id == feed_id)


def feed_document(work: Work, feed: Feed, address: FeedAddress) -> dict[str, Any]:
    """A feed as scripts read it, without its addresses: they stand in the answer that makes them."""
    is_open = address.is_open(day_at(work.now, work.house.time_zone))
    ended = address.ended_because or (None if is_open else "expired")
    return {
        "id": feed.id,
        "person": work.people.get(feed.person_id).email,
        "name": feed.name,
        "search": feed.search,
        "kinds": list(feed.kinds),
        "detail": feed.detail,
        "reminders": feed.reminders,
        "reminder_days": list(feed.reminder_days),
        "timed": feed.timed,
        "todo": feed.todo,
        "months_ahead": feed.months_ahead,
        "colour": feed.colour,
        "created_at": feed.created_at,
        "changed_at": feed.changed_at,
        "issued_at": address.issued_at,
        "expires_on": address.expires_on,
        "ended_because": ended,
        "last_fetched_at": address.last_fetched_at,
        "last_fetched_by": address.last_fetched_by,
        "fetches": address.fetches,
        "url": None,
        "todo_url": None,
    }
