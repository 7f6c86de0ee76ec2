"""What is followed until there is an outcome: milestones, what was raised of them, the rules, the silences."""

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
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from store.schema.base import ID, metadata
from store.types import Instant

playbook_versions = Table(
    "playbook_versions",
    metadata,
    Column("playbook", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
)
LIVE = "state IN ('open','acknowledged','snoozed')"
#: What must never be: nobody would look at it again. The audit asks for it; its index is empty.
ASLEEP = f"{LIVE} AND is_deadline AND next_step_at IS NULL"
#: What somebody has still to act on: what lists show first, and what their tiles count without looking at a row.
OWED = f"{LIVE} AND is_deadline"
milestones = Table(
    "milestones",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreements.id"), nullable=False),
    Column("subject", String(130), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("cycle", String(32), nullable=False),
    Column("is_deadline", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("safe_on", Date, nullable=False),
    Column("target_on", Date, nullable=False),
    Column("nominal_on", Date, nullable=False),
    Column("latest_on", Date, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("armed_on", Date, nullable=False),
    Column("playbook", String(64), nullable=False),
    Column("playbook_version", Integer, nullable=False),
    Column("stage", String(64)),
    Column("step", Integer),
    Column("repeat", Integer),
    Column("is_final", Boolean, nullable=False, default=False),
    Column("next_step_at", Instant),
    Column("acknowledged_until_at", Instant),
    Column("snoozed_until_at", Instant),
    Column("snooze_limit_at", Instant),
    Column("missed_at", Instant),
    Column("owner_id", ForeignKey("people.id")),
    Column("doc", Text, nullable=False),
    Column("is_verified", Boolean, nullable=False, default=False, server_default=false()),
    UniqueConstraint("agreement_id", "subject", "kind", "cycle"),
    CheckConstraint("(state = 'acknowledged') = (acknowledged_until_at IS NOT NULL)", name="acknowledged_until"),
    CheckConstraint("(state = 'snoozed') = (snoozed_until_at IS NOT NULL)", name="snoozed_until"),
    CheckConstraint("state <> 'acknowledged' OR acknowledged_until_at = next_step_at", name="acknowledged_wakes"),
    CheckConstraint(
        "state <> 'snoozed' OR (snoozed_until_at = next_step_at AND snoozed_until_at <= snooze_limit_at)",
        name="snoozed_wakes",
    ),
    CheckConstraint(f"({LIVE}) OR next_step_at IS NULL", name="ended_sleeps"),
    CheckConstraint(f"NOT ({LIVE}) OR NOT is_deadline OR next_step_at IS NOT NULL", name="live_deadline_wakes"),
    CheckConstraint("state <> 'passed' OR NOT is_deadline", name="only_markers_pass"),
    Index(
        "ix_milestones_next_step_at",
        "next_step_at",
        "id",
        sqlite_where=text("next_step_at IS NOT NULL"),
        postgresql_where=text("next_step_at IS NOT NULL"),
    ),
    Index("ix_milestones_live_safe_on", "safe_on", "id", sqlite_where=text(LIVE), postgresql_where=text(LIVE)),
    Index(
        "ix_milestones_owed",
        "safe_on",
        "id",
        "agreement_id",
        "is_verified",
        sqlite_where=text(OWED),
        postgresql_where=text(OWED),
    ),
    Index(
        "ix_milestones_followed",
        "playbook",
        "agreement_id",
        sqlite_where=text(OWED),
        postgresql_where=text(OWED),
    ),
    Index(
        "ix_milestones_owner_id",
        "owner_id",
        sqlite_where=text("owner_id IS NOT NULL"),
        postgresql_where=text("owner_id IS NOT NULL"),
    ),
    Index("ix_milestones_asleep", "id", sqlite_where=text(ASLEEP), postgresql_where=text(ASLEEP)),
)
raised = Table(
    "raised",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("milestone_id", ForeignKey("milestones.id"), nullable=False),
    Column("safe_on", Date, nullable=False),
    Column("stage", String(64), nullable=False),
    Column("step", Integer, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("skipped", Integer, nullable=False, default=0),
    UniqueConstraint("milestone_id", "safe_on", "stage", "step", "repeat"),
    Index("ix_raised_at", "at"),
)
silences = Table(
    "silences",
    metadata,
    Column("id", ID, primary_key=True),
    Column("mode", String(8), nullable=False),
    Column("search", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author_id", ForeignKey("people.id")),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("ended_at", Instant),  # called off before its end, or its end was acted upon
    CheckConstraint("ends_at > starts_at", name="in_order"),
    CheckConstraint("mode IN ('hold','digest','drop')", name="mode"),
    Index(
        "ix_silences_ends_at",
        "ends_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
