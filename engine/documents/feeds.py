"""Feeds as scripts read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.feeds import today

if TYPE_CHECKING:
    from engine.monitor import Work
    from lifecycle.feeds import Feed
    from store.feeds import FeedAddress


def address_of(base_url: str, token: str) -> str:
    """Where a feed is; *token* is known once, when it is issued."""
    return f"{base_url.rstrip('/')}/feeds/{token}.ics"


def feed_document(work: Work, feed: Feed, address: FeedAddress, *, url: str | None = None) -> dict[str, Any]:
    """A feed as scripts read it; its address only in the answer that makes one."""
    ended = address.ended_because or ("expired" if not address.is_open(today(work)) else None)
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
        "url": url,
    }
