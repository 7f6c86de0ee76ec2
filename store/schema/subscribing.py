"""Calendar feeds and their addresses. An address is kept as the SHA-256 of its token: no backup opens a feed."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from store.schema.base import ID, metadata
from store.types import Instant

feeds = Table(
    "feeds",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("search", Text, nullable=False),
    Column("kinds", Text, nullable=False, default=""),
    Column("detail", String(16), nullable=False),
    Column("reminders", String(16), nullable=False),
    Column("reminder_days", String(64), nullable=False),
    Column("timed", Boolean, nullable=False),
    Column("todo", Boolean, nullable=False),
    Column("months_ahead", Integer, nullable=False),
    Column("colour", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_feeds_person_id", "person_id"),
)
feed_tokens = Table(
    "feed_tokens",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("feed_id", ForeignKey("feeds.id"), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_on", Date),  # still served that day, in the organisation's zone
    Column("ended_at", Instant),
    Column("ended_because", String(16)),
    Column("last_fetched_at", Instant),
    Column("last_fetched_by", String(200), nullable=False, default=""),
    Column("fetches", Integer, nullable=False, default=0),
    CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_because"),
    Index(
        "uq_feed_tokens_open",
        "feed_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_feed_tokens_feed_id", "feed_id", "issued_at"),
)
