"""What proves and keeps the house: the log and its chain, imports, calendars seen, incidents, leases, runs."""

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
    text,
)

from store.schema.base import ID, metadata
from store.types import Instant

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
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
    Column("id", ID, primary_key=True),
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
import_assets = Table(
    "import_assets",
    metadata,
    Column("batch_id", ForeignKey("import_batches.id"), primary_key=True),
    Column("asset_id", ForeignKey("assets.id"), primary_key=True),
    Column("before", Text),  # None: the import has added it
    Column("after", Text, nullable=False),
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
    Column("id", ID, primary_key=True),
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
instances = Table(
    "instances",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("does", String(64), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
