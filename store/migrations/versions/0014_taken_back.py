"""A playbook may be taken back to what it said before: the same text as an earlier version, under a new number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store import guards, types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let texts come again. SQLite has to copy the table for that; its rows stay protected."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.execute("ALTER TABLE playbook_versions DROP CONSTRAINT IF EXISTS uq_playbook_versions_playbook_sha256")
        return
    op.rename_table("playbook_versions", "versions_before")
    op.create_table(
        "playbook_versions",
        sa.Column("playbook", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("applied_at", types.Instant(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("playbook", "version", name=op.f("pk_playbook_versions")),
    )
    op.execute("INSERT INTO playbook_versions SELECT playbook, version, sha256, applied_at, doc FROM versions_before")
    op.drop_table("versions_before")
    guards.protect(connection, "playbook_versions")
