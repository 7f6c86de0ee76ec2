"""The tables. Columns hold what is queried, one JSON document the rest.

What must never be is forbidden here as well as in code: the constraints are those of DELIVERY.md D2, the events table
refuses change by trigger (``store.migrations``). Every question that a job asks has a partial index.
"""

from __future__ import annotations

from typing import Final

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
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.types import Instant

NAMING: Final = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: Final = MetaData(naming_convention=NAMING)
_ID: Final = String(32)

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", _ID, primary_key=True),
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
    Column("id", _ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
)

agreements = Table(
    "agreements",
    metadata,
    Column("id", _ID, primary_key=True),
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
    Index(
        "ix_agreements_next_passage_at",
        "next_passage_at",
        "id",
        sqlite_where=text("next_passage_at IS NOT NULL"),
        postgresql_where=text("next_passage_at IS NOT NULL"),
    ),
    Index("ix_agreements_owner_id", "owner_id"),
    Index("ix_agreements_calendar", "calendar"),
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
    Column("id", _ID, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("owner_id", ForeignKey("people.id")),
    Column("ended_on", Date),
)

_LIVE = "state IN ('open','acknowledged','snoozed')"
milestones = Table(
    "milestones",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("agreement_id", ForeignKey("agreements.id"), nullable=False),
    Column("subject", String(32), nullable=False),
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
    UniqueConstraint("agreement_id", "subject", "kind", "cycle"),
    CheckConstraint("(state = 'acknowledged') = (acknowledged_until_at IS NOT NULL)", name="acknowledged_until"),
    CheckConstraint("(state = 'snoozed') = (snoozed_until_at IS NOT NULL)", name="snoozed_until"),
    CheckConstraint("state <> 'acknowledged' OR acknowledged_until_at = next_step_at", name="acknowledged_wakes"),
    CheckConstraint(
        "state <> 'snoozed' OR (snoozed_until_at = next_step_at AND snoozed_until_at <= snooze_limit_at)",
        name="snoozed_wakes",
    ),
    CheckConstraint(f"({_LIVE}) OR next_step_at IS NULL", name="ended_sleeps"),
    CheckConstraint(f"NOT ({_LIVE}) OR NOT is_deadline OR next_step_at IS NOT NULL", name="live_deadline_wakes"),
    CheckConstraint("state <> 'passed' OR NOT is_deadline", name="only_markers_pass"),
    Index(
        "ix_milestones_next_step_at",
        "next_step_at",
        "id",
        sqlite_where=text("next_step_at IS NOT NULL"),
        postgresql_where=text("next_step_at IS NOT NULL"),
    ),
    Index("ix_milestones_live_safe_on", "safe_on", "id", sqlite_where=text(_LIVE), postgresql_where=text(_LIVE)),
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
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _ID, primary_key=True),
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

events = Table(
    "events",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("type", String(40), nullable=False),
    Column("actor", String(320), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("agreement_id", String(32)),
    Column("milestone_id", String(32)),
    Column("payload", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_events_agreement_id", "agreement_id", "position"),
)
chain = Table(
    "chain",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

import_batches = Table(
    "import_batches",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(320), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("quiet_until_on", Date),
    Column("undone_at", Instant),
    Column("doc", Text, nullable=False),
)
import_rows = Table(
    "import_rows",
    metadata,
    Column("batch_id", ForeignKey("import_batches.id"), primary_key=True),
    Column("agreement_id", ForeignKey("agreements.id"), primary_key=True),
    Column("result", String(16), nullable=False),
    Column("version_before", Integer),
    Column("version_after", Integer, nullable=False),
)
playbook_versions = Table(
    "playbook_versions",
    metadata,
    Column("playbook", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("doc", Text, nullable=False),
    UniqueConstraint("playbook", "sha256"),
)
calendar_snapshots = Table(
    "calendar_snapshots",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("code", String(80), nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("doc", Text, nullable=False),
    Index("ix_calendar_snapshots_code", "code"),
)
incidents = Table(
    "incidents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("agreement_id", ForeignKey("agreements.id")),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("text", Text, nullable=False),
    Index(
        "uq_incidents_open",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)
leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("until_at", Instant, nullable=False),
    Column("fence", BigInteger, nullable=False),
)
job_runs = Table(
    "job_runs",
    metadata,
    Column("job", String(32), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("did", Integer, nullable=False),
    Column("error", Text, nullable=False, default=""),
)

#: Rows of these tables are never changed and never deleted; triggers hold it (``store.migrations``).
APPEND_ONLY: Final = ("events", "agreement_versions", "attempts", "playbook_versions")
