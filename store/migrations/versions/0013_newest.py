"""An index of messages by when they were written: who lists the newest of them reads no others."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_deliveries_created_at", "deliveries", ["created_at", "id"])
