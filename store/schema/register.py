"""Whom and what we watch: people, counterparties, agreements with their versions, obligations."""

from __future__ import annotations

from sqlalchemy import (
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

people = Table(
    "people",
    metadata,
    Column("id", ID, primary_key=True),
    Column("email", String(320), nullable=False),
    Column("email_key", String(320), nullable=False, unique=True),
    Column("name", String(200), nullable=False, default=""),
    Column("role", String(16), nullable=False),
    Column("manager_id", ForeignKey("people.id")),
    Column("is_disabled", Boolean, nullable=False, default=False),
    Column("doc", Text, nullable=False, default="{}"),
    Index("ix_people_role", "role"),
)
team_members = Table(
    "team_members",
    metadata,
    Column("team", String(100), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
)
counterparties = Table(
    "counterparties",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
)
agreements = Table(
    "agreements",
    metadata,
    Column("id", ID, primary_key=True),
    Column("reference", String(100), nullable=False),
    Column("reference_key", String(100), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("counterparty_id", ForeignKey("counterparties.id"), nullable=False),
    Column("status", String(24), nullable=False),
    Column("is_archived", Boolean, nullable=False, default=False),
    Column("owner_id", ForeignKey("people.id")),
    Column("backup_id", ForeignKey("people.id")),
    Column("parent", String(100), nullable=False, default=""),
    Column("calendar", String(80), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("next_passage_at", Instant),
    Column("doc", Text, nullable=False),
    Column("search_key", Text, nullable=False, default="", server_default=""),  # what plain search words look in
    Column("restricted_to", Text, nullable=False, default="", server_default=""),  # a JSON list; "": everybody sees it
    Column("lacks", String(64), nullable=False, default="", server_default=""),  # what its document does not say
    Column("has_exit_plan", Boolean, nullable=False, default=False, server_default=false()),
    Index(
        "ix_agreements_next_passage_at",
        "next_passage_at",
        "id",
        sqlite_where=text("next_passage_at IS NOT NULL"),
        postgresql_where=text("next_passage_at IS NOT NULL"),
    ),
    Index("ix_agreements_owner_id", "owner_id"),
    Index("ix_agreements_calendar", "calendar"),
    Index("ix_agreements_counterparty_id", "counterparty_id"),
    Index(
        "ix_agreements_restricted",
        "id",
        sqlite_where=text("restricted_to <> ''"),
        postgresql_where=text("restricted_to <> ''"),
    ),
    Index(
        "ix_agreements_listed",
        "reference_key",
        "status",
        "owner_id",
        "backup_id",
        "lacks",
        "id",
        sqlite_where=text("is_archived = 0"),
        postgresql_where=text("NOT is_archived"),
    ),
    Index(
        "ix_agreements_leaving",
        "reference_key",
        "id",
        sqlite_where=text("has_exit_plan = 1 AND is_archived = 0"),
        postgresql_where=text("has_exit_plan AND NOT is_archived"),
    ),
    Index("ix_agreements_parent", "parent", sqlite_where=text("parent <> ''"), postgresql_where=text("parent <> ''")),
)
agreement_versions = Table(
    "agreement_versions",
    metadata,
    Column("agreement_id", ForeignKey("agreements.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("since_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
)
obligations = Table(
    "obligations",
    metadata,
    Column("agreement_id", ForeignKey("agreements.id"), primary_key=True),
    Column("id", String(130), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner_id", ForeignKey("people.id")),
    Column("ended_on", Date),
)
absences = Table(
    "absences",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("delegate_id", ForeignKey("people.id"), nullable=False),
    Column("mode", String(8), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("ended_at", Instant),  # called off, or over and the person told what went to the delegate
    CheckConstraint("delegate_id <> person_id", name="somebody_else"),
    CheckConstraint("until_on >= from_on", name="in_order"),
    CheckConstraint("mode IN ('instead','also')", name="mode"),
    Index("ix_absences_person_id", "person_id"),
)
contact_points = Table(
    "contact_points",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("address", String(320), nullable=False),
    Column("state", String(8), nullable=False),
    Column("since_at", Instant, nullable=False),
    Column("why", Text, nullable=False, default=""),
    UniqueConstraint("person_id", "channel", "address"),
    CheckConstraint("state IN ('ok','suspect','dead')", name="state"),
    Index(
        "ix_contact_points_dead",
        "person_id",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
)
