"""Which agreements have an exit plan, as a column, and an index of them: no document is searched for one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LEAVING = "ix_agreements_leaving"
#: How a plan reads in the document; quotes inside of texts are escaped there, so that no text looks like one.
_PLAN = '%"exit":{"template":%'


def upgrade() -> None:
    """Add the column, fill it from the documents, make the index."""
    op.add_column("agreements", sa.Column("has_exit_plan", sa.Boolean(), server_default=sa.false(), nullable=False))
    filled = sa.text("UPDATE agreements SET has_exit_plan = :yes WHERE doc LIKE :plan")
    yes = sa.bindparam("yes", True, sa.Boolean())  # noqa: FBT003 - a value of SQL
    op.get_bind().execute(filled.bindparams(yes, plan=_PLAN))
    sqlite = sa.text("has_exit_plan = 1 AND is_archived = 0")
    postgres = sa.text("has_exit_plan AND NOT is_archived")
    op.create_index(_LEAVING, "agreements", ["reference_key", "id"], sqlite_where=sqlite, postgresql_where=postgres)
