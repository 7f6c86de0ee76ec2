"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store import guards, types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables, and put their guards in place."""
    op.create_table(
        "calendar_snapshots",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("seen_at", types.Instant(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_calendar_snapshots")),
    )
    op.create_index("ix_calendar_snapshots_code", "calendar_snapshots", ["code"], unique=False)
    op.create_table(
        "chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_chain_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain")),
    )
    op.create_table(
        "counterparties",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counterparties")),
        sa.UniqueConstraint("name_key", name=op.f("uq_counterparties_name_key")),
    )
    op.create_table(
        "events",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=320), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=True),
        sa.Column("milestone_id", sa.String(length=32), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_events")),
    )
    op.create_index("ix_events_agreement_id", "events", ["agreement_id", "position"], unique=False)
    op.create_table(
        "import_batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("actor", sa.String(length=320), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("quiet_until_on", sa.Date(), nullable=True),
        sa.Column("undone_at", types.Instant(), nullable=True),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )
    op.create_table(
        "job_runs",
        sa.Column("job", sa.String(length=32), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("did", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_runs")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("until_at", types.Instant(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("manager_id", sa.String(length=32), nullable=True),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_people_manager_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email_key", name=op.f("uq_people_email_key")),
    )
    op.create_index("ix_people_role", "people", ["role"], unique=False)
    op.create_table(
        "playbook_versions",
        sa.Column("playbook", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("applied_at", types.Instant(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("playbook", "version", name=op.f("pk_playbook_versions")),
        sa.UniqueConstraint("playbook", "sha256", name=op.f("uq_playbook_versions_playbook_sha256")),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("reference_key", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("counterparty_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("backup_id", sa.String(length=32), nullable=True),
        sa.Column("parent", sa.String(length=100), nullable=False),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_passage_at", types.Instant(), nullable=True),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["backup_id"], ["people.id"], name=op.f("fk_agreements_backup_id_people")),
        sa.ForeignKeyConstraint(
            ["counterparty_id"], ["counterparties.id"], name=op.f("fk_agreements_counterparty_id_counterparties")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_agreements_owner_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("reference_key", name=op.f("uq_agreements_reference_key")),
    )
    op.create_index("ix_agreements_calendar", "agreements", ["calendar"], unique=False)
    op.create_index(
        "ix_agreements_next_passage_at",
        "agreements",
        ["next_passage_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_passage_at IS NOT NULL"),
        postgresql_where=sa.text("next_passage_at IS NOT NULL"),
    )
    op.create_index("ix_agreements_owner_id", "agreements", ["owner_id"], unique=False)
    op.create_index(
        "ix_agreements_parent",
        "agreements",
        ["parent"],
        unique=False,
        sqlite_where=sa.text("parent <> ''"),
        postgresql_where=sa.text("parent <> ''"),
    )
    op.create_table(
        "team_members",
        sa.Column("team", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_team_members_person_id_people")),
        sa.PrimaryKeyConstraint("team", "person_id", name=op.f("pk_team_members")),
    )
    op.create_table(
        "agreement_versions",
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since_at", types.Instant(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_agreement_versions_agreement_id_agreements")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "version", name=op.f("pk_agreement_versions")),
    )
    op.create_table(
        "import_rows",
        sa.Column("batch_id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("version_before", sa.Integer(), nullable=True),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_import_rows_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_import_rows_batch_id_import_batches")
        ),
        sa.PrimaryKeyConstraint("batch_id", "agreement_id", name=op.f("pk_import_rows")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=True),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_incidents_agreement_id_agreements")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(
        "uq_incidents_open",
        "incidents",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "milestones",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=130), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("cycle", sa.String(length=32), nullable=False),
        sa.Column("is_deadline", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("safe_on", sa.Date(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=False),
        sa.Column("nominal_on", sa.Date(), nullable=False),
        sa.Column("latest_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("armed_on", sa.Date(), nullable=False),
        sa.Column("playbook", sa.String(length=64), nullable=False),
        sa.Column("playbook_version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("repeat", sa.Integer(), nullable=True),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("next_step_at", types.Instant(), nullable=True),
        sa.Column("acknowledged_until_at", types.Instant(), nullable=True),
        sa.Column("snoozed_until_at", types.Instant(), nullable=True),
        sa.Column("snooze_limit_at", types.Instant(), nullable=True),
        sa.Column("missed_at", types.Instant(), nullable=True),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'acknowledged') = (acknowledged_until_at IS NOT NULL)",
            name=op.f("ck_milestones_acknowledged_until"),
        ),
        sa.CheckConstraint(
            "(state = 'snoozed') = (snoozed_until_at IS NOT NULL)", name=op.f("ck_milestones_snoozed_until")
        ),
        sa.CheckConstraint(
            "(state IN ('open','acknowledged','snoozed')) OR next_step_at IS NULL",
            name=op.f("ck_milestones_ended_sleeps"),
        ),
        sa.CheckConstraint(
            "NOT (state IN ('open','acknowledged','snoozed')) OR NOT is_deadline OR next_step_at IS NOT NULL",
            name=op.f("ck_milestones_live_deadline_wakes"),
        ),
        sa.CheckConstraint(
            "state <> 'acknowledged' OR acknowledged_until_at = next_step_at",
            name=op.f("ck_milestones_acknowledged_wakes"),
        ),
        sa.CheckConstraint("state <> 'passed' OR NOT is_deadline", name=op.f("ck_milestones_only_markers_pass")),
        sa.CheckConstraint(
            "state <> 'snoozed' OR (snoozed_until_at = next_step_at AND snoozed_until_at <= snooze_limit_at)",
            name=op.f("ck_milestones_snoozed_wakes"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_milestones_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_milestones_owner_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint(
            "agreement_id", "subject", "kind", "cycle", name=op.f("uq_milestones_agreement_id_subject_kind_cycle")
        ),
    )
    op.create_index(
        "ix_milestones_live_safe_on",
        "milestones",
        ["safe_on", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('open','acknowledged','snoozed')"),
        postgresql_where=sa.text("state IN ('open','acknowledged','snoozed')"),
    )
    op.create_index(
        "ix_milestones_next_step_at",
        "milestones",
        ["next_step_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_step_at IS NOT NULL"),
        postgresql_where=sa.text("next_step_at IS NOT NULL"),
    )
    op.create_table(
        "obligations",
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=130), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_obligations_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_obligations_owner_id_people")),
        sa.PrimaryKeyConstraint("agreement_id", "id", name=op.f("pk_obligations")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dedupe_key", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("recipient_id", sa.String(length=32), nullable=True),
        sa.Column("recipient_name", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=True),
        sa.Column("milestone_id", sa.String(length=32), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("safe_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("next_attempt_at", types.Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(length=64), nullable=True),
        sa.Column("lease_until", types.Instant(), nullable=True),
        sa.Column("offered_at", types.Instant(), nullable=True),
        sa.Column("in_doubt_since", types.Instant(), nullable=True),
        sa.Column("accepted_at", types.Instant(), nullable=True),
        sa.Column("bundle_id", sa.String(length=32), nullable=True),
        sa.Column("fallback_of", sa.String(length=32), nullable=True),
        sa.Column("ref", sa.String(length=320), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'bundled') = (bundle_id IS NOT NULL)", name=op.f("ck_deliveries_bundled")),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)",
            name=op.f("ck_deliveries_sending_leased"),
        ),
        sa.CheckConstraint(
            "(state IN ('pending','held','in_doubt')) = (next_attempt_at IS NOT NULL)",
            name=op.f("ck_deliveries_waiting_is_looked_at"),
        ),
        sa.CheckConstraint(
            "kind <> 'step' OR (milestone_id IS NOT NULL AND place <> '')", name=op.f("ck_deliveries_step_has_place")
        ),
        sa.CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name=op.f("ck_deliveries_accepted_at")),
        sa.CheckConstraint(
            "state <> 'in_doubt' OR in_doubt_since IS NOT NULL", name=op.f("ck_deliveries_doubt_has_begun")
        ),
        sa.CheckConstraint("state <> 'pending' OR in_doubt_since IS NULL", name=op.f("ck_deliveries_pending_is_sure")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_deliveries_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestones.id"], name=op.f("fk_deliveries_milestone_id_milestones")
        ),
        sa.ForeignKeyConstraint(["recipient_id"], ["people.id"], name=op.f("fk_deliveries_recipient_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_deliveries_dedupe_key")),
        sa.UniqueConstraint("fallback_of", name=op.f("uq_deliveries_fallback_of")),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["priority", "next_attempt_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending','in_doubt')"),
        postgresql_where=sa.text("state IN ('pending','in_doubt')"),
    )
    op.create_index(
        "ix_deliveries_held",
        "deliveries",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "ix_deliveries_leased",
        "deliveries",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index("ix_deliveries_milestone_id", "deliveries", ["milestone_id"], unique=False)
    op.create_index(
        "ix_deliveries_next_attempt_at",
        "deliveries",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending','in_doubt')"),
        postgresql_where=sa.text("state IN ('pending','in_doubt')"),
    )
    op.create_table(
        "raised",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("milestone_id", sa.String(length=32), nullable=False),
        sa.Column("safe_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestones.id"], name=op.f("fk_raised_milestone_id_milestones")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raised")),
        sa.UniqueConstraint(
            "milestone_id",
            "safe_on",
            "stage",
            "step",
            "repeat",
            name=op.f("uq_raised_milestone_id_safe_on_stage_step_repeat"),
        ),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("action IN ('find','send')", name=op.f("ck_attempts_action")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_attempts_delivery_id_deliveries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("delivery_id", "token", "action", name=op.f("uq_attempts_delivery_id_token_action")),
    )
    op.create_table(
        "bodies",
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_bodies_delivery_id_deliveries")),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_bodies")),
    )
    guards.install(op.get_bind())
