"""Deadlines in somebody's calendar: what happens to a subscription."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCreated:
    """Somebody subscribes to deadlines: a feed, and its first address."""

    feed_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChanged:
    """Settings of a feed were changed; its address stays."""

    feed_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRotated:
    """A feed got a new address; the old one has ended."""

    feed_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRevoked:
    """A feed has ended for good: ``revoked``, or ``disabled`` with its person."""

    feed_id: str
    because: str


OfFeeds = FeedCreated | FeedChanged | FeedRotated | FeedRevoked
