"""Assets, disclosures, documents, evidence, reports, exit plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of a whole relationship; a checklist's items have longer names than registers before knew."""
    if op.get_bind().dialect.name == "postgresql":  # SQLite holds no text to its length
        op.alter_column("obligations", "id", type_=sa.String(length=130))
        op.alter_column("milestones", "subject", type_=sa.String(length=130))
    op.create_table(
        "assets",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ownership", sa.String(length=16), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
        sa.UniqueConstraint("name_key", name=op.f("uq_assets_name_key")),
    )
    op.create_table(
        "asset_agreements",
        sa.Column("asset_id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_agreements_asset_id_assets")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_asset_agreements_agreement_id_agreements")
        ),
        sa.PrimaryKeyConstraint("asset_id", "agreement_id", name=op.f("pk_asset_agreements")),
    )
    op.create_index("ix_asset_agreements_agreement_id", "asset_agreements", ["agreement_id"], unique=False)
    op.create_table(
        "counterparty_contacts",
        sa.Column("counterparty_id", sa.String(length=32), nullable=False),
        sa.Column("name_key", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["counterparty_id"],
            ["counterparties.id"],
            name=op.f("fk_counterparty_contacts_counterparty_id_counterparties"),
        ),
        sa.PrimaryKeyConstraint("counterparty_id", "name_key", name=op.f("pk_counterparty_contacts")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("milestone_id", sa.String(length=32), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("added_at", types.Instant(), nullable=False),
        sa.Column("added_by", sa.String(length=320), nullable=False),
        sa.CheckConstraint("(sha256 IS NULL) = (size IS NULL)", name=op.f("ck_documents_file")),
        sa.CheckConstraint("purpose IN ('original','evidence','report','other')", name=op.f("ck_documents_purpose")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_documents_agreement_id_agreements")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestones.id"], name=op.f("fk_documents_milestone_id_milestones")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_agreement_id", "documents", ["agreement_id", "added_at"], unique=False)
    op.create_index(
        "ix_documents_milestone_id",
        "documents",
        ["milestone_id"],
        unique=False,
        sqlite_where=sa.text("milestone_id IS NOT NULL"),
        postgresql_where=sa.text("milestone_id IS NOT NULL"),
    )
    op.create_table(
        "evidence_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("link_sha256", sa.String(length=64), nullable=True),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked','received','under_review','findings','accepted','withdrawn')",
            name=op.f("ck_evidence_requests_state"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_evidence_requests_agreement_id_agreements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_requests")),
        sa.UniqueConstraint("link_sha256", name=op.f("uq_evidence_requests_link_sha256")),
    )
    op.create_index("ix_evidence_requests_agreement_id", "evidence_requests", ["agreement_id"], unique=False)
    op.create_table(
        "findings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agreement_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("matters_on", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_found", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", types.Instant(), nullable=False),
        sa.Column("told_at", types.Instant(), nullable=True),
        sa.Column("accepted_at", types.Instant(), nullable=True),
        sa.Column("accepted_by", sa.String(length=320), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.CheckConstraint("(accepted_at IS NULL) = (because = '')", name=op.f("ck_findings_accepted_because")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreements.id"], name=op.f("fk_findings_agreement_id_agreements")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_agreement_id", "findings", ["agreement_id"], unique=False)
