"""By when a finding is to be remedied stands in no agreement, also where it was entered as a plain obligation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column says of each row what is written of it today."""
    yes = sa.bindparam("yes", True, sa.Boolean())  # noqa: FBT003 - a value of SQL
    op.get_bind().execute(sa.text("UPDATE milestones SET is_verified = :yes WHERE kind = 'finding'").bindparams(yes))
