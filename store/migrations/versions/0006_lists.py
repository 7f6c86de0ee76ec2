"""What lists are narrowed and counted by, as columns: search words, restrictions, whether a day was verified."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OWED = "state IN ('open','acknowledged','snoozed') AND is_deadline"


def upgrade() -> None:
    """Add the columns, fill them from the documents, make their indexes."""
    op.add_column("agreements", sa.Column("search_key", sa.Text(), server_default="", nullable=False))
    op.add_column("agreements", sa.Column("restricted_to", sa.Text(), server_default="", nullable=False))
    op.add_column("milestones", sa.Column("is_verified", sa.Boolean(), server_default=sa.false(), nullable=False))
    _fill(op.get_bind())
    op.create_index("ix_agreements_counterparty_id", "agreements", ["counterparty_id"])
    _partial("ix_agreements_restricted", "agreements", ["id"], "restricted_to <> ''")
    _partial("ix_milestones_owed", "milestones", ["safe_on", "id", "agreement_id", "is_verified"], _OWED)
    _partial("ix_milestones_owner_id", "milestones", ["owner_id"], "owner_id IS NOT NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _fill(bind: sa.Connection) -> None:
    known = bind.execute(sa.text("SELECT id, doc FROM agreements")).all()
    rows = [{"wanted": row.id, **_columns(json.loads(row.doc))} for row in known]
    if rows:
        change = "UPDATE agreements SET search_key = :search_key, restricted_to = :restricted_to WHERE id = :wanted"
        bind.execute(sa.text(change), rows)
    # Inside a text of the document the quotation marks would be escaped.
    verified = sa.text("UPDATE milestones SET is_verified = :yes WHERE doc LIKE :told")
    bind.execute(verified.bindparams(sa.bindparam("yes", True, sa.Boolean())), {"told": '%"verified":{%'})  # noqa: FBT003


def _columns(doc: dict[str, Any]) -> dict[str, str]:
    told = " ".join((doc["reference"], doc.get("title", ""), doc.get("counterparty", ""), *doc.get("tags", ())))
    names = doc.get("restricted_to", ())
    return {
        "search_key": " ".join(unicodedata.normalize("NFKC", told).casefold().split()),
        "restricted_to": json.dumps(names) if names else "",
    }
