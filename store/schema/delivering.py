"""How messages leave and answers come in: the outbox, what was posted, what came in, how fast a channel may be."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.schema.base import ID, metadata
from store.types import Instant

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", ID, primary_key=True),
    Column("dedupe_key", String(400), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("address", String(320), nullable=False),
    Column("recipient_id", ForeignKey("people.id")),
    Column("recipient_name", Text, nullable=False, default=""),
    Column("agreement_id", ForeignKey("agreements.id")),
    Column("milestone_id", ForeignKey("milestones.id")),
    Column("generation", Integer, nullable=False, default=0),
    Column("safe_on", Date),
    Column("place", String(100), nullable=False, default=""),
    Column("urgency", String(16), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("next_attempt_at", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("lease_token", String(64)),
    Column("lease_until", Instant),
    Column("offered_at", Instant),  # passed its gate under this lease: from here on a lapse is a doubt
    Column("in_doubt_since", Instant),
    Column("accepted_at", Instant),
    Column("bundle_id", String(32)),
    Column("fallback_of", String(32), unique=True),
    Column("ref", String(320), nullable=False, default=""),
    Column("why", Text, nullable=False, default=""),
    Column("stands_in_for", String(32)),
    CheckConstraint(
        "(state = 'sending') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)", name="sending_leased"
    ),
    CheckConstraint(
        "(state IN ('pending','held','in_doubt')) = (next_attempt_at IS NOT NULL)", name="waiting_is_looked_at"
    ),
    CheckConstraint("state <> 'in_doubt' OR in_doubt_since IS NOT NULL", name="doubt_has_begun"),
    CheckConstraint("state <> 'pending' OR in_doubt_since IS NULL", name="pending_is_sure"),
    CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name="accepted_at"),
    CheckConstraint("(state = 'bundled') = (bundle_id IS NOT NULL)", name="bundled"),
    CheckConstraint("kind <> 'step' OR (milestone_id IS NOT NULL AND place <> '')", name="step_has_place"),
    Index(
        "ix_deliveries_due",
        "priority",
        "next_attempt_at",
        "id",
        sqlite_where=text("state IN ('pending','in_doubt')"),
        postgresql_where=text("state IN ('pending','in_doubt')"),
    ),
    Index(
        "ix_deliveries_next_attempt_at",
        "next_attempt_at",
        sqlite_where=text("state IN ('pending','in_doubt')"),
        postgresql_where=text("state IN ('pending','in_doubt')"),
    ),
    Index(
        "ix_deliveries_held",
        "next_attempt_at",
        sqlite_where=text("state = 'held'"),
        postgresql_where=text("state = 'held'"),
    ),
    Index(
        "ix_deliveries_leased",
        "lease_until",
        sqlite_where=text("state = 'sending'"),
        postgresql_where=text("state = 'sending'"),
    ),
    Index("ix_deliveries_milestone_id", "milestone_id"),
    Index("ix_deliveries_address", "address", "created_at"),
    Index("ix_deliveries_created_at", "created_at", "id"),
    Index(
        "ix_deliveries_bundle_id",
        "bundle_id",
        sqlite_where=text("bundle_id IS NOT NULL"),
        postgresql_where=text("bundle_id IS NOT NULL"),
    ),
    Index(
        "ix_deliveries_stands_in_for",
        "stands_in_for",
        "created_at",
        sqlite_where=text("stands_in_for IS NOT NULL"),
        postgresql_where=text("stands_in_for IS NOT NULL"),
    ),
)
bodies = Table(
    "bodies",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
attempts = Table(
    "attempts",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False),
    Column("token", String(64), nullable=False),
    Column("action", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    Column("result", String(16), nullable=False),
    Column("why", Text, nullable=False, default=""),
    UniqueConstraint("delivery_id", "token", "action"),
    CheckConstraint("action IN ('find','send')", name="action"),
)
posted = Table(
    "posted",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("ref", String(320), nullable=False),
    Column("milestone_id", ForeignKey("milestones.id")),
    Column("shown", Integer, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("next_update_at", Instant),
    Column("failures", Integer, nullable=False, default=0),
    Column("lease_token", String(64)),
    Column("lease_until", Instant),
    Column("is_gone", Boolean, nullable=False, default=False),
    UniqueConstraint("channel", "ref"),
    CheckConstraint("shown <= wanted", name="shown_at_most_wanted"),
    CheckConstraint("(lease_token IS NULL) = (lease_until IS NULL)", name="leased"),
    Index(
        "ix_posted_next_update_at",
        "next_update_at",
        sqlite_where=text("next_update_at IS NOT NULL"),
        postgresql_where=text("next_update_at IS NOT NULL"),
    ),
    Index("ix_posted_milestone_id", "milestone_id"),
)
buckets = Table(
    "buckets",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("full_at", Instant, nullable=False),
    Column("line_at", Instant),  # the end of the line of those who were told to come back
    Column("blocked_until", Instant),
)
whereabouts = Table(
    "whereabouts",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("address", String(320), primary_key=True),
    Column("known_as", String(320), nullable=False),  # the channel's own name for the address
    Column("next_look_at", Instant),  # when the channel is asked whether somebody is still there
    Index(
        "ix_whereabouts_next_look_at",
        "next_look_at",
        sqlite_where=text("next_look_at IS NOT NULL"),
        postgresql_where=text("next_look_at IS NOT NULL"),
    ),
)
inbox = Table(
    "inbox",
    metadata,
    Column("id", ID, primary_key=True),
    Column("dedupe_key", String(400), nullable=False, unique=True),
    Column("source", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("payload", Text, nullable=False),
    Column("next_attempt_at", Instant),
    Column("failures", Integer, nullable=False, default=0),
    Column("applied_at", Instant),
    Column("result", Text),
    CheckConstraint("(applied_at IS NULL) = (result IS NULL)", name="applied_has_result"),
    Index(
        "ix_inbox_next_attempt_at",
        "next_attempt_at",
        sqlite_where=text("next_attempt_at IS NOT NULL"),
        postgresql_where=text("next_attempt_at IS NOT NULL"),
    ),
)
endpoints = Table(
    "endpoints",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("failing_since_at", Instant),
    Column("doc", Text, nullable=False),
)
