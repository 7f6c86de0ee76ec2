"""Calendar feeds and their addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of calendar feeds."""
    op.create_table(
        "feeds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("detail", sa.String(length=16), nullable=False),
        sa.Column("reminders", sa.String(length=16), nullable=False),
        sa.Column("reminder_days", sa.String(length=64), nullable=False),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.Column("todo", sa.Boolean(), nullable=False),
        sa.Column("months_ahead", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=32), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("changed_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_feeds_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
    )
    op.create_index("ix_feeds_person_id", "feeds", ["person_id"], unique=False)
    op.create_table(
        "feed_tokens",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("feed_id", sa.String(length=32), nullable=False),
        sa.Column("issued_at", types.Instant(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("ended_because", sa.String(length=16), nullable=True),
        sa.Column("last_fetched_at", types.Instant(), nullable=True),
        sa.Column("last_fetched_by", sa.String(length=200), nullable=False),
        sa.Column("fetches", sa.Integer(), nullable=False),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_feed_tokens_ended_because")),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_tokens_feed_id_feeds")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_feed_tokens")),
    )
    op.create_index(
        "uq_feed_tokens_open",
        "feed_tokens",
        ["feed_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_feed_tokens_feed_id", "feed_tokens", ["feed_id", "issued_at"], unique=False)
